/* SPDX-License-Identifier: Apache-2.0
 *
 * `oscc synth`: the digital control of a chip folder on standard cells, in its folder synth/.
 *
 *     synth.tcl cells.constr cells.lib   the script and what it reads; cells.lib holds the cells
 * used control_netlist.v area.txt         the mapped control, and Yosys's counts
 *     timing-<corner>.txt                OpenSTA's paths
 *     equivalence.txt                    what was proven (--prove)
 *     result.json                        the figures, which the report takes over into metrics.json
 */
#ifndef OSCC_SYNTH_SYNTH_H
#define OSCC_SYNTH_SYNTH_H

#include <jansson.h>

#include "compiler/base/diag.h"
#include "pdk/pdk.h"

struct liberty;

struct synth_options {
    bool prove;  /* equivalence of RTL and netlist, block by block */
    bool energy; /* simulate a sample in gates */
    void (*say)(void *user, const char *line);
    void *user;
};

/* Where the flow's files are and what it found; figures is a JSON object of numbers. */
struct synth {
    struct arena *arena;
    struct diags *diags;
    const struct synth_options *options;
    const char *chip, *folder, *scripts; /* the chip's, its synth/, netlist/synth of the data */
    const struct pdk *pdk;
    const char *root;   /* of the process's files; NULL without standard cells */
    double clock_hz[4]; /* by corner of pdk->logic, the typical first */
    json_t *figures;
};

/* Runs it. false with faults in diags. */
bool synth_chip(struct arena *arena, const char *chip, const struct synth_options *options,
                struct diags *diags);

/* Its steps, each false with faults in diags. */
bool synth_map(struct synth *s);
bool synth_time(struct synth *s);
bool synth_prove(struct synth *s);
bool synth_energy(struct synth *s);

/* Adds a figure; a path of the chip's synth folder. */
void synth_figure(struct synth *s, const char *name, double value);
const char *synth_path(const struct synth *s, const char *name);
const char *synth_liberty_path(const struct synth *s, size_t corner);

/* The library of the typical corner with the cells that may be used. NULL with a fault in diags. */
const struct liberty *synth_liberty(struct synth *s);

#endif
