/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside of device_open(): what the flattened array of a chip holds, cell by cell.
 */
#ifndef OSCC_SPICE_DEVICE_LEAVES_H
#define OSCC_SPICE_DEVICE_LEAVES_H

#include "spice/device_chain.h"
#include "spice/device_part.h"

/* A cell `enable`. */
struct device_gate {
    int oscillator;
    const uint32_t *nodes;
};

/* What the visit of the flattened array fills. */
struct device_leaves {
    struct device *device;
    size_t cell_room, path_room, trim_room;
    struct {
        uint32_t lines[DEVICE_LINES];
        double farad;
    } * lags;
    size_t lag_count, lag_room;
    struct device_gate *gates;
    size_t gate_count, gate_room;
    struct device_link *links; /* an item is a trim, or the first of a coupler's paths */
    size_t link_count, link_room;
    const char *fault; /* the first thing that is not as oscc writes it */
};

/* For circuit_visit() with a struct device_leaves: whether a module is a cell of the array or a
 * resistor in it, and one that was found. */
bool device_is_leaf(void *user, const char *module);
void device_take_leaf(void *user, const struct circuit_leaf *leaf);

#endif
