/* SPDX-License-Identifier: Apache-2.0
 *
 * Weights as sign-and-magnitude codes.
 */
#ifndef OSCC_MAP_QUANTISE_H
#define OSCC_MAP_QUANTISE_H

#include "compiler/map/chip.h"

/* The scale of `count` values: full_scale where it is given (> 0), else the largest magnitude; all
 * zeros (or less than any lsb can stand for) give a scale of 1. */
struct chip_scale quantise_scale(int bits, double full_scale, const double *values, size_t count);

/* Nearest code (halves away from zero), limited to +-full; saturated is counted up where limited.
 */
int16_t quantise_value(const struct chip_scale *scale, double value, size_t *saturated);

/* The four scales of a model's weights, in the fields weight, cond, drive and omega of a chip. */
void quantise_scales(const struct model *model, struct chip *chip);

#endif
