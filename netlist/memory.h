/* SPDX-License-Identifier: Apache-2.0
 *
 * The weight memory's image: text for Verilog's $readmemh, one 16-bit word a line in sign and
 * magnitude (bit 15 is the sign), sections marked by comments and addresses.
 */
#ifndef OSCC_NETLIST_MEMORY_H
#define OSCC_NETLIST_MEMORY_H

#include "compiler/map/chip.h"

void netlist_write_memory(const struct chip *chip, struct str *out);

/* Reads an image back into codes, owned by the arena. NULL with faults in diags when the text is
 * not an image of exactly `words` words. */
int16_t *netlist_read_memory(struct arena *arena, const struct source *source, size_t words,
                             struct diags *diags);

#endif
