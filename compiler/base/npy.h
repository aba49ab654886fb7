/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrays in NumPy's file format, versions 1 to 3 (numpy.lib.format in NumPy's documentation).
 * Read: f2 f4 f8 and i1 i2 i4 i8 u1 u2 u4 u8, little endian, C order, up to 4 dimensions.
 */
#ifndef OSCC_BASE_NPY_H
#define OSCC_BASE_NPY_H

#include <stddef.h>
#include <stdint.h>

#include "compiler/base/arena.h"

enum { NPY_DIMENSIONS = 4 };

struct npy {
    int dimensions;
    size_t shape[NPY_DIMENSIONS];
    size_t count;         /* product of the shape */
    const double *values; /* count of them, converted; owned by the arena */
};

/* Reads an array from bytes (a mapped file). NULL, or what is wrong with it, lower case, owned by
 * the arena. The file is not trusted; it must hold exactly the bytes that its shape needs. Values
 * may be infinite or NaN: the caller decides. */
const char *npy_parse(struct arena *arena, const unsigned char *bytes, size_t length,
                      struct npy *npy);

/* Writes a C-order array in one step; 0 or a negative errno. npy_write_f64 '<f8', _i32 '<i4'. */
int npy_write_f64(const char *path, int dimensions, const size_t *shape, const double *values);
int npy_write_i32(const char *path, int dimensions, const size_t *shape, const int32_t *values);

#endif
