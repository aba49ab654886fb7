/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compiler/base/fs.h"
#include "spice/under_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/oscc-fuzz-XXXXXX";

static void remove_folder(void)
{
    fs_remove_tree(folder);
}

static void put(struct arena *arena, const char *name, const uint8_t *bytes, size_t length)
{
    FILE *file = fopen(fs_join(arena, folder, name), "w");
    if (!file)
        abort();
    fwrite(bytes, 1, length, file);
    fclose(file);
}

static void require(bool truth)
{
    if (!truth)
        abort();
}

static bool lies_in(const struct under_test *chip, struct under_test_section section, size_t count)
{
    return section.count == count && section.base + section.count <= chip->words;
}

/* What later stages rely on without looking. */
static void check(const struct under_test *chip)
{
    size_t n = (size_t)chip->n, m = (size_t)chip->m;
    require(chip->n > 0 && chip->m >= 0 && chip->classes > 0);
    require(chip->run_s > 0 && chip->model_time > 0 && chip->carrier_cycles > 0);
    require(chip->phase_bits >= 1 && chip->phase_bits <= 32 && chip->readout_bits >= 1);
    require(!chip->first[0]);
    for (size_t i = 0; i < n; i++)
        require(chip->first[i] <= chip->first[i + 1]);
    for (size_t s = 0; s < chip->first[n]; s++)
        require(chip->source[s] >= 0 && chip->source[s] < chip->n);
    require(lies_in(chip, chip->trim, n + m));
    require(lies_in(chip, chip->coupling, chip->first[n]));
    require(lies_in(chip, chip->cond, m ? m * (m - 1) : 0));
    require(lies_in(chip, chip->drive, (size_t)chip->classes * n * m));
    for (size_t w = 0; w < chip->words; w++) /* each word is there to be read */
        require(chip->word[w] > -32768);
}

/* The input is chip.json, a NUL, and the image of the weight memory. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct diags diags = {0};
    if (!strcmp(folder + sizeof folder - 7, "XXXXXX")) {
        if (!mkdtemp(folder) || mkdir(fs_join(&arena, folder, "verilog"), 0700))
            abort();
        atexit(remove_folder);
    }
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
    size_t length = nul ? (size_t)(nul - data) : size, image = nul ? size - length - 1 : 0;
    put(&arena, "chip.json", data, length);
    put(&arena, "verilog/weights.hex", data + (size - image), image);
    const struct under_test *chip = under_test_read(&arena, folder, &diags);
    require(!chip == (diags.errors > 0));
    if (chip)
        check(chip);
    diag_free(&diags);
    arena_free(&arena);
    return 0;
}
