/* SPDX-License-Identifier: Apache-2.0
 *
 * The analog array of a chip as a netlist: cells, row drivers, couplers, dummies.
 *
 * Oscillator i (0..n-1) and conditioning oscillator k (as number n + k) have the column lines
 * x<i> y<i>, which are ports of the array, and the row lines rx<i> ry<i>. Codes are parameters
 * that whoever simulates the array takes from the weight memory: w<address> for a trim, and c<k>
 * for coupler k of a tile (netlist/tiles.h). An array instantiates a tile as <tile>_w<address> or,
 * of class drives, as <tile>_d<word of the bank of the class that is drawn>, after the first of its
 * words: modules with the tile's ports that set its c<k> and hold the tile (spice/words.h).
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
