/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/map/hardwired.h"

#include <stdlib.h>

bool map_has_hardwired_drives(const struct chip *chip)
{
    return chip->hardwired && chip->classes == 1;
}

static double magnitudes(const int16_t *code, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += abs(code[k]);
    return sum;
}

struct map_column_codes map_hardwired_column(const struct chip *chip, int column)
{
    size_t m = (size_t)chip->m, i = (size_t)column;
    if (column >= chip->n)
        return (struct map_column_codes){
            .cond = magnitudes(chip->cond_code + (i - (size_t)chip->n) * (m - 1), m - 1)};
    size_t first = chip->sites->first[i];
    return (struct map_column_codes){
        .weight = magnitudes(chip->weight_code + first, chip->sites->first[i + 1] - first),
        .drive = map_has_hardwired_drives(chip) ? magnitudes(chip->drive_code + i * m, m)
                                                : (double)m * chip->drive.full};
}
