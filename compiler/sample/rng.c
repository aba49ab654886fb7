/* SPDX-License-Identifier: Apache-2.0
 *
 * Random initial phases. A counter-based generator has no state: any word of any sample is had
 * directly, so that threads, batches and shards all draw the same.
 */
#include "compiler/sample/rng.h"

#include <assert.h>
#include <math.h>

#include <Random123/philox.h>

#include "compiler/sample/sample.h"

void sample_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4])
{
    philox4x32_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};
    philox4x32_key_t k = {{key[0], key[1]}};
    philox4x32_ctr_t result = philox4x32_R(10, c, k);
    for (int lane = 0; lane < 4; lane++)
        words[lane] = result.v[lane];
}

uint32_t sample_phase_word(uint64_t seed, uint64_t sample, uint32_t word)
{
    const uint32_t counter[4] = {word / 4, 0, (uint32_t)sample, (uint32_t)(sample >> 32)};
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t words[4];
    sample_philox(counter, key, words);
    return words[word % 4];
}

double sample_phase_of_word(uint32_t word, int bits)
{
    assert(bits >= 1 && bits <= 32);
    uint32_t code = word >> (32 - bits);
    return -M_PI + 2 * M_PI * ldexp(code + 0.5, -bits);
}

void sample_initial_phases(const struct model *model, uint64_t seed, uint64_t sample, int bits,
                           double *initial)
{
    int drawn = model->conditioning_random ? model->n + model->m : model->n;
    for (int i = 0; i < model->n + model->m; i++) {
        initial[i] = i < drawn
                         ? sample_phase_of_word(sample_phase_word(seed, sample, (uint32_t)i), bits)
                         : 0.0;
    }
}
