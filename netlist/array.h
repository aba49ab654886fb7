/* SPDX-License-Identifier: Apache-2.0
 *
 * The analog array of a chip as a netlist: cells, row drivers, couplers, dummies.
 *
 * Oscillator i (0..n-1) and conditioning oscillator k (as number n + k) have the column lines
 * x<i> y<i>, which are ports of the array, and the row lines rx<i> ry<i>. Codes are parameters
 * that the test bench sets from the weight memory: w<address> for trims and couplings, and
 * d<i*m+k> for the words of the drive bank of the class that is drawn.
 */
#ifndef OSCC_NETLIST_ARRAY_H
#define OSCC_NETLIST_ARRAY_H

#include "compiler/map/chip.h"
#include "netlist/net.h"

struct net_module *netlist_array(struct arena *arena, const struct chip *chip);

/* array.spice and top.spice as text. */
void netlist_write_array(const struct chip *chip, const struct net_module *array, struct str *out);
void netlist_write_top(struct arena *arena, const struct chip *chip, const struct net_module *array,
                       struct str *out);

#endif
