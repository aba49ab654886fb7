/* SPDX-License-Identifier: Apache-2.0
 *
 * What one loaded cell does alone: its frequency, and the voltages of its lines by phase. Phase is
 * time: it grows by one turn a period, and is 0 where xp - xn is at its fundamental's peak.
 */
#include <math.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/str.h"
#include "spice/count.h"
#include "spice/device_part.h"

enum { CYCLES = 24, AVERAGED = 8, POINTS = 200, SHARES = DEVICE_NODES };

/* Where cells are held first: cycles of the carrier at which the cell alone is let go. */
enum { RELEASED_AT = 3, ENABLED_AT = 20 };

static const double turn = 6.283185307179586476925;

/* The total conductance at the first oscillator's bus: all couplers of a column and its resistors,
 * every bit of them at one end or the other. */
static double bus_load(const struct device *d)
{
    double sum = 0;
    for (size_t p = 0; p < d->path_count; p++)
        for (int b = 0; b < PDK_COUPLER_BITS && d->paths[p].line == d->line[DEVICE_BUS]; b++)
            sum += d->paths[p].bit_s[b];
    return sum;
}

/* Couplers on the first oscillator's bus; each has a path a line. */
static double coupler_count(const struct device *d)
{
    double count = 0;
    for (size_t p = 0; p < d->path_count; p++)
        count += !d->paths[p].is_resistor && d->paths[p].line == d->line[DEVICE_BUS];
    return count;
}

static void write_deck(const struct device *d, double carrier_hz, struct str *out)
{
    const double start[DEVICE_LINES] = {0.28, -0.28, 0, 0};
    double begin_s = d->released ? ENABLED_AT / carrier_hz : 0;
    str_addf(out, "* %s, one loaded cell alone, %s\n", d->chip->name, d->corner);
    device_add_cells(d, 0, out);
    double load = bus_load(d), farad = coupler_count(d) * d->chip->coupler_f;
    farad += d->lag_f[d->line[DEVICE_BUS]];
    for (size_t l = 0; l < DEVICE_LINES; l++) {
        const char *bus = d->nodes.names[d->line[DEVICE_BUS + l]];
        if (load > 0) {
            str_addf(out, "rload%zu %s %s ", l, bus, d->nodes.names[d->vcm]);
            str_add_number(out, 1 / load);
            str_addf(out, "\ncload%zu %s 0 ", l, bus);
            str_add_number(out, farad);
            str_add(out, "\n");
        }
        str_addf(out, ".ic v(%s)=", d->nodes.names[d->line[l]]);
        str_add_number(out, d->released ? device_held_voltage(d, l)
                                        : d->chip->supply_v * (0.43 + start[l]));
        str_add(out, "\n");
    }
    for (size_t l = 0; l < DEVICE_NODES; l++)
        str_addf(out, ".save %s\n", d->nodes.names[d->line[l]]);
    if (d->whole)
        device_add_load_alone(d, out);
    if (d->released)
        device_add_start_alone(d, 0, RELEASED_AT / carrier_hz, begin_s, out);
    double step = 1 / (carrier_hz * POINTS);
    str_add(out, ".tran ");
    str_add_number(out, step);
    str_add(out, " ");
    str_add_number(out, begin_s + CYCLES / carrier_hz);
    str_add(out, " 0 ");
    str_add_number(out, step);
    str_add(out, " uic\n.options method=trap reltol=1e-5 trtol=100\n.end\n");
}

/* Where the run's result goes. */
struct catcher {
    struct device *device;
    const char *fault;
};

/* Times up to an end at which a signal rises through zero, the last `most` of them, ascending. */
static size_t rising(const struct spice_result *r, double end_s, size_t plus, size_t minus,
                     double *times, size_t most)
{
    size_t count = 0;
    for (size_t p = 1; p < r->points && r->time[p] <= end_s; p++) {
        const double *v = r->values + p * SHARES, *u = v - SHARES;
        double before = u[plus] - u[minus], now = v[plus] - v[minus];
        if (!(before < 0 && now >= 0))
            continue;
        if (count == most)
            memmove(times, times + 1, --count * sizeof *times);
        times[count++] = r->time[p] - now * (r->time[p] - r->time[p - 1]) / (now - before);
    }
    return count;
}

/* Line l at a time, by linear interpolation between points; from is where to search. */
static double value_at(const struct spice_result *r, size_t l, double time, size_t *from)
{
    while (*from + 1 < r->points && r->time[*from] < time)
        ++*from;
    size_t p = *from ? *from : 1;
    double part = (time - r->time[p - 1]) / (r->time[p] - r->time[p - 1]);
    return (1 - part) * r->values[(p - 1) * SHARES + l] + part * r->values[p * SHARES + l];
}

/* The orbit from the period that begins at a time, shifted so that the fundamental of x + i y has
 * the angle of the phase. */
