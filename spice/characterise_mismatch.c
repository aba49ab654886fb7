/* SPDX-License-Identifier: Apache-2.0
 *
 * Mismatch of the frequency: cells whose transistors differ by chance, each threshold and each
 * current factor drawn for itself (Pelgrom, Duinmaijer and Welbers, "Matching properties of MOS
 * transistors", IEEE J. Solid-State Circuits 24, 1989: sigma = A / sqrt(W L)).
 */
#include <math.h>

#include "compiler/sample/rng.h"
#include "spice/characterise_part.h"

enum { EACH = 10, CYCLES = 14, AVERAGED = 5, LINES = 2 };

static const double turn = 6.283185307179586476925;

/* What a draw of one deck depends on. */
struct drawing {
    const struct pdk_device *device;
    uint64_t seed;
    uint32_t deck;
};

/* Two independent normal numbers for a transistor (Box and Muller). */
static void draw_normal(const struct drawing *d, size_t device, double normal[2])
{
    const uint32_t counter[4] = {(uint32_t)device, d->deck, 0x6d6d, 0};
    const uint32_t key[2] = {(uint32_t)d->seed, (uint32_t)(d->seed >> 32)};
    uint32_t word[4];
    sample_philox(counter, key, word);
    double radius = sqrt(-2 * log(((double)word[0] + 0.5) / 4294967296.0));
    double angle = turn * (double)word[1] / 4294967296.0;
    normal[0] = radius * cos(angle);
    normal[1] = radius * sin(angle);
}

static void draw(void *user, size_t device, double w_um, double l_um, bool is_p, double *shift,
                 double *factor)
{
    const struct drawing *d = user;
    const struct pdk_mismatch *m = is_p ? &d->device->mismatch_p : &d->device->mismatch_n;
    double normal[2], side = sqrt(w_um * l_um);
    draw_normal(d, device, normal);
    *shift = normal[0] * m->threshold_v_um / side;
    *factor = 1 + normal[1] * m->factor_um / side;
}

static struct bench *make_bench(struct bench_lab *lab, const struct characterise_options *options,
                                size_t index)
{
    struct arena *arena = lab->arena;
    double hz = characterise_carrier(lab);
    struct bench *bench = bench_new(lab, arena_printf(arena, "mismatch-%zu", index), CYCLES / hz,
                                    1 / (hz * CHARACTERISE_POINTS));
    struct drawing *drawing = ARENA_NEW(arena, struct drawing);
    *drawing = (struct drawing){lab->pdk->device, options->seed, (uint32_t)index};
    struct characterise_load load = characterise_nominal(lab);
    const char **vectors = ARENA_ARRAY(arena, const char *, LINES *EACH);
    bench_array_params(bench, load.bus_s);
    bench_rails(bench);
    for (int k = 0; k < EACH; k++) {
        const char *prefix = arena_printf(arena, "o%d", k);
        characterise_add_cell(bench, prefix, &load, 0, 0, 0, NULL);
        vectors[LINES * k] = arena_printf(arena, "%sxp", prefix);
        vectors[LINES * k + 1] = arena_printf(arena, "%sxn", prefix);
    }
    bench->vectors = vectors;
    bench->vector_count = LINES * EACH;
    bench->mismatch = draw;
    bench->user = drawing;
    return bench;
}

/* Standard deviation over the mean. */
static double relative_sigma(const double *hz, size_t count)
{
    double mean = 0, square = 0;
    for (size_t i = 0; i < count; i++)
        mean += hz[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        square += (hz[i] / mean - 1) * (hz[i] / mean - 1);
    return sqrt(square / (double)(count - 1));
}

json_t *characterise_mismatch(struct bench_lab *lab, const struct characterise_options *options)
{
    struct bench *benches[CHARACTERISE_MISMATCH_RUNS];
    struct bench_result results[CHARACTERISE_MISMATCH_RUNS];
    double hz[CHARACTERISE_MISMATCH_RUNS * EACH];
    const struct pdk_device *device = lab->pdk->device;
    if (!device->mismatch_source)
        return json_object();
    for (size_t i = 0; i < CHARACTERISE_MISMATCH_RUNS; i++)
        benches[i] = make_bench(lab, options, i);
    if (!bench_simulate(lab, benches, CHARACTERISE_MISMATCH_RUNS, results))
        return NULL;
    for (size_t i = 0; i < CHARACTERISE_MISMATCH_RUNS * EACH; i++) {
        size_t b = i / EACH, at = LINES * (i % EACH);
        double period;
        struct waveform x = {results[b].points, results[b].time,
                             bench_trace(lab->arena, benches[b], &results[b], at, (int)at + 1)};
        if (!waveform_period(&x, 0, AVERAGED, &period)) {
            characterise_fault(lab, "a cell with mismatch does not oscillate");
            return NULL;
        }
        hz[i] = 1 / period;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < CHARACTERISE_MISMATCH_RUNS * EACH; i++)
        json_array_append_new(list, json_real(hz[i]));
    return json_pack(
        "{s:i, s:f, s:f, s:f, s:f, s:f, s:s, s:o}", "draws", CHARACTERISE_MISMATCH_RUNS * EACH,
        "frequency_sigma_relative", relative_sigma(hz, CHARACTERISE_MISMATCH_RUNS * EACH),
        "n_threshold_sigma_v_um", device->mismatch_n.threshold_v_um, "n_factor_sigma_um",
        device->mismatch_n.factor_um, "p_threshold_sigma_v_um", device->mismatch_p.threshold_v_um,
        "p_factor_sigma_um", device->mismatch_p.factor_um, "source", device->mismatch_source,
        "frequency_hz", list);
}
