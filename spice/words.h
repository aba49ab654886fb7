/* SPDX-License-Identifier: Apache-2.0
 *
 * Codes of the behavioural array: its tiles are instantiated with their words, as <tile>_w<address>
 * or <tile>_d<word of the bank>, modules that a run's deck has to define (netlist/array.h).
 */
#ifndef OSCC_SPICE_WORDS_H
#define OSCC_SPICE_WORDS_H

#include "compiler/base/str.h"
#include "spice/circuit.h"
#include "spice/under_test.h"

/* What a name that the circuit does not define says: the tile, and in *bank 'w' or 'd', in *first
 * the first of its words. NULL where it names no tile of the circuit. */
const struct circuit_module *words_tile(const struct circuit *circuit, const char *name, char *bank,
                                        size_t *first);

/* Adds the modules of all tiles with words that the circuit's modules instantiate, each once: the
 * tile's ports, its codes c<k> from the weight memory or the bank of a class, and the tile. A word
 * that is not there leaves its c<k> without a value, for which ngspice fails. */
void words_add_modules(struct arena *arena, const struct circuit *circuit,
                       const struct under_test *chip, int class_index, struct str *out);

#endif
