/* SPDX-License-Identifier: Apache-2.0
 *
 * The trim curve: frequency of the loaded cell with the trim's transistors on its lines, the code
 * shifted in through its chain.
 */
#include "spice/characterise_part.h"

enum { CYCLES = 22, LINES = 4 };

/* Either side of every large step of a binary code, and between. */
static const int codes[CHARACTERISE_TRIM_RUNS] = {
    -128, -112, -96, -80, -64, -48, -32, -16, -8, -1, 0, 8, 16, 32, 48, 64, 80, 96, 112, 127};
enum { CODES = CHARACTERISE_TRIM_RUNS, ZERO = 10 };

static const char *const lines[LINES] = {"xp", "xn", "yp", "yn"};
static const char *const vectors[LINES] = {"oxp", "oxn", "oyp", "oyn"};

static struct bench *make_bench(struct bench_lab *lab, size_t index)
{
    double hz = characterise_carrier(lab);
    struct arena *arena = lab->arena;
    struct bench *bench = bench_new(lab, arena_printf(arena, "trim-%zu", index), CYCLES / hz,
                                    1 / (hz * CHARACTERISE_POINTS));
    struct characterise_load load = characterise_nominal(lab);
    struct bench_port ports[LINES + 1] = {0};
    int bits[PDK_TRIM_BITS];
    for (int b = 0; b < PDK_TRIM_BITS; b++)
        bits[b] = (codes[index] + (1 << (PDK_TRIM_BITS - 1))) >> (PDK_TRIM_BITS - 1 - b) & 1;
    for (int l = 0; l < LINES; l++)
        ports[l] = (struct bench_port){lines[l], vectors[l]};
    bench_array_params(bench, load.bus_s);
    bench_rails(bench);
    characterise_add_cell(bench, "o", &load, 0, 0, 0, NULL);
    bench_cell(bench, "trim", "trim", "t", ports);
    characterise_add_chain(bench, "t", bits, PDK_TRIM_BITS);
    bench->vectors = vectors;
    bench->vector_count = LINES;
    return bench;
}

json_t *characterise_trim(struct bench_lab *lab, const struct characterise_options *options)
{
    (void)options;
    struct bench *benches[CODES];
    struct bench_result results[CODES];
    double hz[CODES];
    for (size_t i = 0; i < CODES; i++)
        benches[i] = make_bench(lab, i);
    if (!bench_simulate(lab, benches, CODES, results))
        return NULL;
    json_t *list = json_array(), *frequencies = json_array();
    bool good = true;
    for (size_t i = 0; i < CODES && good; i++) {
        struct waveform x = {results[i].points, results[i].time,
                             bench_trace(lab->arena, benches[i], &results[i], 0, 1)};
        double period;
        good = waveform_period(&x, 0, CHARACTERISE_AVERAGED, &period);
        hz[i] = 1 / period;
        json_array_append_new(list, json_integer(codes[i]));
    }
    for (size_t i = 0; i < CODES && good; i++)
        json_array_append_new(frequencies, json_real(hz[i] / hz[ZERO] - 1));
    if (good)
        return json_pack("{s:f, s:o, s:o}", "frequency_hz", hz[ZERO], "code", list,
                         "frequency_relative", frequencies);
    characterise_fault(lab, "the cell with its trim does not oscillate");
    json_decref(list);
    json_decref(frequencies);
    return NULL;
}
