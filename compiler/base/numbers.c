/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/numbers.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

size_t number_size(enum number_type type)
{
    static const unsigned char sizes[] = {8, 4, 2, 2, 1, 2, 4, 8, 1, 2, 4, 8, 0};
    return sizes[type];
}

bool number_is_float(enum number_type type)
{
    return type <= NUMBER_BF16;
}

/* Shifts, not a cast: alignment and the host's byte order do not matter, and compilers make one
 * load of it. */
static uint16_t load16(const unsigned char *b)
{
    return (uint16_t)(b[0] | b[1] << 8);
}

static uint32_t load32(const unsigned char *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint64_t load64(const unsigned char *b)
{
    return (uint64_t)load32(b + 4) << 32 | load32(b);
}

static double from_f64(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double from_f32(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

static double from_f16(uint16_t bits)
{
    uint64_t sign = (uint64_t)(bits >> 15) << 63, mantissa = bits & 0x3ffu;
    unsigned exponent = bits >> 10 & 0x1fu;
    if (exponent == 0) { /* zero and subnormal: mantissa * 2^-24, which a double holds exactly */
        double magnitude = (double)mantissa * 0x1p-24;
        return sign ? -magnitude : magnitude;
    }
    uint64_t wide = exponent == 31 ? 2047 : (uint64_t)exponent - 15 + 1023;
    return from_f64(sign | wide << 52 | mantissa << 42);
}

void number_read(enum number_type type, const unsigned char *bytes, size_t count, double *values)
{
    switch (type) {
#define EACH(size, expression)                                                                     \
    for (size_t i = 0; i < count; i++, bytes += (size))                                            \
        values[i] = (expression);                                                                  \
    break
    case NUMBER_F64:
        EACH(8, from_f64(load64(bytes)));
    case NUMBER_F32:
        EACH(4, from_f32(load32(bytes)));
    case NUMBER_F16:
        EACH(2, from_f16(load16(bytes)));
    case NUMBER_BF16:
        EACH(2, from_f32((uint32_t)load16(bytes) << 16));
    case NUMBER_I8:
        EACH(1, (double)(int8_t)bytes[0]);
    case NUMBER_I16:
        EACH(2, (double)(int16_t)load16(bytes));
    case NUMBER_I32:
        EACH(4, (double)(int32_t)load32(bytes));
    case NUMBER_I64:
        EACH(8, (double)(int64_t)load64(bytes));
    case NUMBER_U8:
        EACH(1, (double)bytes[0]);
    case NUMBER_U16:
        EACH(2, (double)load16(bytes));
    case NUMBER_U32:
        EACH(4, (double)load32(bytes));
    case NUMBER_U64:
        EACH(8, (double)load64(bytes));
#undef EACH
    case NUMBER_OTHER:
        assert(false);
    }
}
