/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spice/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The log is as bad as its worst line, and the first error is the first line that is one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* a copy of the exact size, so that reading past its end is noticed */
    char *text = malloc(size ? size : 1);
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    const char *first, *expected = NULL;
    size_t length, expected_length = 0;
    enum spice_line worst = SPICE_LINE_NOTE;
    enum spice_line said = spice_classify_log(text, size, &first, &length);
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t line = end ? (size_t)(end - text) - at : size - at;
        enum spice_line kind = spice_classify_line(text + at, line);
        if (kind > worst)
            worst = kind;
        if (kind == SPICE_LINE_ERROR && !expected) {
            expected = text + at;
            expected_length = line;
        }
        at += line + 1;
    }
    if (said != worst || first != expected || length != expected_length)
        abort();
    free(text);
    return 0;
}
