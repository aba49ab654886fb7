/* SPDX-License-Identifier: Apache-2.0
 *
 * The digital control of a chip on disk, beside the Verilog of netlist/rtl (docs/control.md):
 *
 *     params.vh  every parameter of control.v, and OSCC_PARAMETERS, which hands them to it
 *     boot.hex   the host's frames that load the whole configuration of the typical corner, one a
 *                line in hexadecimal, and the registers
 *
 * and the object "control" of chip.json: clock, bits, turns, the register HASH after booting,
 * reset values, run lengths and lag codes of the corners. Only for a chip that has a control
 * (netlist/control_regions.h).
 */
#ifndef OSCC_NETLIST_CONTROL_H
#define OSCC_NETLIST_CONTROL_H

#include <jansson.h>

#include "netlist/control_regions.h"

/* Reset values of the registers that a chip has of its own. */
struct netlist_registers {
    uint32_t run, wait, lag, limits, divide, mode, calibration;
    uint64_t seed;
};
struct netlist_registers netlist_registers(const struct chip *chip);

/* RUN for a run of so many periods of the tone. */
uint32_t netlist_run_register(const struct chip *chip, double cycles);

void netlist_write_params(const struct chip *chip, struct str *out);

/* Returns HASH after these frames. */
uint32_t netlist_write_boot(struct arena *arena, const struct chip *chip, struct str *out);

json_t *netlist_control_json(const struct chip *chip);

#endif
