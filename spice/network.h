/* SPDX-License-Identifier: Apache-2.0
 *
 * The linear part of a circuit, kept out of ngspice's matrix: conductances between boundary nodes.
 *
 * At a boundary node k with conductances G_kj to nodes j of voltage V_j, what the network does is a
 * conductance sum_j G_kj to ground and a current source sum_j G_kj V_j (Norton). The deck holds the
 * conductance as rnet<k> and the source as inet<k>, `external`; spice/crossbar.h computes its
 * value.
 */
#ifndef OSCC_SPICE_NETWORK_H
#define OSCC_SPICE_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "compiler/base/arena.h"
#include "compiler/base/str.h"

struct network_entry {
    uint32_t from, to; /* boundary nodes */
    double siemens;
};

/* Rows by boundary node, as compressed sparse rows, columns ascending. */
struct network {
    size_t count; /* boundary nodes */
    size_t *first;
    uint32_t *other;
    double *siemens;
    double *total; /* sum of each row, S */
};

/* Sums up conductances (each given once, between two different nodes; both directions follow). */
struct network *network_make(struct arena *arena, size_t nodes, size_t entries,
                             const struct network_entry *entry);

/* The conductance of node k alone, which there is named so: rnet<k>, where it touches anything. */
void network_add_conductance(const struct network *network, size_t k, const char *name,
                             struct str *out);

/* The deck's lines: rnet<k> and inet<k> for every boundary node; names as in the deck. */
void network_add_deck(const struct network *network, const char *const *names, struct str *out);

/* The same network as resistors of the deck: rnet<k>_<j> between its nodes. */
void network_add_resistors(const struct network *network, const char *const *names,
                           struct str *out);

/* The file that the worker reads: the network, the names of its nodes as ngspice saves them, and
 * their voltages at time 0. carrier_hz: the component of the currents whose error is measured.
 * record_from: with a node, not 0, the worker leaves the currents into that node and those after it
 * in NETWORK_DRIVE_NAME beside the deck: for one node after the other a row a point, the time and
 * the current, A, as floats of 32 bits, and a last row a tenth of the run later. 0 or a negative
 * errno. */
#define NETWORK_DRIVE_NAME "drive.bin"
int network_write(const struct network *network, const char *const *names, const double *initial_v,
                  double carrier_hz, size_t record_from, const char *path);

#endif
