/* SPDX-License-Identifier: Apache-2.0
 *
 * The coupler with its switches: conductance of every code, its load on bus and row, and what its
 * switches put on a line of the bus. All codes are shifted through one coupler's chain in one
 * simulation; between two codes its lines stand still and their currents are read.
 */
#include <math.h>

#include "spice/characterise_part.h"

enum {
    LARGEST = (1 << PDK_COUPLER_BITS) - 1,
    CODES = 2 * LARGEST + 1,
    LINK_BITS = PDK_COUPLER_BITS + 1,
    CYCLES = 6 /* of the small signal */
};
enum { BUS_X, BUS_YP, BUS_YN, ROW, VECTORS };

/* Codes at which the capacitance is read: all bits off, half of them, all on. */
static const int shown[] = {0, 10, -LARGEST};
enum { SHOWN = sizeof shown / sizeof *shown };

static const double bus_v = 0.1; /* of a bus line from mid-rail; rows stand at the rails */
static const double turn = 6.283185307179586476925;

static const char *const vectors[VECTORS] = {"vcxp#branch", "vcyp#branch", "vcyn#branch",
                                             "vrxp#branch"};

/* Conductance of code 1 for which the coupler is measured: a column of about 18 couplers with the
 * load that the process's data is given for. */
static double unit_s(const struct pdk *pdk)
{
    return pdk->device->bus_s / (18 * LARGEST);
}

static void set_bits(int code, int *bits)
{
    bits[0] = code < 0;
    for (int b = 0; b < PDK_COUPLER_BITS; b++)
        bits[1 + b] = (code < 0 ? -code : code) >> (PDK_COUPLER_BITS - 1 - b) & 1;
}

/* A coupler with its chain, a source on each line of it; bus_y: that of bus line yp; yn, row: volts
 * of bus line yn and of both row lines y. */
static struct bench *make_bench(struct bench_lab *lab, const char *name, const int *bits,
                                size_t count, double stop_s, double row, double yn,
                                const char *bus_y)
{
    struct arena *arena = lab->arena;
    double mid = lab->pdk->device->mid_v,
           step_s = 1 / (characterise_carrier(lab) * CHARACTERISE_POINTS);
    struct bench *bench = bench_new(lab, name, stop_s, step_s);
    for (int b = 0; b < PDK_COUPLER_BITS; b++)
        bench_length(bench, arena_printf(arena, "r_weight%d", b),
                     1 / (ldexp(unit_s(lab->pdk), b) * lab->pdk->device->resistor_ohm_per_um));
    bench_rails(bench);
    bench_cell(bench, "coupler", "coupler_weight", "", NULL);
    characterise_add_chain(bench, "", bits, count);
    const struct {
        const char *node;
        double volt;
    } held[] = {{"cxp", mid}, {"cxn", mid}, {"cyn", yn}, {"rxp", lab->pdk->device->supply_v},
                {"rxn", 0},   {"ryp", row}, {"ryn", row}};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        bench_source(bench, arena_printf(arena, "v%s", held[i].node), held[i].node, "0",
                     arena_printf(arena, "%.15g", held[i].volt));
    bench_source(bench, "vcyp", "cyp", "0", bus_y);
    bench->vectors = vectors;
    bench->vector_count = VECTORS;
    return bench;
}

/* All codes from -LARGEST up, the first one shifted in first. */
static struct bench *make_codes(struct bench_lab *lab)
{
    int bits[CODES * LINK_BITS];
    for (int k = 0; k < CODES; k++) /* the last group in the list goes in first */
        set_bits(LARGEST - k, bits + (size_t)k * LINK_BITS);
    double stop_s = 1e-9 * CHARACTERISE_BIT_NS * (CODES * LINK_BITS + 1);
    double mid = lab->pdk->device->mid_v;
    return make_bench(lab, "coupler-codes", bits, CODES * LINK_BITS, stop_s,
                      lab->pdk->device->supply_v, mid - bus_v,
                      arena_printf(lab->arena, "%.15g", mid + bus_v));
}

