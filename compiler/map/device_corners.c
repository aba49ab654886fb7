/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/map/device_corners.h"

#include <math.h>

#include "compiler/map/hardwired.h"
#include "compiler/map/tiles.h"

enum { CODES = 1 << PDK_LAG_BITS };

/* Of a frequency, rad in a run: a few steps of a trim. */
static const double most_trim_left = 0.1;

static const double turn = 6.283185307179586476925;

const double device_lag_least_f = 8e-15;

const struct pdk_measured *device_corners_read_typical(struct arena *arena, struct chip *chip,
                                                       struct diags *diags)
{
    if (!chip->device.typical)
        chip->device.typical =
            pdk_measured_load(arena, chip->pdk, chip->pdk->device->corners[0].name, diags);
    return chip->device.typical;
}

void device_corners_load(struct arena *arena, struct chip *chip, struct device_corners *corners,
                         struct diags *diags)
{
    *corners = (struct device_corners){0};
    const struct pdk_corner *list = chip->pdk->device->corners;
    corners->measured[0] = device_corners_read_typical(arena, chip, diags);
    for (; list[corners->count].name && corners->count < DEVICE_MOST_CORNERS; corners->count++)
        if (corners->count && corners->measured[0])
            corners->measured[corners->count] =
                pdk_measured_load(arena, chip->pdk, list[corners->count].name, diags);
}

void device_corners_typical(struct chip *chip, const struct device_corners *corners)
{
    const struct pdk_measured *m = corners->measured[0];
    struct chip_device *device = &chip->device;
    if (!m)
        return;
    double load = device->column_load_s, row = device->row_load_s;
    struct pdk_behaviour is = pdk_measured_at(m, load, pdk_measured_delay(m, load, row), row);
    device->gain = is.gain;
    device->frequency_hz = is.frequency_hz;
}

/* The delay that the bus is to have by its sizes, so that a corner's resistors and capacitors make
 * it that at which the lag is zero. */
static double wanted_delay(const struct chip *chip, const struct pdk_measured *m,
                           const struct pdk_corner *corner)
{
    double load = chip->device.column_load_s / corner->resistor;
    double row = chip->device.row_load_s / corner->resistor;
    return pdk_measured_delay(m, load, row) / (corner->resistor * corner->capacitor);
}

double device_bus_least_f(const struct chip *chip)
{
    const struct pdk_device *process = chip->pdk->device;
    double couplers = (chip->hardwired ? 0 : (double)map_couplers(chip) / chip->n) +
                      (map_has_hardwired_drives(chip) ? 0 : chip->m);
    return couplers * process->coupler_f + process->enable_f;
}

/* Raises the delay with code 0 to what stands on the bus in any case and the smallest capacitor, by
 * whole steps, so that the typical corner stays on a code: the delays below are not to be had. */
static void raise_fixed(struct chip *chip, double typical)
{
    struct chip_device *device = &chip->device;
    double least = (device_bus_least_f(chip) + device_lag_least_f) / device->column_load_s;
    if (device->lag_fixed_s < least)
        device->lag_fixed_s = fmax(
            typical - floor((typical - least) / device->lag_step_s) * device->lag_step_s, least);
}

/* The bus's delay with code 0 and a step of the code: the typical corner's exactly on a code, the
 * range of codes as wide as the corners need. */
static void choose_delay(struct chip *chip, const struct device_corners *corners)
{
    struct chip_device *device = &chip->device;
    const struct pdk_device *process = chip->pdk->device;
    device->lag_fixed_s = process->lag_base * process->bus_delay_s;
    device->lag_step_s = process->lag_step * process->bus_delay_s;
    if (!corners->measured[0])
        return;
    double typical = 0, least = INFINITY, most = 0;
    bool all = true;
    for (size_t c = 0; c < corners->count; c++) {
        all = all && corners->measured[c];
        if (!corners->measured[c])
            continue;
        double delay =
            pdk_measured_delay(corners->measured[c], device->column_load_s, device->row_load_s);
        typical = c ? typical : delay;
        least = fmin(least, delay);
        most = fmax(most, delay);
    }
    if (!all) { /* the codes of the others are given for these parts of the typical delay */
        device->lag_step_s = process->lag_step * typical;
        device->lag_fixed_s = typical - process->corners[0].lag_code * device->lag_step_s;
        raise_fixed(chip, typical);
        return;
    }
    double step = fmax(most - least, 0.2 * typical) / (CODES - 1);
    device->lag_step_s = step;
    device->lag_fixed_s = typical - fmin(round((typical - least) / step), CODES / 2) * step;
    raise_fixed(chip, typical);
}

static int code_for(const struct chip *chip, double delay)
{
    double code = round((delay - chip->device.lag_fixed_s) / chip->device.lag_step_s);
    return (int)fmin(fmax(code, 0), CODES - 1);
}

