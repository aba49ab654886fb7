/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in the chains of an array, turned back into words: the inverse of what shifts the
 * weight memory in (docs/control.md, spice/device_load.c).
 */
#ifndef OSCC_SPICE_CHAIN_WORDS_H
#define OSCC_SPICE_CHAIN_WORDS_H

#include "spice/under_test.h"

/* Links of the configuration chain and of the class chain of an array of transistors. */
size_t chain_words_links(const struct under_test *chip);
size_t chain_words_class_links(const struct under_test *chip);

/* A copy of the chip whose memory holds what the chains hold, the class chain's words in the bank
 * of the class: bit 0 of each chain is the link next to si, to di. Other banks stay. Own codes of
 * the trims are turned into codes of omega at a corner; where several have the same own code, the
 * chip's word is taken if it is among them. NULL, and why, where no code of omega has it. */
struct under_test *chain_words_read(struct arena *arena, const struct under_test *chip,
                                    const struct under_test_corner *corner, const bool *links,
                                    const bool *class_links, int class_index, const char **fault);

#endif
