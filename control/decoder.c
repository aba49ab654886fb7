/* SPDX-License-Identifier: Apache-2.0 */
#include "control/decoder.h"

#include <math.h>
#include <stdlib.h>

#include "compiler/base/arena.h"

static int32_t clip(int32_t value, int32_t low, int32_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* Rounded and shifted. A sum beyond 32 bits, which the compiler rules out, wraps as in the RTL;
 * right shifts of negative numbers are arithmetic. */
static int32_t sum(const struct control_layer *layer, int output, const int8_t *in)
{
    uint32_t total = (uint32_t)layer->bias[output];
    for (int j = 0; j < layer->inputs; j++)
        total +=
            (uint32_t)(layer->weight[(size_t)output * (size_t)layer->inputs + (size_t)j] * in[j]);
    int32_t twice = (int32_t)total >> (layer->shift - 1);
    return (twice >> 1) + (twice & 1);
}

static int8_t activate(int32_t y)
{
    y = clip(y, -1024, 1023); /* what is beyond ends at the same bytes */
    return (int8_t)clip(y < 0 ? (51 * y) >> 8 : y, -128, 127);
}

uint16_t control_code(double phase, int bits)
{
    double turns = phase / (2 * acos(-1));
    return (uint16_t)((unsigned)lround(ldexp(turns - floor(turns), bits)) & ((1u << bits) - 1));
}

static int8_t *values(int count)
{
    int8_t *list = malloc((size_t)count + 1);
    if (!list)
        arena_out_of_memory();
    return list;
}

void control_decode(const struct control_decoder *d, const uint16_t *code, uint8_t *pixel)
{
    int turn = 1 << d->bits, last = d->layer_count - 1;
    int8_t *in = values(2 * d->main);
    for (int i = 0; i < d->main; i++) {
        in[i] = d->sine[code[i]];
        in[d->main + i] = d->sine[(code[i] + turn / 4) % turn];
    }
    for (int l = 0; l < last; l++) {
        int8_t *out = values(d->layers[l].outputs);
        for (int o = 0; o < d->layers[l].outputs; o++)
            out[o] = activate(sum(&d->layers[l], o, in));
        free(in);
        in = out;
    }
    for (int o = 0; o < d->layers[last].outputs; o++)
        pixel[o] = d->pixel[clip(sum(&d->layers[last], o, in), -256, 255) & 511];
    free(in);
}
