/* SPDX-License-Identifier: Apache-2.0
 *
 * Processes: each is one const struct in its own folder, picked by name from a list.
 */
#ifndef OSCC_PDK_PDK_H
#define OSCC_PDK_PDK_H

#include "compiler/base/arena.h"

struct pdk {
    const char *name;              /* as in --pdk */
    const char *title;             /* one line for people */
    const char *cells;             /* folder below pdk/cells that holds its cell netlists */
    const char *const *cell_files; /* in the order in which they go into cells.spice */
    double carrier_hz;             /* free frequency of the oscillator cell with trim code 0 */
    double capacitor_f;            /* on each of its two state nodes */
    double swing_v;                /* amplitude of its limit cycle */
};

/* All processes that are built in, NULL-terminated, the default first. */
extern const struct pdk *const pdk_all[];

/* By name, or NULL. */
const struct pdk *pdk_find(const char *name);

/* The folder that holds pdk/cells: $OSCC_DATA, else share/oscc beside the binary's bin/, else the
 * place of installation, else the source tree it was built from. NULL when none is there. */
const char *pdk_data_folder(struct arena *arena);

#endif
