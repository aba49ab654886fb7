/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/characterise_part.h"

#include <math.h>

static const char *const lines[4] = {"xp", "xn", "yp", "yn"};

double characterise_carrier(const struct bench_lab *lab)
{
    return lab->carrier_hz > 0 ? lab->carrier_hz : lab->pdk->carrier_hz;
}

struct characterise_load characterise_nominal(const struct bench_lab *lab)
{
    const struct pdk_device *device = lab->pdk->device;
    const struct pdk_corner *corner = pdk_corner_find(device, lab->corner);
    double resistor = corner ? corner->resistor : 1, capacitor = corner ? corner->capacitor : 1;
    return (struct characterise_load){.bus_s = device->bus_s / resistor,
                                      .delay_s = device->bus_delay_s * resistor * capacitor,
                                      .row_s = 0.4 * device->bus_s / resistor};
}

void characterise_add_cell(struct bench *bench, const char *prefix,
                           const struct characterise_load *load, double pull_s, double row_s,
                           double angle, const char *driver_supply)
{
    struct arena *arena = bench->lab->arena;
    const struct pdk_device *device = bench->lab->pdk->device;
    const struct bench_port supply[] = {{"vdd", driver_supply}, {NULL, NULL}};
    const double start[4] = {cos(angle), -cos(angle), sin(angle), -sin(angle)};
    bench_cell(bench, arena_printf(arena, "%sosc", prefix), "oscillator", prefix, NULL);
    bench_cell(bench, arena_printf(arena, "%sdrv", prefix), "driver", prefix,
               driver_supply ? supply : NULL);
    if (load->bus_s > 0)
        bench_cell(bench, arena_printf(arena, "%scol", prefix), "column", prefix, NULL);
    for (int l = 0; l < 4; l++) {
        const char *column = arena_printf(arena, "%s%s", prefix, lines[l]);
        const char *bus = arena_printf(arena, "%sb%s", prefix, lines[l]);
        const char *row = arena_printf(arena, "%sr%s", prefix, lines[l]);
        bench_initial(bench, column, device->supply_v * 0.43 + 0.3 * device->supply_v * start[l]);
        if (load->bus_s > 0) {
            bench_initial(bench, bus, device->mid_v);
            bench_resistor(bench, bus, "vcm", 1 / (load->bus_s - pull_s));
            bench_capacitor(bench, bus, "0", load->delay_s * load->bus_s);
        }
        /* the driver's output follows the cell's line of its own name */
        bench_initial(bench, row, device->supply_v * (0.5 + 0.5 * start[l]));
        bench_resistor(bench, row, "vcm", 1 / (load->row_s - row_s));
        bench_capacitor(bench, column, "0", load->column_f);
    }
}

/* A voltage that holds each bit for a while; clock: instead of bits, high in the middle of each (1)
 * or low there (-1). */
static void add_wave(struct bench *bench, const char *node, const int *bits, size_t count,
                     int clock)
{
    struct arena *arena = bench->lab->arena;
    double high = bench->lab->pdk->device->supply_v, before = clock < 0 ? high : 0;
    struct str text = {0};
    str_addf(&text, "pwl(0 %g", before);
    for (size_t i = 0; i < count; i++) {
        double at = CHARACTERISE_BIT_NS * (double)i + 1, part = CHARACTERISE_BIT_NS;
        if (clock) {
            double rest = clock < 0 ? high : 0;
            str_addf(&text, " %gn %g %gn %g %gn %g %gn %g", at + 0.3 * part, rest,
                     at + 0.3 * part + 0.2, high - rest, at + 0.8 * part, high - rest,
                     at + 0.8 * part + 0.2, rest);
        } else {
            double now = bits[count - 1 - i] ? high : 0; /* the first one in goes farthest */
            str_addf(&text, " %gn %g %gn %g", at, before, at + 0.2, now);
            before = now;
        }
    }
    str_add(&text, ")");
    bench_source(bench, arena_printf(arena, "v%s", node), node, "0", str_text(&text));
    str_free(&text);
}

void characterise_add_chain(struct bench *bench, const char *prefix, const int *bits, size_t count)
{
    struct arena *arena = bench->lab->arena;
    add_wave(bench, arena_printf(arena, "%ssi", prefix), bits, count, 0);
    add_wave(bench, arena_printf(arena, "%sck", prefix), bits, count, 1);
    add_wave(bench, arena_printf(arena, "%sckb", prefix), bits, count, -1);
}

void characterise_fault(struct bench_lab *lab, const char *what)
{
    diag_error(lab->diags, DIAG_SIMULATION, SPAN_NONE, "%s, %s: %s", lab->pdk->name, lab->corner,
               what);
}
