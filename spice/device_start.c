/* SPDX-License-Identifier: Apache-2.0
 *
 * The start of a run as a chip does it: oscillators are held, each is released at the time that
 * writes its initial phase, and once all of them run the couplers are enabled.
 */
#include <math.h>
#include <string.h>

#include "compiler/base/str.h"
#include "spice/device_part.h"

/* Of the cells' own periods: what a released cell runs at least before the couplers are enabled, so
 * that how it started is forgotten, and the time of its start. */
enum { FORGOTTEN_CYCLES = 4, FIRST_CYCLES = 1 };

static const double turn = 6.283185307179586476925;
static const double edge_s = 0.2e-9; /* of the digital signals */

double device_trim_share(const struct device *d, const struct device_trim *trim)
{
    const struct under_test *chip = d->chip;
    int code = chip->word[trim->word], full = d->setting->trim_full;
    if (d->setting->trim_relative) /* codes beyond its table do as the last one */
        return d->setting->trim_relative[code < -full ? 0 : code > full ? 2 * full : code + full];
    return chip->trim_lsb * chip->word[trim->word] * chip->model_time /
           (turn * d->setting->carrier_cycles);
}

double device_held_voltage(const struct device *d, size_t l)
{
    if (l / DEVICE_LINES == DEVICE_BUS / DEVICE_LINES)
        return d->chip->mid_v;
    return l % 2 ? 0 : d->chip->supply_v;
}

double device_start_s(const struct device *d)
{
    return d->released ? device_load_s(d) + (FIRST_CYCLES + 1 + FORGOTTEN_CYCLES) / d->alone_hz : 0;
}

/* A signal that goes from one level to the other at a time. */
static void add_step(const struct device *d, uint32_t node, double time_s, bool rises,
                     struct str *out)
{
    const char *name = d->nodes.names[node];
    double low = rises ? 0 : d->chip->supply_v, high = d->chip->supply_v - low;
    str_addf(out, "vstep%u %s 0 pwl(0 %.15g %.15g %.15g %.15g %.15g)\n.ic v(%s)=%.15g\n",
             (unsigned)node, name, low, time_s, low, time_s + edge_s, high, name, low);
}

/* The first cell of a module that belongs to an oscillator. */
static const struct device_cell *find_cell(const struct device *d, const char *module,
                                           int oscillator)
{
    for (size_t c = 0; c < d->cell_count; c++)
        if (d->cells[c].oscillator == oscillator && !strcmp(d->cells[c].module, module))
            return &d->cells[c];
    return NULL;
}

/* Ports of the cells: hold xp xn yp yn h, capture xp xn yp yn q, enable's four bus lines, four
 * column lines, en. */
uint32_t device_hold_node(const struct device *d, int oscillator)
{
    return find_cell(d, "hold", oscillator)->nodes[DEVICE_LINES];
}

uint32_t device_capture_node(const struct device *d, int oscillator)
{
    return find_cell(d, "capture", oscillator)->nodes[DEVICE_LINES];
}

uint32_t device_enable_node(const struct device *d, int oscillator)
{
    return find_cell(d, "enable", oscillator)->nodes[2 * DEVICE_LINES];
}

void device_add_start_alone(const struct device *d, int oscillator, double release_s,
                            double enable_s, struct str *out)
{
    add_step(d, device_hold_node(d, oscillator), release_s, false, out);
    add_step(d, device_enable_node(d, oscillator), enable_s, true, out);
    str_addf(out, ".ic v(%s)=%.15g\n", d->nodes.names[d->vcm], d->chip->mid_v);
}

void device_add_start(const struct device *d, const double *initial, struct str *out)
{
    size_t oscillators = (size_t)d->chip->n + (size_t)d->chip->m;
    double *share = ARENA_ARRAY(d->arena, double, oscillators);
    for (size_t t = 0; t < d->trim_count; t++)
        for (size_t i = 0; i < oscillators; i++)
            if (d->trims[t].lines[0] == d->line[DEVICE_NODES * i])
                share[i] = device_trim_share(d, &d->trims[t]);
    for (size_t i = 0; i < oscillators; i++) {
        /* a cell has this phase at enable when it runs for so many turns before */
        double turns = (initial[i] - d->release_phase) / turn;
        turns += FORGOTTEN_CYCLES - floor(turns);
        double time_s = device_start_s(d) - turns / (d->alone_hz * (1 + share[i]));
        add_step(d, device_hold_node(d, (int)i), time_s, false, out);
    }
    add_step(d, device_enable_node(d, 0), device_start_s(d), true, out);
    str_addf(out, ".ic v(%s)=%.15g\n", d->nodes.names[d->vcm], d->chip->mid_v);
}
