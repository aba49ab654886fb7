/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes a run long enough for the model: the longer it is, the smaller are the couplers'
 * conductances, and their sum on a column must stay within what the cells were measured with, or
 * they would be too heavy to oscillate. It grows with fan-in times full scale. What counts is the
 * gain at the largest load: load times gain, which is the pull, grows with the load.
 */
#include <math.h>

#include "compiler/map/device_corners.h"
#include "compiler/map/hardwired.h"
#include "compiler/map/passes.h"
#include "compiler/map/tiles.h"
#include "pdk/measured.h"

/* The sum of full scales into the heaviest column, or of what is hardwired there, rad per unit of
 * model time. */
static double heaviest_column(const struct chip *chip)
{
    double hardwired = 0;
    for (int i = 0; i < chip->n + chip->m && chip->hardwired; i++) {
        struct map_column_codes codes = map_hardwired_column(chip, i);
        hardwired =
            fmax(hardwired, codes.weight * chip->weight.lsb + codes.drive * chip->drive.lsb +
                                codes.cond * chip->cond.lsb);
    }
    if (chip->hardwired)
        return hardwired;
    double most = (chip->m - 1) * chip->cond.full * chip->cond.lsb;
    for (int i = 0; i < chip->n; i++)
        most =
            fmax(most, (double)map_column_couplers(chip, i) * chip->weight.full * chip->weight.lsb +
                           chip->m * chip->drive.full * chip->drive.lsb);
    return most;
}

void pass_cycles(struct arena *arena, struct chip *chip, struct diags *diags)
{
    const struct pdk_device *device = chip->pdk->device;
    if (!device || chip->model->chip.carrier_cycles > 0) /* the user's choice */
        return;
    struct diags unsaid = {0}; /* pass_device reads the data of all corners and says their faults */
    const struct pdk_measured *typical = device_corners_read_typical(arena, chip, &unsaid);
    diag_free(&unsaid);
    if (!typical)
        return;
    double most_s = pdk_measured_most(typical);
    double delay_s = pdk_measured_delay(typical, most_s, most_s);
    double load_s = device->attenuation * heaviest_column(chip) * device->capacitor_f *
                    chip->model_time / chip->run_s /
                    pdk_measured_at(typical, most_s, delay_s, most_s).gain;
    if (load_s <= most_s)
        return;
    double usual = chip->carrier_cycles;
    chip->carrier_cycles = ceil(usual * load_s / most_s);
    chip->run_s = chip->carrier_cycles / chip->carrier_hz;
    diag_warning(diags, DIAG_CHIP_LIMIT, SPAN_NONE,
                 "a run takes %g carrier cycles, not %g: in these the couplers of an oscillator "
                 "would load it with %.3g S, and %s was measured up to %.3g S",
                 chip->carrier_cycles, usual, load_s, chip->pdk->name, most_s);
    diag_help(diags, "a smaller weight_full_scale or a smaller fan-in shortens the run and its "
                     "energy; `carrier_cycles` under `chip:` sets it");
}
