/* SPDX-License-Identifier: Apache-2.0
 *
 * What a chip is made of: devices of the process counted in its netlist, by block of the array, and
 * an estimate of their area from their sizes. Modules are counted once and multiplied, so that the
 * time grows with the text of the netlist and not with the devices.
 */
#ifndef OSCC_SPICE_INVENTORY_H
#define OSCC_SPICE_INVENTORY_H

#include "spice/circuit.h"

enum inventory_kind {
    INVENTORY_TRANSISTORS,
    INVENTORY_RESISTORS,
    INVENTORY_CAPACITORS,
    INVENTORY_KINDS
};

enum inventory_block {
    INVENTORY_OSCILLATORS,
    INVENTORY_DRIVERS,
    INVENTORY_COUPLERS, /* with their bits of the configuration chain; hardwired ones too */
    INVENTORY_TRIMS,    /* as well */
    INVENTORY_COLUMNS,
    INVENTORY_LAG,
    INVENTORY_DUMMIES,
    INVENTORY_HOLDS,
    INVENTORY_ENABLES,
    INVENTORY_CAPTURES,
    INVENTORY_MIDRAIL,
    INVENTORY_OTHERS,
    INVENTORY_BLOCKS
};
const char *inventory_block_name(enum inventory_block block);

struct inventory {
    uint64_t count[INVENTORY_BLOCKS][INVENTORY_KINDS];
    double area_um2[INVENTORY_BLOCKS][INVENTORY_KINDS];
};

/* Counts a circuit of the PDK's devices. A device stands as often as its m says, and that of every
 * instance around it. gate_um: the shortest gate of the process, with which its layout rules are
 * taken to scale. 0, or -EINVAL and in *fault what is wrong: a module that is missing or contains
 * itself, a device of no kind that is known, or one without a size. */
int inventory_count(struct arena *arena, const struct circuit *circuit, double gate_um,
                    struct inventory *inventory, const char **fault);

/* The area that one device takes, um^2: its drawn size and what layout adds around it. The rules
 * are SkyWater's (docs/area.md), scaled. */
double inventory_device_area(enum inventory_kind kind, double w_um, double l_um, double gate_um);

/* Over all blocks. */
uint64_t inventory_transistors(const struct inventory *inventory);
double inventory_area_um2(const struct inventory *inventory);

#endif
