/* SPDX-License-Identifier: Apache-2.0
 *
 * The deck of a testbench: its cells flattened to devices, each in the card of its size.
 */
#ifndef OSCC_SPICE_BENCH_DECK_H
#define OSCC_SPICE_BENCH_DECK_H

#include "spice/bench.h"

/* folder: the bench's own, where the hierarchical netlist is left as bench.spice. false with faults
 * in the lab's diags. */
bool bench_write_deck(struct bench *bench, const char *folder, struct str *deck);

#endif
