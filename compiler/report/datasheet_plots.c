/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/report/datasheet_plots.h"

#include <math.h>
#include <stdint.h>

#include "compiler/base/fs.h"
#include "compiler/report/plot.h"

enum { CURVE_POINTS = 181 };

static const double turn = 6.283185307179586476925;

static double value(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

/* A list of numbers times a scale. */
static double *numbers(struct arena *arena, const json_t *list, double scale)
{
    double *out = ARENA_ARRAY(arena, double, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++)
        out[i] = scale * json_number_value(json_array_get(list, i));
    return out;
}

static int waveform(struct arena *arena, const json_t *m, const char *folder)
{
    const json_t *cell = json_object_get(m, "cell");
    const json_t *line = json_object_get(cell, "waveform_v");
    size_t count = json_array_size(line);
    double *phase = ARENA_ARRAY(arena, double, count + 1);
    for (size_t i = 0; i < count; i++)
        phase[i] = (double)i / (double)count;
    const struct plot plot = {
        "one period - volts over turns",
        "turns",
        "v",
        {{"column", count, phase, numbers(arena, line, 1), false},
         {"row", count, phase, numbers(arena, json_object_get(cell, "driver_waveform_v"), 1),
          false}}};
    return count ? plot_write(arena, &plot, fs_join(arena, folder, "waveform.png")) : 0;
}

/* H over the phase difference at the load that the process's data is given for, in units of its
 * fundamental. */
static int function(struct arena *arena, const json_t *m, const char *folder)
{
    const json_t *list = json_object_get(m, "coupling");
    const json_t *p = json_array_get(list, 1);
    if (!p)
        return 0;
    double *psi = ARENA_ARRAY(arena, double, CURVE_POINTS);
    double *h = ARENA_ARRAY(arena, double, CURVE_POINTS);
    double *miss = ARENA_ARRAY(arena, double, CURVE_POINTS);
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        psi[i] = turn * ((double)i / (CURVE_POINTS - 1) - 0.5);
        h[i] = value(p, "offset_relative") + sin(psi[i] - value(p, "lag_rad")) +
               value(p, "second_relative") * sin(2 * (psi[i] - value(p, "second_lag_rad"))) +
               value(p, "third_relative") * sin(3 * (psi[i] - value(p, "third_lag_rad")));
        miss[i] = 10 * (h[i] - sin(psi[i]));
    }
    const struct plot plot = {
        "coupling function over its fundamental",
        "phase difference - rad",
        "h",
        {{"h", CURVE_POINTS, psi, h, false}, {"10 x the rest", CURVE_POINTS, psi, miss, false}}};
    return plot_write(arena, &plot, fs_join(arena, folder, "coupling.png"));
}

/* One figure of the coupling over the bus's delay, a curve for each load of the bus. */
static int coupling(struct arena *arena, const json_t *m, const char *folder, const char *key,
                    const char *title, const char *name)
{
    const json_t *list = json_object_get(m, "coupling");
    struct plot plot = {title, "delay of the bus - ns", key, {{0}}};
    size_t curves = 0;
    double row = value(json_array_get(list, 0), "row_load_s"), load = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *p = json_array_get(list, i);
        if (fabs(value(p, "row_load_s") - row) > 1e-9 * row)
            continue;
        if (fabs(value(p, "bus_load_s") - load) > 1e-9 * load) {
            if (curves == PLOT_CURVES)
                break;
            load = value(p, "bus_load_s");
            plot.curves[curves++] =
                (struct plot_curve){arena_printf(arena, "%.0f", 1e6 * load), 0,
                                    ARENA_ARRAY(arena, double, json_array_size(list)),
                                    ARENA_ARRAY(arena, double, json_array_size(list)), true};
        }
        struct plot_curve *c = &plot.curves[curves - 1];
        ((double *)(uintptr_t)c->x)[c->count] = 1e9 * value(p, "bus_delay_s");
        ((double *)(uintptr_t)c->y)[c->count++] = value(p, key);
    }
    return curves ? plot_write(arena, &plot, fs_join(arena, folder, name)) : 0;
}

static int coupler(struct arena *arena, const json_t *m, const char *folder)
{
    const json_t *c = json_object_get(m, "coupler");
    size_t count = json_array_size(json_object_get(c, "code"));
    double *code = numbers(arena, json_object_get(c, "code"), 1);
    double *error = numbers(arena, json_object_get(c, "conductance_s"), 1 / value(c, "unit_s"));
    for (size_t i = 0; i < count; i++)
        error[i] -= code[i];
    const struct plot plot = {"error of the coupler - units of code 1",
                              "code",
                              "units",
                              {{NULL, count, code, error, true}}};
    return count ? plot_write(arena, &plot, fs_join(arena, folder, "coupler.png")) : 0;
}

static int trim(struct arena *arena, const json_t *m, const char *folder)
{
    const json_t *t = json_object_get(m, "trim");
    size_t count = json_array_size(json_object_get(t, "code"));
    const struct plot plot = {
        "trim - change of frequency in percent",
        "code",
        "percent",
        {{NULL, count, numbers(arena, json_object_get(t, "code"), 1),
          numbers(arena, json_object_get(t, "frequency_relative"), 100), true}}};
    return count ? plot_write(arena, &plot, fs_join(arena, folder, "trim.png")) : 0;
}

int datasheet_plots(struct arena *arena, const json_t *measured, const char *folder)
{
    int error = waveform(arena, measured, folder);
    if (!error)
        error = function(arena, measured, folder);
    if (!error)
        error = coupling(arena, measured, folder, "gain",
                         "gain - by load of the bus in microsiemens", "gain.png");
    if (!error)
        error = coupling(arena, measured, folder, "lag_rad",
                         "lag - by load of the bus in microsiemens", "lag.png");
    if (!error)
        error = coupler(arena, measured, folder);
    return error ? error : trim(arena, measured, folder);
}
