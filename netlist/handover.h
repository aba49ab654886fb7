/* SPDX-License-Identifier: Apache-2.0
 *
 * What a chip folder holds for those who go on with it: the whole chip in Verilog and SPICE, and
 * what a flow from netlist to layout asks for.
 *
 *     verilog/top.v         control and array
 *     verilog/array_stub.v  the array as a black box, ports as in spice/array.spice
 *     verilog/tb/           a test bench with oscillators by their phase equations
 *     spice/chip_top.spice  array and control, the control as a subcircuit without a body
 *     config.json control.sdc  for LibreLane: the control as a macro
 *
 * Only for a chip that has a control and an array of transistors.
 */
#ifndef OSCC_NETLIST_HANDOVER_H
#define OSCC_NETLIST_HANDOVER_H

#include <jansson.h>

#include "compiler/map/chip.h"
#include "netlist/net.h"

/* Whether there is something to hand over. */
bool netlist_has_top(const struct chip *chip);

void netlist_write_verilog_top(struct arena *arena, const struct chip *chip,
                               const struct net_module *array, struct str *out);
void netlist_write_array_stub(const struct chip *chip, const struct net_module *array,
                              struct str *out);

/* tb/array.v, and the tables tb/links.hex and tb/trim.hex of netlist/rtl/tb/oscillators.v. */
void netlist_write_array_model(struct arena *arena, const struct chip *chip,
                               const struct net_module *array, struct str *out);
void netlist_write_array_links(struct arena *arena, const struct chip *chip, struct str *out);
void netlist_write_array_trims(const struct chip *chip, struct str *out);

void netlist_write_spice_top(struct arena *arena, const struct chip *chip,
                             const struct net_module *array, struct str *out);

/* LibreLane's config.json; sources: names of the files in verilog/, NULL-terminated. */
json_t *netlist_librelane(const struct chip *chip, const char *const *sources);
void netlist_write_sdc(const struct chip *chip, struct str *out);

#endif
