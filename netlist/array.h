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

/* The array of transistors. Oscillator i has the column lines x<i>p x<i>n y<i>p y<i>n, the bus
 * lines b<i>xp .. b<i>yn that its couplers share, and the row lines r<i>xp .. r<i>yn; ports are the
 * configuration chain si so ck ckb, the class chain di do dk dkb, the lag code, enable,
 * vcm vdd vss, the column lines, and for each oscillator h<i> that holds it and q<i>, its phase.
 * Couplers stand in tiles (netlist/device_tiles.h), which follow the array as its next modules.
 * Which word of the memory a trim or coupler holds is its place in its chain alone
 * (netlist/memory.h). */
struct net_module *netlist_device_array(struct arena *arena, const struct chip *chip);
void netlist_write_device_array(const struct chip *chip, const struct net_module *array,
                                struct str *out);

/* array.spice and top.spice as text. */
void netlist_write_array(const struct chip *chip, const struct net_module *array, struct str *out);
void netlist_write_top(struct arena *arena, const struct chip *chip, const struct net_module *array,
                       struct str *out);

#endif
