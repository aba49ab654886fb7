/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/map/tiles.h"

bool map_is_square(const struct chip *chip)
{
    size_t n = (size_t)chip->n;
    return 2 * chip->sites->count > n * (n - 1);
}

size_t map_column_couplers(const struct chip *chip, int i)
{
    return map_is_square(chip) ? (size_t)chip->n - 1
                               : chip->sites->first[i + 1] - chip->sites->first[i];
}

size_t map_couplers(const struct chip *chip)
{
    return map_is_square(chip) ? (size_t)chip->n * ((size_t)chip->n - 1) : chip->sites->count;
}

size_t map_site_word(const struct chip *chip, int i, size_t site)
{
    return map_is_square(chip) ? map_square_word((size_t)chip->n, MAP_TILE, (size_t)i,
                                                 (size_t)chip->sites->source[site])
                               : site;
}

size_t map_square_word(size_t n, size_t side, size_t i, size_t j)
{
    size_t left = i / side * side, above = j / side * side; /* where the tile begins */
    size_t columns = n - left < side ? n - left : side;
    size_t sources = n - above < side ? n - above : side;
    bool diagonal = left == above;
    /* columns left of the tile, then tiles of its own columns, one of which lacks a diagonal */
    size_t word = left * (n - 1) + columns * above - (left < above ? columns : 0);
    return word + (i - left) * (sources - diagonal) + (j - above) - (diagonal && j > i);
}
