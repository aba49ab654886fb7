/* SPDX-License-Identifier: Apache-2.0
 *
 * The coupling function: one cell runs freely, its row pulls a ring of others that start at
 * different phase differences, each through one coupler's conductance on a bus with its full load.
 * At several loads and delays of the bus, and at two loads of the row.
 */
#include <math.h>
#include <stdlib.h>

#include "spice/characterise_part.h"

enum { RECEIVERS = 6, CYCLES = 22, KINDS = 4, MOST = 64, LINES = 4 };

/* How far a receiver would move in the cycles of a run at a quarter turn's difference, rad. */
static const double pull_rad = 0.7;

static const double turn = 6.283185307179586476925;

struct point {
    struct characterise_pull *pull; /* its load is given, the rest found */
    struct bench *bench;
    double pull_s;
};

static const char *const lines[LINES] = {"xp", "xn", "yp", "yn"};

static struct bench *make_bench(struct bench_lab *lab, struct point *p, size_t index)
{
    struct arena *arena = lab->arena;
    const struct pdk *pdk = lab->pdk;
    double hz = characterise_carrier(lab);
    struct bench *bench = bench_new(lab, arena_printf(arena, "coupling-%zu", index), CYCLES / hz,
                                    1 / (hz * CHARACTERISE_POINTS));
    p->pull_s = pull_rad * pdk->device->attenuation * pdk->device->capacitor_f * hz /
                (pdk->carrier_cycles * pdk->device->gain);
    bench_array_params(bench, p->pull->load.bus_s);
    bench_rails(bench);
    characterise_add_cell(bench, "s", &p->pull->load, 0, RECEIVERS * p->pull_s, 0, NULL);
    const char **vectors = ARENA_ARRAY(arena, const char *, LINES *(RECEIVERS + 1));
    for (int k = 0; k < RECEIVERS; k++) {
        const char *prefix = arena_printf(arena, "a%d", k);
        characterise_add_cell(bench, prefix, &p->pull->load, p->pull_s, 0, turn * k / RECEIVERS,
                              NULL);
        for (int l = 0; l < LINES; l++)
            bench_resistor(bench, arena_printf(arena, "%sb%s", prefix, lines[l]),
                           arena_printf(arena, "sr%s", lines[l]), 1 / p->pull_s);
    }
    for (int k = 0; k <= RECEIVERS; k++)
        for (int l = 0; l < LINES; l++)
            vectors[LINES * k + l] = k ? arena_printf(arena, "a%d%s", k - 1, lines[l])
                                       : arena_printf(arena, "s%s", lines[l]);
    bench->vectors = vectors;
    bench->vector_count = LINES * (RECEIVERS + 1);
    return bench;
}

/* Times at which x and y of a cell go through zero, upwards and downwards: KINDS rows. */
static void find_crossings(struct bench_lab *lab, const struct point *p,
                           const struct bench_result *r, size_t cell, double *rows[KINDS],
                           size_t counts[KINDS])
{
    for (size_t k = 0; k < KINDS; k++) {
        size_t vector = LINES * cell + 2 * (k / 2);
        struct waveform w = {r->points, r->time,
                             bench_trace(lab->arena, p->bench, r, vector, (int)vector + 1)};
        rows[k] = ARENA_ARRAY(lab->arena, double, MOST);
        counts[k] = waveform_crossings(&w, 0, k % 2 == 0, rows[k], MOST);
    }
}

static bool evaluate(struct bench_lab *lab, struct point *p, const struct bench_result *r)
{
    double *source[KINDS], *receiver[KINDS];
    size_t source_count[KINDS], receiver_count[KINDS], count = 0;
    struct coupling_sample *samples =
        ARENA_ARRAY(lab->arena, struct coupling_sample, RECEIVERS * KINDS * MOST);
    find_crossings(lab, p, r, 0, source, source_count);
    double begin = CHARACTERISE_SETTLE / characterise_carrier(lab);
    size_t last = source_count[0];
    if (last < CHARACTERISE_AVERAGED + 1) {
        characterise_fault(lab, "the loaded cell does not oscillate");
        return false;
    }
    p->pull->frequency_hz =
        CHARACTERISE_AVERAGED / (source[0][last - 1] - source[0][last - 1 - CHARACTERISE_AVERAGED]);
    for (size_t k = 0; k < RECEIVERS; k++) {
        find_crossings(lab, p, r, k + 1, receiver, receiver_count);
        count += coupling_samples(KINDS, source_count, (const double *const *)source,
                                  receiver_count, (const double *const *)receiver, begin,
                                  samples + count, RECEIVERS * KINDS * MOST - count);
    }
    if (coupling_fit(samples, count, &p->pull->fit))
        return true;
    characterise_fault(lab, "too little is seen of the coupling function");
    return false;
}

static json_t *pull_json(const struct characterise_pull *p)
{
    const struct coupling_fit *f = &p->fit;
    double first = f->amplitude[0];
    return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "bus_load_s",
                     p->load.bus_s, "bus_delay_s", p->load.delay_s, "row_load_s", p->load.row_s,
                     "frequency_hz", p->frequency_hz, "gain", p->gain, "lag_rad", f->lag[0],
                     "offset_relative", f->offset / first, "second_relative",
                     f->amplitude[1] / first, "second_lag_rad", f->lag[1], "third_relative",
                     f->amplitude[2] / first, "third_lag_rad", f->lag[2], "residual_relative",
                     f->residual / first);
}

bool characterise_pulls(struct bench_lab *lab, struct characterise_pull *pulls, size_t count)
{
    const struct pdk_device *device = lab->pdk->device;
    struct point *points = ARENA_ARRAY(lab->arena, struct point, count);
    struct bench **benches = ARENA_ARRAY(lab->arena, struct bench *, count);
    struct bench_result *results = ARENA_ARRAY(lab->arena, struct bench_result, count);
    for (size_t i = 0; i < count; i++) {
        points[i].pull = &pulls[i];
        points[i].bench = benches[i] = make_bench(lab, &points[i], i);
    }
    bool good = bench_simulate(lab, benches, count, results);
    for (size_t i = 0; i < count && good; i++) {
        good = evaluate(lab, &points[i], &results[i]);
        /* a rate of one radian a second takes C of a node as conductance, and the bus divides by
         * the attenuation */
        pulls[i].gain = pulls[i].fit.amplitude[0] * device->attenuation * device->capacitor_f /
                        points[i].pull_s;
    }
    return good;
}

json_t *characterise_coupling(struct bench_lab *lab, const struct characterise_options *options)
{
    (void)options;
    enum { LOADS = 3, DELAYS = 3, POINTS = CHARACTERISE_COUPLING_RUNS };
    static const double loads[LOADS] = {1, 1.5, 2.2}, delays[DELAYS] = {0.3, 0.9, 1.6};
    struct characterise_pull pulls[POINTS];
    for (size_t i = 0; i < POINTS; i++) {
        pulls[i].load = characterise_nominal(lab);
        if (i < LOADS * DELAYS) {
            pulls[i].load.bus_s *= loads[i / DELAYS];
            pulls[i].load.delay_s *= delays[i % DELAYS];
        } else {
            pulls[i].load.row_s *= 2;
            pulls[i].load.delay_s *= delays[1];
        }
    }
    if (!characterise_pulls(lab, pulls, POINTS))
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < POINTS; i++)
        json_array_append_new(list, pull_json(&pulls[i]));
    return list;
}
