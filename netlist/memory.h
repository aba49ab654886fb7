/* SPDX-License-Identifier: Apache-2.0
 *
 * The weight memory's image: text for Verilog's $readmemh, one 16-bit word a line in sign and
 * magnitude (bit 15 is the sign), sections marked by comments and addresses.
 *
 * Words stand in the order of the array's chains, counted from si. Word k of the sections trim,
 * coupling and conditioning together is that of link k of the configuration chain, which is loaded
 * once; a word of omega goes in as the trim's own code, by chip.json's trim_of_code of the corner.
 * The class chain has n x m links; of section drive it takes the bank of the class that is to be
 * drawn, words class x n x m and on, and is loaded anew for each class by whoever starts a run.
 *
 * Where weights are hardwired, the configuration chain holds trims alone, and with one class the
 * class chain is empty; the other sections are for the levels phase and cell.
 */
#ifndef OSCC_NETLIST_MEMORY_H
#define OSCC_NETLIST_MEMORY_H

#include "compiler/map/chip.h"

/* Every code in the order of its word, owned by the arena. */
int16_t *netlist_memory_words(struct arena *arena, const struct chip *chip);

void netlist_write_memory(struct arena *arena, const struct chip *chip, struct str *out);

/* Reads an image back into codes, owned by the arena. NULL with faults in diags when the text is
 * not an image of exactly `words` words. */
int16_t *netlist_read_memory(struct arena *arena, const struct source *source, size_t words,
                             struct diags *diags);

#endif
