/* SPDX-License-Identifier: Apache-2.0
 *
 * The decoder of the digital control, bit for bit (docs/control.md): integers only.
 */
#ifndef OSCC_CONTROL_DECODER_H
#define OSCC_CONTROL_DECODER_H

#include <stdint.h>

enum { CONTROL_LANES = 4, CONTROL_PIXEL_ENTRIES = 512, CONTROL_MOST_LAYERS = 8 };

struct control_layer {
    int inputs, outputs;
    int shift;            /* right shift of the sums, >= 1 */
    const int8_t *weight; /* outputs x inputs */
    const int32_t *bias;  /* outputs */
};

struct control_decoder {
    int main; /* oscillators */
    int bits; /* of a code */
    int layer_count;
    const struct control_layer
        *layers;          /* the first has 2 main inputs, the last a pixel an output */
    const int8_t *sine;   /* 2^bits */
    const uint8_t *pixel; /* CONTROL_PIXEL_ENTRIES, by the low 9 bits of y */
};

/* The code of a phase, rad: the nearest of 2^bits a turn. */
uint16_t control_code(double phase, int bits);

/* Codes to pixels: code[main] -> pixel[outputs of the last layer]. */
void control_decode(const struct control_decoder *decoder, const uint16_t *code, uint8_t *pixel);

#endif
