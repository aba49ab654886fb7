/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as weight files hold them (little endian), turned into doubles.
 */
#ifndef OSCC_BASE_NUMBERS_H
#define OSCC_BASE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

enum number_type {
    NUMBER_F64,
    NUMBER_F32,
    NUMBER_F16,  /* IEEE 754 binary16 */
    NUMBER_BF16, /* the upper half of an F32 */
    NUMBER_I8,
    NUMBER_I16,
    NUMBER_I32,
    NUMBER_I64,
    NUMBER_U8,
    NUMBER_U16,
    NUMBER_U32,
    NUMBER_U64,
    NUMBER_OTHER /* a type that is not read */
};

/* Bytes of one number; 0 for NUMBER_OTHER. */
size_t number_size(enum number_type type);

bool number_is_float(enum number_type type);

/* values[count] from count * number_size(type) bytes, of any alignment. Infinite and NaN stay so;
 * 64-bit integers beyond 2^53 are rounded. NUMBER_OTHER is a programmer's error. */
void number_read(enum number_type type, const unsigned char *bytes, size_t count, double *values);

#endif