/* The trim's code for each code of omega: the change of frequency that turns by omega T in a run.
 */
static void set_trim(struct arena *arena, const struct chip *chip, const struct pdk_measured *m,
                     struct chip_corner *corner)
{
    int full = chip->omega.full;
    double run_rad = turn * corner->carrier_cycles;
    double *left = ARENA_ARRAY(arena, double, 2 * (size_t)full + 1);
    corner->data = m;
    corner->trim = ARENA_ARRAY(arena, int, 2 * (size_t)full + 1);
    for (int code = -full; code <= full; code++) {
        double wanted = code * chip->omega.lsb * chip->model_time / run_rad;
        int trim = pdk_measured_trim(m, wanted);
        corner->trim[code + full] = trim;
        left[code + full] =
            run_rad * fabs(pdk_curve(m->trim_count, m->trim_code, m->trim_relative, trim) - wanted);
    }
    for (int i = 0; i < chip->n + chip->m; i++)
        corner->trim_left = fmax(corner->trim_left, left[chip->trim_code[i] + full]);
}

/* A trim that does not reach the model's frequencies is not used: they stay ideal. Who takes the
 * process that comes with oscc need not mean its transistors, and is not told. */
static void drop_trim(struct chip *chip, double reach, struct diags *diags)
{
    struct chip_device *device = &chip->device;
    for (size_t c = 0; c < device->corner_count; c++)
        device->corners[c].trim = NULL;
    if (chip->pdk->built_in)
        return;
    diag_warning(
        diags, DIAG_CHIP_LIMIT, SPAN_NONE,
        "the trim of %s does not reach a frequency of the model: it is off by %.3g rad in a "
        "run",
        chip->pdk->name, reach);
    diag_help(diags, "the level device takes the frequencies as ideal; fewer carrier_cycles under "
                     "`chip:` make a trim reach farther");
}

void device_corners_set(struct arena *arena, struct chip *chip,
                        const struct device_corners *corners, struct diags *diags)
{
    struct chip_device *device = &chip->device;
    const struct pdk_corner *list = chip->pdk->device->corners;
    double load = device->column_load_s, row = device->row_load_s;
    device->corner_count = corners->count;
    device->corners = ARENA_ARRAY(arena, struct chip_corner, corners->count);
    double reach = 0;
    choose_delay(chip, corners);
    for (size_t c = 0; c < corners->count; c++) {
        struct chip_corner *corner = &device->corners[c];
        const struct pdk_measured *m = corners->measured[c];
        *corner = (struct chip_corner){.name = list[c].name,
                                       .carrier_cycles = list[c].cycles * chip->carrier_cycles,
                                       .lag_code = list[c].lag_code,
                                       .measured = m != NULL};
        if (!m)
            continue;
        double ratio = list[c].resistor, delay = ratio * list[c].capacitor;
        corner->lag_code = code_for(chip, wanted_delay(chip, m, &list[c]));
        delay *= device->lag_fixed_s + corner->lag_code * device->lag_step_s;
        corner->is = pdk_measured_at(m, load / ratio, delay, row / ratio);
        if (fabs(corner->is.lag_rad) < 1e-9) /* rounding of a sum that is to be zero */
            corner->is.lag_rad = 0;
        corner->is.gain /= ratio; /* as the compiler counts it: of the conductance sized for */
        /* the time in which this corner's pull does what the typical one's does in its run */
        corner->carrier_cycles = chip->carrier_cycles * corner->is.frequency_hz /
                                 device->frequency_hz * device->gain / corner->is.gain;
        set_trim(arena, chip, m, corner);
        reach = fmax(reach, corner->trim_left);
    }
    if (reach > most_trim_left)
        drop_trim(chip, reach, diags);
    if (corners->measured[0] && load > 1.05 * pdk_measured_most(corners->measured[0])) {
        diag_warning(diags, DIAG_CHIP_LIMIT, SPAN_NONE,
                     "the couplers of an oscillator put %.3g S on its bus, but %s was measured up "
                     "to %.3g S",
                     load, chip->pdk->name, pdk_measured_most(corners->measured[0]));
        diag_help(diags, "gain and lag are extrapolated; a smaller weight_full_scale or more "
                         "carrier_cycles under `chip:` lower the load");
    }
}

void device_corners_spread(struct chip *chip, const struct device_corners *corners,
                           const double *row)
{
    const struct pdk_measured *m = corners->measured[0];
    struct chip_device *device = &chip->device;
    if (!m)
        return;
    double delay = pdk_measured_delay(m, device->column_load_s, device->row_load_s);
    for (int i = 0; i < chip->n + chip->m; i++) {
        double gain =
            pdk_measured_at(m, device->column_load_s, delay, row[i] / device->scale[i]).gain;
        device->gain_spread = fmax(device->gain_spread, fabs(gain / device->gain - 1));
    }
}
