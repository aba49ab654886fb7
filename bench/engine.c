/* SPDX-License-Identifier: Apache-2.0
 *
 * The two engines of level device, each in the same run on the same chip: the crossbar outside
 * ngspice's matrix, and inside it. Random dense couplings, as strong as columns can bear whatever n
 * and the length of a run are; sky130A at tt, one sample, one core.
 *
 *   bench_engine              both engines: n = 16 for 16 carrier cycles, 64 for 2 (a matrix of 64
 *                             takes minutes for them)
 *   bench_engine N...         the partitioned engine alone, 16 cycles
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/str.h"
#include "compiler/map/chip.h"
#include "compiler/sample/sample.h"
#include "netlist/chip_folder.h"
#include "spice/compare.h"
#include "spice/verify.h"

/* Roughly normal, variance 1: the sum of twelve uniform numbers. */
static double noise(uint32_t word)
{
    double sum = 0;
    for (uint32_t k = 0; k < 12; k++)
        sum += sample_phase_of_word(sample_phase_word(7, word, k), 32);
    return sum / (2 * M_PI);
}

static int write_model(size_t n, double cycles, const char *path)
{
    struct str text = {0};
    str_addf(&text, "oscc: 1\nname: dense%zu\noscillators: %zu\ndynamics:\n  weights:\n    K:\n", n,
             n);
    for (size_t i = 0; i < n; i++) {
        str_add(&text, "      - [");
        for (size_t j = 0; j < n; j++)
            str_addf(&text, "%s%.5g", j ? ", " : "",
                     i == j ? 0 : cycles / 4 * noise((uint32_t)(i * n + j)) / (double)n);
        str_add(&text, "]\n");
    }
    str_add(&text, "    omega: [");
    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s0", i ? ", " : "");
    str_add(&text, "]\nreadout: ref_oscillator\n");
    str_addf(&text, "chip: {seed: 1, carrier_cycles: %g}\n", cycles);
    int error = fs_write(path, str_text(&text), text.length);
    str_free(&text);
    return error;
}

static struct campaign *verify(struct arena *arena, const char *folder, const struct model *model,
                               enum device_engine engine, struct diags *diags)
{
    struct verify_options options = {.level = MODEL_LEVEL_DEVICE,
                                     .corner = "tt",
                                     .engine = engine,
                                     .samples = 1,
                                     .jobs = 1,
                                     .worker = OSCC_BINARY};
    struct campaign *campaign = verify_campaign(arena, folder, model, &options, diags);
    return campaign && campaign->runs[0].circuit ? campaign : NULL;
}

static bool bench(size_t n, double cycles, bool both)
{
    struct arena arena = {0};
    struct diags diags = {0};
    char folder[] = "/tmp/oscc-bench-XXXXXX";
    if (!mkdtemp(folder))
        return false;
    const char *path = fs_join(&arena, folder, "model.yaml");
    const char *chip_folder = fs_join(&arena, folder, "chip");
    struct model *model = write_model(n, cycles, path) ? NULL : model_load(&arena, path, &diags);
    struct chip *chip =
        model ? map_model(&arena, model, pdk_find("sky130A"), NULL, NULL, &diags) : NULL;
    const struct campaign *split = NULL, *whole = NULL;
    if (chip && !fs_make_folders(chip_folder) &&
        netlist_write_chip(&arena, chip, chip_folder, "bench", &diags))
        split = verify(&arena, chip_folder, model, DEVICE_PARTITIONED, &diags);
    if (split) {
        printf("%6zu %7g %12.2f", n, cycles, split->runs[0].wall_s);
        fflush(stdout);
        whole = both ? verify(&arena, chip_folder, model, DEVICE_MONOLITHIC, &diags) : NULL;
    }
    if (whole)
        printf(" %12.2f %8.1f %12.5f", whole->runs[0].wall_s,
               whole->runs[0].wall_s / split->runs[0].wall_s,
               compare_rms(1, n, split->runs[0].circuit, whole->runs[0].circuit));
    printf("\n");
    for (size_t i = 0; i < diags.count; i++)
        fprintf(stderr, "%s\n", diags.list[i].message);
    fs_remove_tree(folder);
    diag_free(&diags);
    arena_free(&arena);
    return split && (whole || !both);
}

int main(int argc, char **argv)
{
    bool good = true;
    printf("seconds a sample: random dense couplings, sky130A, tt, one core\n");
    printf("%6s %7s %12s %12s %8s %12s\n", "n", "cycles", "partitioned", "monolithic", "ratio",
           "apart, rad");
    for (int i = 1; i < argc; i++)
        good = bench(strtoul(argv[i], NULL, 10), 16, false) && good;
    if (argc == 1)
        good = bench(16, 16, true) && bench(64, 2, true);
    return good ? 0 : 1;
}
