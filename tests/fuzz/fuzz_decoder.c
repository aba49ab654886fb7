/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compiler/base/fs.h"
#include "netlist/control_decoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/oscc-fuzz-XXXXXX";

static void remove_folder(void)
{
    fs_remove_tree(folder);
}

/* One part of the input, up to a NUL, as a file. */
static const uint8_t *put(struct arena *arena, const char *name, const uint8_t *at,
                          const uint8_t *end)
{
    const uint8_t *nul = at < end ? memchr(at, 0, (size_t)(end - at)) : NULL;
    const uint8_t *stop = nul ? nul : end;
    if (fs_write(fs_join(arena, folder, name), at, (size_t)(stop - at)))
        abort();
    return nul ? nul + 1 : end;
}

/* The input is chip.json and the four images of the decoder, a NUL between them. What is read must
 * decode. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct diags diags = {0};
    if (!strcmp(folder + sizeof folder - 7, "XXXXXX")) {
        if (!mkdtemp(folder) || mkdir(fs_join(&arena, folder, "verilog"), 0700))
            abort();
        atexit(remove_folder);
    }
    const uint8_t *at = put(&arena, "chip.json", data, data + size);
    for (int i = 0; i < DECODER_IMAGES; i++)
        at = put(&arena, netlist_decoder_file[i], at, data + size);
    const struct control_decoder *d = netlist_read_decoder(&arena, folder, &diags);
    if (!d != (diags.errors > 0))
        abort();
    if (d && d->layer_count) {
        uint16_t *code = ARENA_ARRAY(&arena, uint16_t, (size_t)d->main);
        uint8_t *pixel =
            ARENA_ARRAY(&arena, uint8_t, (size_t)d->layers[d->layer_count - 1].outputs);
        for (int i = 0; i < d->main; i++)
            code[i] = (uint16_t)((5 * i + 3) & ((1 << d->bits) - 1));
        control_decode(d, code, pixel);
    }
    diag_free(&diags);
    arena_free(&arena);
    return 0;
}
