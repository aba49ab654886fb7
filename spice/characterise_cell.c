/* SPDX-License-Identifier: Apache-2.0
 *
 * One cell alone: free and loaded frequency, what a capacitor changes of it, amplitude, mid level,
 * harmonics of the cell and of its row driver, power, start-up.
 */
#include <math.h>

#include "spice/characterise_part.h"

enum { CYCLES = 24, START_CYCLES = 40, HARMONICS = 7 };
enum { FREE, LOADED, HEAVIER, START, BENCHES = CHARACTERISE_CELL_RUNS };
enum { XP, XN, YP, YN, ROW, CELL_CURRENT, DRIVER_CURRENT, VECTORS };

static const double heavier = 0.05;      /* share of the node's capacitor that is added */
static const double imbalance_v = 0.01;  /* between xp and xn, from which it starts up */
static const double started_share = 0.9; /* of the final amplitude */

static const char *const vectors[VECTORS] = {
    "oxp", "oxn", "oyp", "oyn", "orxp", "vsupply#branch", "vdriver#branch"};

static struct bench *make_bench(struct bench_lab *lab, int kind)
{
    static const char *const names[BENCHES] = {"cell-free", "cell-loaded", "cell-heavier",
                                               "cell-start"};
    double hz = characterise_carrier(lab);
    struct bench *bench = bench_new(lab, names[kind], (kind == START ? START_CYCLES : CYCLES) / hz,
                                    1 / (hz * CHARACTERISE_POINTS));
    struct characterise_load load = characterise_nominal(lab);
    if (kind == FREE)
        load = (struct characterise_load){.row_s = load.row_s};
    if (kind == HEAVIER)
        load.column_f = heavier * lab->pdk->device->capacitor_f;
    bench_rails(bench);
    bench_source(bench, "vdriver", "vdrv", "0",
                 arena_printf(lab->arena, "%.15g", lab->pdk->device->supply_v));
    bench_array_params(bench, load.bus_s > 0 ? load.bus_s : 1);
    characterise_add_cell(bench, "o", &load, 0, 0, 0, "vdrv");
    /* these come after those of a running cell, and count */
    for (int l = 0; l < 4 && kind == START; l++) {
        double shift = l == XP ? imbalance_v / 2 : l == XN ? -imbalance_v / 2 : 0;
        bench_initial(bench, vectors[l], lab->pdk->device->supply_v * 0.43 + shift);
        bench_initial(bench, arena_printf(lab->arena, "or%s", vectors[l] + 1),
                      lab->pdk->device->mid_v);
    }
    bench->vectors = vectors;
    bench->vector_count = VECTORS;
    return bench;
}

static struct waveform trace(struct bench_lab *lab, const struct bench *bench,
                             const struct bench_result *r, int vector, int other)
{
    return (struct waveform){r->points, r->time,
                             bench_trace(lab->arena, bench, r, (size_t)vector, other)};
}

static bool frequency(struct bench_lab *lab, const struct bench *bench,
                      const struct bench_result *r, double *hz)
{
    double period;
    struct waveform x = trace(lab, bench, r, XP, XN);
    if (!waveform_period(&x, 0, CHARACTERISE_AVERAGED, &period)) {
        characterise_fault(lab, "the cell does not oscillate");
        return false;
    }
    *hz = 1 / period;
    return true;
}

/* Harmonics relative to the fundamental, the fundamental first as 1. */
static json_t *harmonics_json(const double *amplitude)
{
    json_t *list = json_array();
    for (int h = 0; h < HARMONICS; h++)
        json_array_append_new(list, json_real(amplitude[h] / amplitude[0]));
    return list;
}

/* One period of a waveform, for the datasheet's plots. */
static json_t *period_json(const struct waveform *w, double begin, double period)
{
    enum { POINTS = 100 };
    json_t *list = json_array();
    for (int k = 0; k < POINTS; k++)
        json_array_append_new(
            list, json_real(round(1e5 * waveform_at(w, begin + period * k / POINTS)) / 1e5));
    return list;
}

/* Until the amplitude of xp - xn stays above its share of the last one; crossings of zero part it
 * into half periods. */
static double start_up_s(struct bench_lab *lab, const struct bench *bench,
                         const struct bench_result *r, double amplitude_v)
{
    struct waveform x = trace(lab, bench, r, XP, XN);
    double first = 0;
    for (size_t p = 0; p < x.points; p++)
        if (fabs(x.value[p]) >= started_share * amplitude_v && !(first > 0))
            first = x.time[p];
    return first;
}

static json_t *loaded_json(struct bench_lab *lab, const struct bench *bench,
                           const struct bench_result *r, double hz, double *peak_v)
{
    double cell[HARMONICS], row[HARMONICS], begin = r->time[r->points - 1] - 2 / hz;
    double length = CHARACTERISE_AVERAGED / hz, from = r->time[r->points - 1] - length;
    double supply = lab->pdk->device->supply_v;
    struct waveform x = trace(lab, bench, r, XP, XN), line = trace(lab, bench, r, XP, -1);
    struct waveform drive = trace(lab, bench, r, ROW, -1);
    struct waveform cell_a = trace(lab, bench, r, CELL_CURRENT, -1);
    struct waveform driver_a = trace(lab, bench, r, DRIVER_CURRENT, -1);
    waveform_harmonics(&x, begin, 1 / hz, HARMONICS, cell, NULL);
    waveform_harmonics(&drive, begin, 1 / hz, HARMONICS, row, NULL);
    *peak_v = cell[0];
    return json_pack(
        "{s:f, s:f, s:f, s:f, s:f, s:f, s:o, s:o, s:o, s:o}", "amplitude_v", cell[0] / 2, "mid_v",
        waveform_mean(&line, begin, 1 / hz), "driver_amplitude_v", row[0], "driver_mid_v",
        waveform_mean(&drive, begin, 1 / hz), "power_w",
        -supply * waveform_mean(&cell_a, from, length), "driver_power_w",
        -supply * waveform_mean(&driver_a, from, length), "harmonics_relative",
        harmonics_json(cell), "driver_harmonics_relative", harmonics_json(row), "waveform_v",
        period_json(&line, begin, 1 / hz), "driver_waveform_v", period_json(&drive, begin, 1 / hz));
}

json_t *characterise_cell(struct bench_lab *lab, const struct characterise_options *options)
{
    (void)options;
    struct bench *benches[BENCHES];
    struct bench_result results[BENCHES];
    double hz[BENCHES], peak_v;
    for (int b = 0; b < BENCHES; b++)
        benches[b] = make_bench(lab, b);
    if (!bench_simulate(lab, benches, BENCHES, results))
        return NULL;
    for (int b = 0; b < BENCHES; b++)
        if (!frequency(lab, benches[b], &results[b], &hz[b]))
            return NULL;
    json_t *json = loaded_json(lab, benches[LOADED], &results[LOADED], hz[LOADED], &peak_v);
    json_object_set_new(json, "free_frequency_hz", json_real(hz[FREE]));
    json_object_set_new(json, "loaded_frequency_hz", json_real(hz[LOADED]));
    json_object_set_new(json, "frequency_per_capacitance",
                        json_real((1 - hz[HEAVIER] / hz[LOADED]) / heavier));
    json_object_set_new(json, "start_up_s",
                        json_real(start_up_s(lab, benches[START], &results[START], peak_v)));
    return json;
}
