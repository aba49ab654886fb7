/* SPDX-License-Identifier: Apache-2.0
 *
 * The array with its control signals driven by the digital control (spice/lockstep.h), which
 * samples the outputs of the capture cells.
 */
#include <math.h>

#include "compiler/base/str.h"
#include "spice/device_part.h"
#include "spice/lockstep_plan.h"

static const double turn = 6.283185307179586476925;

void device_drive_by_pins(struct device *device, const struct device_clock *clock)
{
    device->clock = clock;
}

/* Steps of a tick that lasts so many turns: no fewer than DEVICE_STEPS a turn, and no number of
 * them that divides the turn, which would put all edges of an oscillator in one place between two
 * points (docs/engine.md). */
static int steps_of(double turns)
{
    int steps = (int)fmax(1, round(turns * DEVICE_STEPS));
    double points = steps / turns;
    return fabs(points - round(points)) < 0.05 ? steps + 1 : steps;
}

/* The trapezoidal rule makes a sine slower by a share of (2 pi / points of a turn)^2 / 12. */
double device_tick_s(const struct device *d, int bits, int turns)
{
    double share = turns / ldexp(1, bits), angle = turn * share / steps_of(share);
    return share / d->frequency_hz * (1 + angle * angle / 12);
}

int device_clock_steps(const struct device *d)
{
    return steps_of(d->clock->tick_s * d->frequency_hz);
}

double device_step_s(const struct device *d)
{
    return d->clock ? d->clock->tick_s / device_clock_steps(d)
                    : 1 / (d->frequency_hz * DEVICE_STEPS);
}

double device_stop_s(const struct device *d)
{
    return d->clock ? d->clock->tick_s * (double)d->clock->ticks
                    : device_start_s(d) + device_run_s(d);
}

static void add_pin(const struct device *d, int k, uint32_t node, bool high, struct str *out)
{
    const char *name = d->nodes.names[node];
    str_addf(out, LOCKSTEP_SOURCE "%d %s 0 external\n.ic v(%s)=%.15g\n", k, name, name,
             high ? d->chip->supply_v : 0);
}

void device_add_pins(const struct device *d, struct str *out)
{
    int oscillators = d->chip->n + d->chip->m;
    for (int i = 0; i < oscillators; i++) {
        add_pin(d, i, device_hold_node(d, i), true, out);
        str_addf(out, ".save %s\n", d->nodes.names[device_capture_node(d, i)]);
    }
    add_pin(d, oscillators, device_enable_node(d, 0), false, out);
    str_addf(out, ".ic v(%s)=%.15g\n", d->nodes.names[d->vcm], d->chip->mid_v);
}

int device_write_plan(struct arena *arena, const struct device *d, const char *folder)
{
    size_t oscillators = (size_t)d->chip->n + (size_t)d->chip->m;
    struct lockstep_plan plan = {.oscillators = oscillators,
                                 .tick_s = d->clock->tick_s,
                                 .steps = device_clock_steps(d),
                                 .high_v = d->chip->supply_v,
                                 .threshold_v = d->chip->supply_v / 2,
                                 .h = ARENA_ARRAY(arena, bool, oscillators),
                                 .q = ARENA_ARRAY(arena, const char *, oscillators)};
    for (size_t i = 0; i < oscillators; i++) {
        plan.h[i] = true;
        plan.q[i] = d->nodes.names[device_capture_node(d, (int)i)];
    }
    return lockstep_plan_write(arena, &plan, folder);
}

void device_phases_at(const struct device *d, const struct spice_result *result, double time_s,
                      double *phases)
{
    size_t oscillators = (size_t)d->chip->n + (size_t)d->chip->m, p = 0;
    size_t width = DEVICE_LINES * oscillators + device_sources(d);
    while (p + 1 < result->points && result->time[p] < time_s - device_step_s(d) / 2)
        p++;
    for (size_t i = 0; i < oscillators; i++)
        phases[i] = device_phase(d, result->values + p * width + DEVICE_LINES * i);
}
