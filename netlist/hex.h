/* SPDX-License-Identifier: Apache-2.0
 *
 * Images for Verilog's $readmemh, as oscc writes them.
 */
#ifndef OSCC_NETLIST_HEX_H
#define OSCC_NETLIST_HEX_H

#include <stdint.h>

#include "compiler/base/diag.h"

/* The words of an image, of up to `digits` digits (at most 8) each, owned by the arena; comments
 * and the address of the next word are skipped. NULL with faults in diags when it is not an image
 * of exactly `words` words. */
uint32_t *netlist_read_hex(struct arena *arena, const struct source *source, size_t words,
                           int digits, struct diags *diags);

#endif
