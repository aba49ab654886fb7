/* SPDX-License-Identifier: Apache-2.0
 *
 * Tiles: modules that hold couplers of one kind between some columns and some sources, each size
 * defined once and instantiated by rows (compiler/map/tiles.h). The arrays of transistors and of
 * behavioural cells have the same tiles in the same order, which is that of the weight memory:
 * each tile holds a stretch of words, column by column, source by source.
 */
#ifndef OSCC_NETLIST_TILES_H
#define OSCC_NETLIST_TILES_H

#include "compiler/map/chip.h"
#include "compiler/map/tiles.h"
#include "netlist/net.h"

enum { TILES_MOST_LINES = 4, TILES_MOST_RAILS = 7 };
enum { TILES_MOST_NODES = 2 * TILES_MOST_LINES * MAP_TILE + TILES_MOST_RAILS };

/* An array being filled with tiles. */
struct tiles {
    struct arena *arena;
    const struct chip *chip;
    struct net_module *array;               /* its next: the tiles that it uses */
    size_t lines;                           /* of a column and of a row */
    const char *const *line_names;          /* lines */
    const char *const *column, *const *row; /* lines names an oscillator, in the array */
    size_t rail_count;                      /* further ports of a tile and of a coupler */
    const char *const *rails;
    const int *scale; /* cells in parallel in each column, and couplers on it; NULL: one */

    /* Adds coupler number `link` of the `couplers` of a tile, so many in parallel. nodes: `at` of
     * them are filled, with room for the rails. */
    void (*add_coupler)(struct tiles *tiles, struct net_module *tile, const char *name,
                        const char *cell, const char **nodes, size_t at, size_t link,
                        size_t couplers, int parallel);
    /* Adds a tile to the array, nodes as above. */
    void (*add_tile)(struct tiles *tiles, enum chip_section_index kind, const char *name,
                     const char *module, const char **nodes, size_t at, size_t couplers);
    void *user;
};

/* Between main oscillators, and from conditioning ones to the others (CHIP_DRIVE) or among
 * themselves (CHIP_COND). */
void tiles_add_weights(struct tiles *tiles);
void tiles_add_conditioning(struct tiles *tiles, enum chip_section_index kind);

#endif
