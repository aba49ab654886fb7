/* SPDX-License-Identifier: Apache-2.0
 *
 * The mapped control as Yosys writes it in JSON: its top and the blocks in it, cells and nets. Nets
 * that a block's port joins are one.
 */
#ifndef OSCC_SYNTH_GATES_H
#define OSCC_SYNTH_GATES_H

#include "compiler/base/diag.h"
#include "synth/activity.h"
#include "synth/liberty.h"

struct gates_pin {
    const char *name;
    size_t net; /* GATES_CONSTANT: tied */
};
enum { GATES_CONSTANT = 0 };

struct gates_cell {
    const char *name;
    const struct liberty_cell *cell; /* NULL: a memory, a black box */
    size_t width, depth;             /* of a memory */
    size_t block, pin_count;
    const struct gates_pin *pins;
};

struct gates_block {
    const char *module, *instance; /* both "control" for what stands in the top itself */
};

/* A name of a net's bit in a block, by which a dump knows it. */
struct gates_name {
    const char *name; /* with the instance before it, but for the top's own */
    size_t bit, net;
};

struct gates {
    size_t block_count, cell_count, name_count, net_count;
    const struct gates_block *blocks; /* the top first */
    const struct gates_cell *cells;
    const struct gates_name *names;
};

/* Reads a netlist. NULL with faults in diags. */
const struct gates *gates_read(struct arena *arena, const char *path, const char *top,
                               const struct liberty *liberty, struct diags *diags);

size_t gates_memories(const struct gates *gates);
double gates_area_um2(const struct gates *gates, size_t block);
size_t gates_cells_of(const struct gates *gates, size_t block);

#endif
