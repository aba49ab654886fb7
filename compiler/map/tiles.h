/* SPDX-License-Identifier: Apache-2.0
 *
 * How the couplers between main oscillators stand in the array, which gives their words their
 * addresses: the configuration chain runs through the array tile by tile, and word k of the memory
 * is that of link k.
 *
 * A model in which more than half of all pairs are coupled is laid out in square tiles, MAP_TILE
 * columns by MAP_TILE sources, with a coupler for every pair of different oscillators (code 0 where
 * the model has none); tiles at the edge are narrower. The chain goes along the tiles of the first
 * MAP_TILE columns, then of the next; within a tile column by column, source by source. Any other
 * model gets column tiles, MAP_TILE of one oscillator's couplings each, in the order of the
 * couplings.
 */
#ifndef OSCC_MAP_TILES_H
#define OSCC_MAP_TILES_H

#include "compiler/map/chip.h"

enum { MAP_TILE = 16 };

bool map_is_square(const struct chip *chip);

/* Couplers that pull on oscillator i, and all of them; those between conditioning oscillators and
 * the class drives not counted. */
size_t map_column_couplers(const struct chip *chip, int i);
size_t map_couplers(const struct chip *chip);

/* The place in section CHIP_COUPLING of a site: the coupling number `site` of sites, of column i.
 */
size_t map_site_word(const struct chip *chip, int i, size_t site);

/* The same in a square layout of n oscillators in tiles of a side, for the coupling of j on i. */
size_t map_square_word(size_t n, size_t side, size_t i, size_t j);

#endif
