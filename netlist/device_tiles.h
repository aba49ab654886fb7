/* SPDX-License-Identifier: Apache-2.0
 *
 * Couplers of the array of transistors in their tiles (netlist/tiles.h), through which its chains
 * run.
 */
#ifndef OSCC_NETLIST_DEVICE_TILES_H
#define OSCC_NETLIST_DEVICE_TILES_H

#include "compiler/map/chip.h"
#include "netlist/net.h"

enum { DEVICE_LINES_EACH = 4 }; /* lines of a column, a bus, a row */

/* A chain of flip-flops through the array: its ports, and the out node of its last link. */
struct device_chain {
    const char *in, *out, *ck, *ckb;
    const char *prefix; /* of the nodes between links */
    size_t links;
    const char **end;
};

/* The array being filled. */
struct device_builder {
    struct arena *arena;
    const struct chip *chip;
    struct net_module *array;          /* its next: the tiles that it uses */
    const char **column, **bus, **row; /* DEVICE_LINES_EACH names an oscillator */
    const char **gated;                /* between enable and column; the bus where there is none */
    struct device_chain configuration, class;
};

/* Adds an instance that is the chain's next link; nodes[at] .. nodes[at + 3] are filled with its
 * nodes in, out, ck, ckb. */
void device_add_link(struct device_builder *b, struct device_chain *chain, const char *name,
                     const char *cell, size_t count, const char **nodes, size_t at,
                     const char *parameters);

/* All couplers of the array in the order of their words, hardwired ones as resistors. */
void device_add_couplers(struct device_builder *b);

#endif
