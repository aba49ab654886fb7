/* SPDX-License-Identifier: Apache-2.0
 *
 * Sizes the array of transistors: conductances of the couplers, and dummies that bring every column
 * to one load, so that one lag and one gain hold for all of them. Rows get none: their drivers are
 * some hundred times stiffer than what hangs on them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/map/device_corners.h"
#include "compiler/map/hardwired.h"
#include "compiler/map/passes.h"
#include "compiler/map/tiles.h"

/* Of the loop between conductances and gain, which converges by a factor of about five a round. */
enum { ROUNDS = 24 };

/* Of the load of a column: what it lacks below that goes without a dummy, whose resistor would be
 * so long that it took more area than the couplers. */
static const double least_dummy = 1e-3;

/* Conductance of a kind's code 1. The cell answers to a conductance with `gain` times the pull that
 * its capacitor alone would let expect. */
static double unit_conductance(const struct chip *chip, const struct chip_scale *scale)
{
    const struct pdk_device *device = chip->pdk->device;
    double run_s = chip->carrier_cycles / chip->device.frequency_hz;
    return device->attenuation * scale->lsb * device->capacitor_f * chip->model_time / run_s /
           chip->device.gain;
}

/* What the couplers alone put on the bus lines, S: programmable ones whatever their codes are. A
 * column of several cells in parallel takes as many couplers in parallel to be pulled as one. */
static void add_couplers(const struct chip *chip, double *column)
{
    int n = chip->n, m = chip->m;
    for (int i = 0; i < n + m && chip->hardwired; i++) {
        struct map_column_codes codes = map_hardwired_column(chip, i);
        column[i] = codes.weight * chip->device.weight_s + codes.drive * chip->device.drive_s +
                    codes.cond * chip->device.cond_s * chip->device.scale[i];
    }
    if (chip->hardwired)
        return;
    double weight = chip->weight.full * chip->device.weight_s;
    double drive = chip->drive.full * chip->device.drive_s;
    double cond = chip->cond.full * chip->device.cond_s;
    for (int i = 0; i < n; i++)
        column[i] += (double)map_column_couplers(chip, i) * weight + m * drive;
    for (int k = n; k < n + m; k++)
        column[k] += (m - 1) * cond * chip->device.scale[k];
}

/* What the codes of a typical class put on each row line, S; `parallel`: with all couplers of those
 * that stand in parallel, else one of each. */
static void add_row_codes(const struct chip *chip, bool parallel, double *row)
{
    int n = chip->n, m = chip->m;
    for (int i = 0; i < n; i++)
        for (size_t s = chip->sites->first[i]; s < chip->sites->first[i + 1]; s++)
            row[chip->sites->source[s]] += abs(chip->weight_code[s]) * chip->device.weight_s;
    size_t drives = (size_t)chip->classes * (size_t)n * (size_t)m;
    for (size_t d = 0; d < drives; d++)
        row[(size_t)n + d % (size_t)m] +=
            abs(chip->drive_code[d]) * chip->device.drive_s / chip->classes;
    for (int k = 0, at = 0; k < m; k++)
        for (int l = 0; l < m; l++)
            if (l != k)
                row[n + l] += abs(chip->cond_code[at++]) * chip->device.cond_s *
                              (parallel ? chip->device.scale[n + k] : 1);
}

/* Whether the transistors hold the codes. A fault, but of a process that takes every model. */
static bool check_bits(const struct chip *chip, struct diags *diags)
{
    if (chip->pdk->built_in &&
        (chip->weight.bits != PDK_COUPLER_BITS + 1 || chip->omega.bits > PDK_TRIM_BITS)) {
        diag_warning(diags, DIAG_NO_TRANSISTORS, SPAN_NONE,
                     "the chip is made in behavioural cells only: the transistors of %s hold "
                     "couplings of %d bits and frequencies of %d",
                     chip->pdk->name, PDK_COUPLER_BITS + 1, PDK_TRIM_BITS);
        diag_help(diags, "set `weight_bits: %d` and `omega_bits: %d` under `chip:` for both",
                  PDK_COUPLER_BITS + 1, PDK_TRIM_BITS);
        return false;
    }
    size_t errors = diags->errors;
    if (chip->weight.bits != PDK_COUPLER_BITS + 1) {
        diag_error(diags, DIAG_CHIP_LIMIT, SPAN_NONE,
                   "a coupling has %d bits, but the coupler of %s has a sign and %d",
                   chip->weight.bits, chip->pdk->name, PDK_COUPLER_BITS);
        diag_help(diags, "set `weight_bits: %d` under `chip:`", PDK_COUPLER_BITS + 1);
    }
    if (chip->omega.bits > PDK_TRIM_BITS) {
        diag_error(diags, DIAG_CHIP_LIMIT, SPAN_NONE,
                   "a frequency has %d bits, but the trim of %s has %d", chip->omega.bits,
                   chip->pdk->name, PDK_TRIM_BITS);
        diag_help(diags, "set `omega_bits: %d` under `chip:` or fewer", PDK_TRIM_BITS);
    }
    return diags->errors == errors;
}

