/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/source.h"

#include <string.h>

struct source_place source_locate(const struct source *source, size_t offset)
{
    struct source_place place = {.line = 1};
    if (offset > source->length)
        offset = source->length;
    size_t start = 0;
    for (size_t i = 0; i < offset; i++) {
        if (source->text[i] == '\n') {
            place.line++;
            start = i + 1;
        }
    }
    place.column = offset - start + 1;
    place.line_text = source->text + start;
    const char *end = memchr(place.line_text, '\n', source->length - start);
    place.line_length = end ? (size_t)(end - place.line_text) : source->length - start;
    if (place.line_length && place.line_text[place.line_length - 1] == '\r')
        place.line_length--;
    return place;
}