/* A small signal at the carrier's frequency on a bus line, once the code stands. */
static struct bench *make_small(struct bench_lab *lab, size_t index)
{
    int bits[LINK_BITS];
    double hz = characterise_carrier(lab), chain_s = 1e-9 * CHARACTERISE_BIT_NS * (LINK_BITS + 1);
    set_bits(shown[index], bits);
    return make_bench(
        lab, arena_printf(lab->arena, "coupler-small-%zu", index), bits, LINK_BITS,
        chain_s + CYCLES / hz, lab->pdk->device->mid_v, lab->pdk->device->mid_v,
        arena_printf(lab->arena, "sin(%.15g %.15g %.15g)", lab->pdk->device->mid_v, bus_v, hz));
}

/* Capacitance that a line draws beside its conductance, F: the current's part in quadrature to the
 * voltage bus_v sin(w t). A source's current counts from its plus to its minus node. */
static double capacitance(struct bench_lab *lab, const struct bench *bench,
                          const struct bench_result *r)
{
    double hz = characterise_carrier(lab), amplitude, angle;
    struct waveform w = {r->points, r->time, bench_trace(lab->arena, bench, r, BUS_YP, -1)};
    /* begin where sin(w t) is zero and rising */
    double begin = floor(r->time[r->points - 1] * hz - 1 + 1e-9) / hz;
    waveform_harmonics(&w, begin, 1 / hz, 1, &amplitude, &angle);
    return -amplitude * cos(angle) / (turn * hz * bus_v);
}

static json_t *codes_json(struct bench_lab *lab, const struct bench *bench,
                          const struct bench_result *r, double line_f)
{
    json_t *code = json_array(), *transfer = json_array(), *bus = json_array(), *row = json_array();
    struct waveform x = {r->points, r->time, bench_trace(lab->arena, bench, r, BUS_X, -1)};
    struct waveform y = {r->points, r->time, bench_trace(lab->arena, bench, r, BUS_YN, BUS_YP)};
    struct waveform z = {r->points, r->time, bench_trace(lab->arena, bench, r, ROW, -1)};
    double swing = lab->pdk->device->supply_v, mid = lab->pdk->device->mid_v;
    for (int k = 0; k < CODES; k++) {
        /* the code stands once its last bit is in, until the next one's first clock */
        double at = 1e-9 * CHARACTERISE_BIT_NS * ((k + 1) * LINK_BITS + 0.2);
        double from = k < LARGEST ? mid : swing - mid; /* of the row line that the sign selects */
        json_array_append_new(code, json_integer(k - LARGEST));
        json_array_append_new(transfer, json_real(waveform_at(&x, at) / from));
        json_array_append_new(bus, json_real(waveform_at(&y, at) / (2 * bus_v)));
        json_array_append_new(row, json_real(-waveform_at(&z, at) / (swing - mid)));
    }
    return json_pack("{s:f, s:f, s:o, s:o, s:o, s:o}", "unit_s", unit_s(lab->pdk), "bus_line_f",
                     line_f, "code", code, "conductance_s", transfer, "bus_load_s", bus,
                     "row_load_s", row);
}

json_t *characterise_coupler(struct bench_lab *lab, const struct characterise_options *options)
{
    (void)options;
    struct bench *benches[1 + SHOWN];
    struct bench_result results[1 + SHOWN];
    benches[0] = make_codes(lab);
    for (size_t i = 0; i < SHOWN; i++)
        benches[1 + i] = make_small(lab, i);
    if (!bench_simulate(lab, benches, 1 + SHOWN, results))
        return NULL;
    double line_f = 0;
    for (size_t i = 0; i < SHOWN; i++)
        line_f += capacitance(lab, benches[1 + i], &results[1 + i]) / SHOWN;
    return codes_json(lab, benches[0], &results[0], line_f);
}
