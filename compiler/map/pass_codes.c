/* SPDX-License-Identifier: Apache-2.0
 *
 * Passes that turn the model's numbers into codes and give them addresses.
 */
#include "compiler/map/passes.h"
#include "compiler/map/quantise.h"
#include "compiler/map/tiles.h"

static int16_t *codes_of(struct arena *arena, const struct chip_scale *scale, const double *values,
                         size_t count, size_t *saturated)
{
    int16_t *codes = ARENA_ARRAY(arena, int16_t, count);
    for (size_t i = 0; i < count; i++)
        codes[i] = quantise_value(scale, values[i], saturated);
    return codes;
}

void pass_quantise(struct arena *arena, struct chip *chip, struct diags *diags)
{
    const struct model *model = chip->model;
    size_t n = (size_t)chip->n, m = (size_t)chip->m, classes = (size_t)chip->classes;
    quantise_scales(model, chip);

    chip->weight_code = codes_of(arena, &chip->weight, model->couplings.value,
                                 model->couplings.count, &chip->saturated);
    chip->drive_code =
        codes_of(arena, &chip->drive, model->k_drive, classes * n * m, &chip->saturated);

    chip->trim_code = ARENA_ARRAY(arena, int16_t, n + m);
    for (size_t i = 0; i < n + m; i++)
        chip->trim_code[i] = quantise_value(
            &chip->omega, i < n ? model->omega[i] : model->omega_cond[i - n], &chip->saturated);

    chip->cond_code = ARENA_ARRAY(arena, int16_t, m ? m * (m - 1) : 0);
    for (size_t k = 0, at = 0; k < m; k++)
        for (size_t l = 0; l < m; l++)
            if (l != k)
                chip->cond_code[at++] =
                    quantise_value(&chip->cond, model->k_cond[k * m + l], &chip->saturated);

    if (chip->saturated) {
        diag_warning(diags, DIAG_SATURATED, SPAN_NONE,
                     "%zu weights are beyond the full scale and were set to the largest code",
                     chip->saturated);
        diag_help(diags, "raise weight_full_scale, drive_full_scale or omega_full_scale under "
                         "`chip:`, or leave them out");
    }
}

void pass_phases(struct arena *arena, struct chip *chip, struct diags *diags)
{
    (void)arena;
    const struct model *model = chip->model;
    chip->phase_bits = model->chip.phase_bits;
    chip->readout_bits = model->chip.readout_bits;
    chip->seed = model->chip.seed;
    if (model->readout == MODEL_MEAN_RELATIVE || model->readout == MODEL_ABSOLUTE) {
        diag_warning(diags, DIAG_READOUT_DIGITAL, SPAN_NONE,
                     "readout `%s` needs what a circuit does not have",
                     model_readout_name(model->readout));
        diag_help(diags, "verification takes it from the simulated waveforms; train with "
                         "`readout: ref_drive` for a chip");
    }
}

void pass_memory(struct arena *arena, struct chip *chip, struct diags *diags)
{
    (void)arena;
    size_t n = (size_t)chip->n, m = (size_t)chip->m;
    const size_t counts[CHIP_SECTIONS] = {n + m, map_couplers(chip), m ? m * (m - 1) : 0,
                                          (size_t)chip->classes * n * m};
    static const char *const names[CHIP_SECTIONS] = {"trim", "coupling", "conditioning", "drive"};
    size_t base = 0;
    for (int s = 0; s < CHIP_SECTIONS; s++) {
        chip->memory[s] = (struct chip_section){names[s], (uint32_t)base, (uint32_t)counts[s]};
        base += counts[s];
    }
    if (base > UINT32_MAX)
        diag_error(diags, DIAG_CHIP_LIMIT, SPAN_NONE, "%zu weights are more than 2^32 addresses",
                   base);
}
