/* SPDX-License-Identifier: Apache-2.0
 *
 * What the digital control does with phases, bit for bit (docs/control.md): release ticks from a
 * seed, codes from the ticks of captured edges.
 */
#ifndef OSCC_CONTROL_PHASE_H
#define OSCC_CONTROL_PHASE_H

#include <stdbool.h>
#include <stdint.h>

enum { CONTROL_FRACTION = 10 /* bits of rate and start after the point */ };

struct control_phases {
    int main, conditioning;
    bool conditioning_random; /* its initial phases are drawn too */
    int bits;                 /* of a turn, B */
    int turns;                /* P: a tick is P bins; odd */
    int phase_bits;           /* of a drawn phase */
    int reference;            /* the oscillator whose raw code is subtracted, or -1 */
    const uint32_t *rate;     /* main + conditioning, bins a tick times 2^10, modulo 2^(B + 10) */
    const uint32_t *start;    /* the same, bins times 2^10 */
    const uint16_t *readout;  /* the same, bins modulo 2^B */
};

/* Release ticks of a sample: tick[main + conditioning], each below 2^B. */
void control_release_ticks(const struct control_phases *phases, uint64_t seed, uint64_t sample,
                           uint16_t *tick);

/* The raw code of one oscillator from the ticks of `turns` successive rising edges, counted from
 * the begin of the capture. */
uint16_t control_raw_code(const struct control_phases *phases, const uint32_t *edge);

/* Codes of the main oscillators, code[main], from raw[main + conditioning]; reference must be >= 0.
 */
void control_codes(const struct control_phases *phases, const uint16_t *raw, uint16_t *code);

#endif