static void take_orbit(struct device *d, const struct spice_result *r, double begin, double period)
{
    double cosine = 0, sine = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t l = 0; l < SHARES; l++) {
            size_t from = 0;
            for (size_t k = 0; k < DEVICE_ORBIT; k++)
                d->orbit[l][k] = value_at(r, l, begin + period * (double)k / DEVICE_ORBIT, &from);
        }
        cosine = sine = 0;
        for (size_t k = 0; k < DEVICE_ORBIT; k++) {
            double x = d->orbit[0][k] - d->orbit[1][k], y = d->orbit[2][k] - d->orbit[3][k];
            double phase = turn * (double)k / DEVICE_ORBIT;
            cosine += x * cos(phase) + y * sin(phase);
            sine += y * cos(phase) - x * sin(phase);
        }
        begin -= atan2(sine, cosine) / turn * period;
    }
    double before = 0;
    for (size_t k = 0; k < DEVICE_ORBIT; k++) {
        double angle = atan2(d->orbit[2][k] - d->orbit[3][k], d->orbit[0][k] - d->orbit[1][k]);
        before = k ? before + remainder(angle - before, turn) : angle;
        d->angle[k] = before;
    }
}

/* What a released cell does before the couplers are enabled: its frequency, and the phase that it
 * would have had at its release had it run like that from there on. */
static void take_release(struct catcher *c, const struct spice_result *r)
{
    struct device *d = c->device;
    double times[AVERAGED + 1], carrier_hz = d->chip->carrier_cycles / d->chip->run_s;
    if (rising(r, ENABLED_AT / carrier_hz, 0, 1, times, AVERAGED + 1) < AVERAGED + 1) {
        c->fault = "the cell does not oscillate when it is released";
        return;
    }
    d->alone_hz = AVERAGED / (times[AVERAGED] - times[0]);
    double sum = 0, volts[DEVICE_LINES];
    for (size_t k = 0; k < AVERAGED; k++) { /* small: a rising edge is the same point always */
        size_t from = 0;
        for (size_t l = 0; l < DEVICE_LINES; l++)
            volts[l] = value_at(r, l, times[k], &from);
        double phase = device_phase(d, volts);
        phase -= turn * d->alone_hz * (times[k] - RELEASED_AT / carrier_hz);
        sum += remainder(phase - d->release_phase, turn);
        if (!k)
            d->release_phase = phase, sum = 0;
    }
    d->release_phase += sum / AVERAGED;
}

static void catch_result(void *user, size_t index, const struct spice_result *r)
{
    struct catcher *c = user;
    double times[AVERAGED + 1];
    (void)index;
    if (r->verdict != SPICE_GOOD) {
        c->fault = arena_strdup(c->device->arena, r->reason ? r->reason : "it failed");
        return;
    }
    if (rising(r, INFINITY, 0, 1, times, AVERAGED + 1) < AVERAGED + 1) {
        c->fault = "the cell does not oscillate";
        return;
    }
    double period = (times[AVERAGED] - times[0]) / AVERAGED;
    c->device->frequency_hz = 1 / period;
    take_orbit(c->device, r, times[AVERAGED] - 2 * period, period);
    if (c->device->released)
        take_release(c, r);
}

bool device_calibrate(struct device *device, const char *worker, const char *folder,
                      struct diags *diags)
{
    struct arena *arena = device->arena;
    const char *vectors[SHARES];
    for (size_t l = 0; l < SHARES; l++)
        vectors[l] = device->nodes.names[device->line[l]];
    double carrier_hz = device->chip->carrier_cycles / device->chip->run_s;
    struct spice_job job = {.folder = folder,
                            .deck = "deck.spice",
                            .stop_s = ((device->released ? ENABLED_AT : 0) + CYCLES) / carrier_hz,
                            .vectors = vectors,
                            .vector_count = SHARES};
    struct str deck = {0};
    write_deck(device, carrier_hz, &deck);
    const char *path = fs_join(arena, folder, job.deck);
    int error = fs_make_folders(folder);
    if (!error)
        error = fs_write(path, deck.text, deck.length);
    str_free(&deck);
    if (!error)
        error = spice_count_elements(arena, path, &job.elements, NULL);
    if (error) {
        diag_error(diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s", path, strerror(-error));
        return false;
    }
    struct catcher catcher = {device, NULL};
    struct spice_pool pool = {worker, 1, catch_result, &catcher};
    if (!spice_run(&pool, &job, 1))
        return false;
    if (catcher.fault) {
        diag_error(diags, DIAG_SIMULATION, SPAN_NONE, "one cell alone, %s: %s", device->corner,
                   catcher.fault);
        diag_help(diags, "its log: %s/log.txt", folder);
    }
    return !catcher.fault;
}
