/* SPDX-License-Identifier: Apache-2.0
 *
 * The chains of flip-flops of an array, from its netlist: which word of the weight memory a trim or
 * coupler holds is its place in its chain, and nothing else says it.
 */
#ifndef OSCC_SPICE_DEVICE_CHAIN_H
#define OSCC_SPICE_DEVICE_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler/base/arena.h"

/* A cell in a chain: its nodes si, so, ck and ckb, and what it is. */
struct device_link {
    uint32_t in, out, ck, ckb;
    bool is_trim;
    size_t item; /* the caller's number of the trim or coupler */
};

/* Follows the chain that begins at node `in`: order[k] becomes the index of its link k. nodes: the
 * number of nodes. Returns NULL when it comes to `out` after exactly `length` links that all have
 * the clocks of the first, else what is wrong with it. Links that are not on this chain are left
 * alone. */
const char *device_follow_chain(struct arena *arena, const struct device_link *links, size_t count,
                                size_t nodes, uint32_t in, uint32_t out, size_t length,
                                size_t *order);

#endif
