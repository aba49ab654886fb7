/* SPDX-License-Identifier: Apache-2.0
 *
 * Sizes the array of transistors: conductances of the couplers, and dummies that bring every column
 * to one load, so that one lag and one gain hold for all of them. Rows get none: their drivers are
 * some hundred times stiffer than what hangs on them.
 */
#include <math.h>

#include "compiler/map/passes.h"

/* Conductance of a kind's code 1. The cell answers to a conductance with `gain` times the pull that
 * its capacitor alone would let expect, which was measured. */
static double unit_conductance(const struct chip *chip, const struct chip_scale *scale)
{
    return scale->lsb * chip->pdk->device->capacitor_f * chip->model_time / chip->run_s /
           chip->pdk->device->gain;
}

/* What the couplers alone put on the lines: column[n + m] and row[n + m], S. */
static void add_couplers(const struct chip *chip, double *column, double *row)
{
    int n = chip->n, m = chip->m;
    double weight = chip->weight.full * chip->device.weight_s;
    double drive = chip->drive.full * chip->device.drive_s;
    double cond = chip->cond.full * chip->device.cond_s;
    for (int i = 0; i < n; i++) {
        for (size_t s = chip->sites->first[i]; s < chip->sites->first[i + 1]; s++) {
            column[i] += weight;
            row[chip->sites->source[s]] += weight;
        }
        column[i] += m * drive;
    }
    for (int k = n; k < n + m; k++) {
        column[k] += (m - 1) * cond;
        row[k] += n * drive + (m - 1) * cond;
    }
}

void pass_device(struct arena *arena, struct chip *chip, struct diags *diags)
{
    (void)diags;
    if (!chip->pdk->device)
        return;
    struct chip_device *device = &chip->device;
    size_t n = (size_t)chip->n, count = n + (size_t)chip->m;
    device->weight_s = unit_conductance(chip, &chip->weight);
    device->drive_s = unit_conductance(chip, &chip->drive);
    device->cond_s = unit_conductance(chip, &chip->cond);
    double *column = ARENA_ARRAY(arena, double, count), *row = ARENA_ARRAY(arena, double, count);
    add_couplers(chip, column, row);
    for (size_t i = 0; i < n; i++) {
        device->column_load_s = fmax(device->column_load_s, column[i]);
        device->row_load_s = fmax(device->row_load_s, row[i]);
    }
    if (!(device->row_load_s > 0))
        device->row_load_s = device->column_load_s;
    device->scale = ARENA_ARRAY(arena, int, count);
    for (size_t i = 0; i < count; i++) {
        /* a tone that drives every oscillator is made of several cells in parallel */
        double rows = device->row_load_s > 0 ? row[i] / device->row_load_s : 1;
        device->scale[i] = rows > 1 ? (int)ceil(rows - 1e-9) : 1;
        column[i] = device->scale[i] * device->column_load_s - column[i];
    }
    device->column_dummy_s = column;
}
