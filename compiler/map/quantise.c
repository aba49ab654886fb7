/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/map/quantise.h"

#include <float.h>
#include <math.h>

static double largest_magnitude(const double *values, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(values[i]));
    return largest;
}

struct chip_scale quantise_scale(int bits, double full_scale, const double *values, size_t count)
{
    struct chip_scale scale = {.bits = bits, .full = (1 << (bits - 1)) - 1};
    if (full_scale <= 0)
        full_scale = largest_magnitude(values, count);
    scale.lsb = full_scale / scale.full;
    if (scale.lsb < DBL_MIN) /* zeros, and what is too small to divide by */
        scale.lsb = 1.0 / scale.full;
    return scale;
}

int16_t quantise_value(const struct chip_scale *scale, double value, size_t *saturated)
{
    double code = round(value / scale->lsb);
    if (fabs(code) > scale->full) {
        code = copysign(scale->full, code);
        ++*saturated;
    }
    return (int16_t)code;
}

void quantise_scales(const struct model *model, struct chip *chip)
{
    const struct model_chip_hints *hints = &model->chip;
    size_t n = (size_t)model->n, m = (size_t)model->m;
    chip->weight = quantise_scale(hints->weight_bits, hints->weight_full_scale,
                                  model->couplings.value, model->couplings.count);
    chip->cond = quantise_scale(hints->weight_bits, 0, model->k_cond, m * m);
    chip->drive = quantise_scale(hints->weight_bits, hints->drive_full_scale, model->k_drive,
                                 (size_t)model->classes * n * m);
    double largest =
        fmax(largest_magnitude(model->omega, n), largest_magnitude(model->omega_cond, m));
    chip->omega = quantise_scale(hints->omega_bits, hints->omega_full_scale, &largest, 1);
}

static const double *rounded(struct arena *arena, const struct chip_scale *scale,
                             const double *values, size_t count)
{
    size_t saturated = 0;
    double *result = ARENA_ARRAY(arena, double, count);
    for (size_t i = 0; i < count; i++)
        result[i] = scale->lsb * quantise_value(scale, values[i], &saturated);
    return result;
}

struct model *map_quantised_model(struct arena *arena, const struct model *model)
{
    struct chip scales = {0};
    quantise_scales(model, &scales);
    struct model *copy = ARENA_NEW(arena, struct model);
    *copy = *model;
    size_t n = (size_t)model->n, m = (size_t)model->m;
    copy->couplings.value =
        rounded(arena, &scales.weight, model->couplings.value, model->couplings.count);
    copy->k_cond = rounded(arena, &scales.cond, model->k_cond, m * m);
    copy->k_drive = rounded(arena, &scales.drive, model->k_drive, (size_t)model->classes * n * m);
    copy->omega = rounded(arena, &scales.omega, model->omega, n);
    copy->omega_cond = rounded(arena, &scales.omega, model->omega_cond, m);
    return copy;
}
