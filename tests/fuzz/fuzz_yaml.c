/* SPDX-License-Identifier: Apache-2.0
 *
 * model.yaml of any bytes: the tree, the walk over its keys, lists of weights, and printing what
 * was wrong. Files that it names are looked for in a folder that does not exist.
 */
#include <stdint.h>
#include <stdio.h>

#include "compiler/model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *sink;
    if (!sink)
        sink = fopen("/dev/null", "w");
    struct arena arena = {0};
    struct diags diags = {0};
    struct source source = {"/nonexistent/model.yaml", (const char *)data, size};
    struct model *model = model_parse(&arena, &source, &diags);
    if (!model != (diags.errors > 0))
        __builtin_trap(); /* an error without a message, or a model in spite of one */
    diag_print(&diags, sink, DIAG_HUMAN, true);
    diag_print(&diags, sink, DIAG_JSON, false);
    diag_free(&diags);
    arena_free(&arena);
    return 0;
}
