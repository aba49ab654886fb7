/* SPDX-License-Identifier: Apache-2.0
 *
 * What a host writes to the regions of the digital control so that it holds the chip's
 * configuration at its typical corner (docs/control.md), in the bytes of each region.
 */
#ifndef OSCC_NETLIST_CONTROL_REGIONS_H
#define OSCC_NETLIST_CONTROL_REGIONS_H

#include "compiler/map/chip.h"
#include "control/host.h"

/* Whether the chip gets a digital control: a coupler's code must fit a byte of the class banks, a
 * frequency's the trim. */
bool netlist_has_control(const struct chip *chip);

size_t netlist_chain_bits(const struct chip *chip);  /* links of the configuration chain */
size_t netlist_class_links(const struct chip *chip); /* couplers of the class chain */

struct netlist_bytes {
    uint8_t *bytes; /* owned by the arena */
    size_t count;
};

/* Regions chain, class, weights, biases and settings. */
struct netlist_bytes netlist_region(struct arena *arena, const struct chip *chip,
                                    enum control_region region);

#endif
