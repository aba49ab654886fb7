/* SPDX-License-Identifier: Apache-2.0
 *
 * The digital control of a chip folder as a process (spice/pins.h): its Verilog with pins.v around
 * it, built by a simulator.
 */
#ifndef OSCC_SPICE_COSIM_BUILD_H
#define OSCC_SPICE_COSIM_BUILD_H

#include "compiler/base/diag.h"
#include "spice/pins.h"

enum cosim_build_kind {
    COSIM_VERILATOR, /* runs in lock-step */
    COSIM_ICARUS,    /* starts from X, so that a reset that is missing shows */
    COSIM_GATES,     /* the netlist that `oscc synth` left in chip/synth, by Icarus */
    COSIM_BUILDS
};

/* "verilator". */
const char *cosim_build_name(enum cosim_build_kind kind);

/* Builds chip/verilog, or what it was mapped to, into a folder that it makes. false with faults in
 * diags. */
bool cosim_build(struct arena *arena, enum cosim_build_kind kind, const char *chip,
                 const char *folder, struct diags *diags);

/* Starts what cosim_build() left in a folder. */
bool cosim_build_start(enum cosim_build_kind kind, const char *folder, struct pins *pins,
                       struct str *reason);

#endif