/* Conductances for the gain and frequency assumed, and the loads that they make. */
static void size_couplers(struct chip *chip, double *column, double *row)
{
    struct chip_device *device = &chip->device;
    size_t n = (size_t)chip->n, count = n + (size_t)chip->m;
    device->weight_s = unit_conductance(chip, &chip->weight);
    device->drive_s = unit_conductance(chip, &chip->drive);
    device->cond_s = unit_conductance(chip, &chip->cond);
    memset(column, 0, count * sizeof *column);
    memset(row, 0, count * sizeof *row);
    add_couplers(chip, column);
    add_row_codes(chip, true, row);
    device->column_load_s = chip->pdk->device->bus_s;
    device->row_load_s = 0;
    for (size_t i = 0; i < count; i++)
        device->column_load_s = fmax(device->column_load_s, column[i] / device->scale[i]);
    for (size_t i = 0; i < n; i++)
        device->row_load_s += row[i] / (double)n;
    device->column_s = device->column_load_s / (chip->pdk->device->attenuation - 1);
}

/* How many cells in parallel make a tone: so many that each of them carries what the others do, for
 * the gain falls with the load of the row. Couplers in parallel on the columns of other tones are
 * not counted, or tones that pull on each other would make each other grow: twice the cells took
 * 0.002 rad off an error of 0.014. */
static void size_tones(struct arena *arena, struct chip *chip)
{
    struct chip_device *device = &chip->device;
    size_t n = (size_t)chip->n, count = n + (size_t)chip->m;
    double *row = ARENA_ARRAY(arena, double, count);
    add_row_codes(chip, false, row);
    for (size_t i = n; i < count && device->row_load_s > 0; i++) {
        double share = row[i] / device->row_load_s;
        device->scale[i] = share > 1 ? (int)round(share) : 1;
    }
}

static void size_dummies(struct chip *chip, double *column)
{
    struct chip_device *device = &chip->device;
    for (int i = 0; i < chip->n + chip->m; i++) {
        column[i] = device->scale[i] * device->column_load_s - column[i];
        if (column[i] < least_dummy * device->column_load_s)
            column[i] = 0;
    }
    device->column_dummy_s = column;
}

void pass_device(struct arena *arena, struct chip *chip, struct diags *diags)
{
    chip->device.present = chip->pdk->device && check_bits(chip, diags);
    if (!chip->device.present) {
        chip->hardwired = false; /* behavioural cells never are */
        return;
    }
    struct device_corners corners;
    device_corners_load(arena, chip, &corners, diags);
    size_t count = (size_t)chip->n + (size_t)chip->m;
    double *column = ARENA_ARRAY(arena, double, count), *row = ARENA_ARRAY(arena, double, count);
    chip->device.scale = ARENA_ARRAY(arena, int, count);
    for (size_t i = 0; i < count; i++)
        chip->device.scale[i] = 1;
    chip->device.gain = chip->pdk->device->gain;
    chip->device.frequency_hz = chip->pdk->carrier_hz;
    /* gain and frequency depend on the load, and the load on the conductances */
    for (int round = 0; round < ROUNDS; round++) {
        size_couplers(chip, column, row);
        size_tones(arena, chip);
        device_corners_typical(chip, &corners);
    }
    size_couplers(chip, column, row);
    device_corners_set(arena, chip, &corners, diags);
    size_dummies(chip, column);
    device_corners_spread(chip, &corners, row);
}
