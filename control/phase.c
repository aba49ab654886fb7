/* SPDX-License-Identifier: Apache-2.0 */
#include "control/phase.h"

#include <stdlib.h>

#include "compiler/sample/sample.h"

/* The k with the smallest |rate k - target|, both modulo 2^width and the difference signed. */
static uint16_t release_tick(uint32_t rate, uint32_t target, int bits)
{
    int width = bits + CONTROL_FRACTION;
    uint32_t mask = (1u << width) - 1, best = UINT32_MAX;
    uint16_t tick = 0;
    for (uint32_t k = 0; k < 1u << bits; k++) {
        uint32_t error = (rate * k - target) & mask;
        uint32_t size = error >> (width - 1) ? (1u << width) - error : error;
        if (size < best) {
            best = size;
            tick = (uint16_t)k;
        }
    }
    return tick;
}

void control_release_ticks(const struct control_phases *p, uint64_t seed, uint64_t sample,
                           uint16_t *tick)
{
    int drawn = p->conditioning_random ? p->main + p->conditioning : p->main;
    for (int i = 0; i < p->main + p->conditioning; i++) {
        uint32_t word = i < drawn ? sample_phase_word(seed, sample, (uint32_t)i) : 0;
        uint32_t code = word >> (32 - p->phase_bits) << (p->bits - p->phase_bits);
        tick[i] = release_tick(p->rate[i], (code << CONTROL_FRACTION) + p->start[i], p->bits);
    }
}

uint16_t control_raw_code(const struct control_phases *p, const uint32_t *edge)
{
    uint32_t sum = 0;
    for (int j = 0; j < p->turns; j++)
        sum += edge[j];
    return (uint16_t)(-sum & ((1u << p->bits) - 1));
}

void control_codes(const struct control_phases *p, const uint16_t *raw, uint16_t *code)
{
    for (int i = 0; i < p->main; i++)
        code[i] = (uint16_t)((raw[i] - raw[p->reference] + p->readout[i]) & ((1 << p->bits) - 1));
}
