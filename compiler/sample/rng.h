/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside of compiler/sample: the counter-based generator behind sample_phase_word().
 */
#ifndef OSCC_SAMPLE_RNG_H
#define OSCC_SAMPLE_RNG_H

#include <stdint.h>

/* Philox4x32-10: four random words for a counter under a key (Salmon, Moraes, Dror and Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011). */
void sample_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4]);

#endif
