/* SPDX-License-Identifier: Apache-2.0
 *
 * Processes: each is one const struct in its own folder, picked by name from a list.
 */
#ifndef OSCC_PDK_PDK_H
#define OSCC_PDK_PDK_H

#include <stdbool.h>

#include "compiler/base/arena.h"

/* Magnitude bits of every process's coupler, bits of its frequency trim and of its lag code. */
enum { PDK_COUPLER_BITS = 4, PDK_TRIM_BITS = 8, PDK_LAG_BITS = 4 };

/* What a chip is set to at a corner: both are digital. */
struct pdk_corner {
    const char *name;
    double cycles; /* length of a run in periods of the tone, relative to the typical corner's */
    int lag_code;
    double resistor, capacitor; /* of the process's resistors and capacitors, relative */
};

/* Mismatch of one kind of transistor: a standard deviation is the figure over sqrt(W L), in um. */
struct pdk_mismatch {
    double threshold_v_um; /* V um */
    double factor_um;      /* of the current factor, relative, um */
};

/* The transistor level of a process. Figures are of a cell with its full load, at the typical
 * corner; where pdk/<process>/measured holds data of the cells (pdk/measured.h), these replace
 * gain, lag and corners here. */
struct pdk_device {
    const char *cells;                /* folder below pdk/cells */
    const char *const *cell_files;    /* in the order in which they go into cells.spice */
    const struct pdk_corner *corners; /* ends with a NULL name; the typical one first */
    double supply_v, mid_v;           /* mid-rail, to which what is off is connected */
    double capacitor_f;               /* of a node, without the transistors' own */
    double gain;                      /* coupling that a conductance gives, measured / ideal */
    double attenuation; /* couplers on the bus of a column have so many times the conductance */
    double coupler_f;   /* that a coupler's switches put on each line of the bus */
    double bus_s;       /* least conductance on a bus line, at which the cells are measured */
    double bus_delay_s; /* of the pull on the bus, that makes up for the cell's lead */
    double lag_base, lag_step; /* parts of that delay: fixed, and of one step of the lag code */
    double mim_f_per_um2;
    double gate_um; /* the shortest gate, which layout rules scale with (docs/area.md) */
    double frequency_per_capacitance; /* relative change of frequency per relative change of C */
    double enable_f;                  /* that a closed switch puts on its line of the bus */
    double enable_ohm; /* of a closed switch of the cell `enable`; 0: the process has no cells hold,
                        * enable, capture and midrail, and its arrays go without */
    const char *resistor;      /* the coupler's device, in lower case */
    const char *resistor_size; /* its parameters up to the number of its length */
    const char *size_unit; /* behind every number of um: "" where the PDK counts in um, or "u" */
    double resistor_ohm_per_um;
    struct pdk_mismatch mismatch_n, mismatch_p;
    const char *mismatch_source; /* where these are from; NULL: not known */
};

/* Standard cells of a process, for the digital control. Files lie below <root>/<process>/. */
struct pdk_logic_corner {
    const char *name;    /* "tt" */
    const char *library; /* "tt_025C_1v80" */
    const char *liberty; /* its file */
};
struct pdk_logic {
    const char *name;         /* "sky130_fd_sc_hd", before "__" in the name of each cell */
    const char *const *cells; /* those that synthesis may use, without prefix and size */
    const char *spice;        /* their netlists */
    const char *tie, *buffer; /* cell with outputs HI and LO; "CELL INPUT OUTPUT" */
    const struct pdk_logic_corner *corners; /* ends with a NULL name; the typical one first */
    double wire_f; /* of wire that each pin on a net is taken to bring, F: layout is not known */
    /* A memory that is not made of flip-flops: estimates for one of as many bits, 32 a word */
    double memory_bits, memory_area_um2, memory_read_j, memory_write_j, memory_leakage_w;
    const char *memory_source;
};

struct pdk {
    const char *name;                /* as in --pdk */
    const char *title;               /* one line for people */
    const char *cells;               /* folder below pdk/cells that holds its cell netlists */
    const char *const *cell_files;   /* in the order in which they go into cells.spice */
    double carrier_hz;               /* free frequency of the oscillator cell with trim code 0 */
    double capacitor_f;              /* on each of its two state nodes */
    double carrier_cycles;           /* periods in one run unless the model says otherwise */
    double swing_v;                  /* amplitude of its limit cycle */
    const struct pdk_device *device; /* NULL: behavioural cells only */
    const struct pdk_logic *logic;   /* NULL: no standard cells */
    /* The models come with oscc. Such a process takes every model: one whose codes the transistors
     * cannot hold is made in behavioural cells only, with a warning. */
    bool built_in;
};

/* The files of the behavioural cells, and of the transistor cells of a process, below their folders
 * in the order in which they go into cells.spice, NULL-terminated. */
extern const char *const pdk_behavioural_cells[];
extern const char *const pdk_transistor_cells[];

/* All processes that are built in, NULL-terminated, the default first. */
extern const struct pdk *const pdk_all[];

/* By name, or NULL. */
const struct pdk *pdk_find(const char *name);

/* A corner of a process by name, or NULL. */
const struct pdk_corner *pdk_corner_find(const struct pdk_device *device, const char *name);

/* Where PDKs are installed: $PDK_ROOT, else the usual places that hold the process; NULL when none
 * does. The process's own files lie in a folder of its name there. Of a process that is built in:
 * pdk/models of the data folder. */
const char *pdk_root(struct arena *arena, const char *process);

/* The folder that holds pdk/cells: $OSCC_DATA, else share/oscc beside the binary's bin/, else the
 * place of installation, else the source tree it was built from. NULL when none is there. */
const char *pdk_data_folder(struct arena *arena);

#endif
