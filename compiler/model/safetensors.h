/* SPDX-License-Identifier: Apache-2.0
 *
 * The safetensors format: the header's length as 8 little-endian bytes, the header as JSON (tensor
 * name -> dtype, shape, data_offsets; strings under "__metadata__"), then raw data, from which the
 * offsets count (huggingface.co/docs/safetensors, "Format").
 */
#ifndef OSCC_MODEL_SAFETENSORS_H
#define OSCC_MODEL_SAFETENSORS_H

#include "compiler/base/arena.h"
#include "compiler/base/numbers.h"

enum { SAFETENSORS_DIMENSIONS = 8, SAFETENSORS_MOST_HEADER = 1 << 24 };

struct safetensors_tensor {
    const char *name;
    const char *dtype;     /* as written */
    enum number_type type; /* NUMBER_OTHER: not one of those that oscc reads */
    int dimensions;
    size_t shape[SAFETENSORS_DIMENSIONS];
    size_t count;               /* product of the shape */
    const unsigned char *bytes; /* in the file's bytes; count * number_size(type) of them */
};

struct safetensors_note {
    const char *key, *value;
};

struct safetensors {
    size_t count;
    struct safetensors_tensor *tensors; /* in the order of the header */
    size_t note_count;
    struct safetensors_note *notes; /* "__metadata__" */
};

/* Reads the header of a file whose bytes (mapped, not copied) are not trusted. NULL, or what is
 * wrong with the file, lower case, owned by the arena. Tensors point into bytes. */
const char *safetensors_parse(struct arena *arena, const unsigned char *bytes, size_t length,
                              struct safetensors *file);

#endif
