/* SPDX-License-Identifier: Apache-2.0
 *
 * The tensors behind a `weights:` key: safetensors files, NPY files or lists in model.yaml
 * itself. "_orig_mod." is taken out of the names of tensors.
 *
 * Faults are reported once: a tensor whose file or list is faulty is there but `bad`, and where
 * a safetensors file could not be read nothing is reported as missing.
 */
#ifndef OSCC_MODEL_TENSORS_H
#define OSCC_MODEL_TENSORS_H

#include "compiler/base/yaml.h"
#include "compiler/model/safetensors.h"

struct reader;

/* What a trained weight can be at most: beyond it, sums of weights would lose all meaning. */
#define TENSOR_LARGEST 1e12

enum { TENSOR_ANY = -1 }; /* in an expected shape: any size from 1 */

struct tensor {
    const char *name;
    struct span span;  /* where model.yaml names its file or holds it */
    const char *label; /* for messages: file name and name, or name alone */
    bool bad;          /* faulty and reported */
    bool raw;          /* from a safetensors file (bytes), else values */
    bool used;
    const char *dtype; /* raw: as written */
    enum number_type type;
    int dimensions;
    size_t shape[SAFETENSORS_DIMENSIONS], count;
    const unsigned char *bytes;
    const double *values;
};

struct tensors {
    const struct yaml_node *node; /* the value of `weights:` */
    bool ready;                   /* all files could be read */
    bool is_map;                  /* name -> NPY file or list, so names are the user's own */
    struct tensor *list;          /* sorted by name */
    size_t count, room;
    size_t note_count;
    const struct safetensors_note *notes; /* metadata of the files */
    const char **asked;                   /* names that were looked for */
    size_t asked_count, asked_room;
};

/* Opens what a `weights:` node names. Paths are relative to model.yaml. */
void tensors_open(struct reader *reader, const struct yaml_node *node, struct tensors *tensors);

/* Unmaps all files; tensors must not be used any more. */
void tensors_close_all(struct reader *reader);

/* The tensor under one of the names (NULL-terminated); NULL if there is none. Two of them at once
 * are a fault. */
const struct tensor *tensors_find(struct reader *reader, struct tensors *tensors,
                                  const char *const *names);

/* The same, but reports a tensor that is missing; NULL also where it is bad. */
const struct tensor *tensors_need(struct reader *reader, struct tensors *tensors,
                                  const char *const *names);

/* Whether the tensor has that shape; else reports it. */
bool tensor_has_shape(struct reader *reader, const struct tensor *tensor, int dimensions,
                      const long long *shape);

/* `count` values from index `first` on, into room; reports those that are not finite or beyond
 * TENSOR_LARGEST. A tensor of numbers that are not floating-point is reported unless `integers`
 * are wanted. */
bool tensor_read(struct reader *reader, const struct tensor *tensor, bool integers, size_t first,
                 size_t count, double *room);

/* All values times scale, owned by the arena; NULL after a report. */
const double *tensor_values(struct reader *reader, const struct tensor *tensor, double scale);

/* In a map of the user's own names: reports those that nobody looked for. */
void tensors_report_unused(struct reader *reader, struct tensors *tensors);

/* An index as text, "[2, 0]", for messages. Owned by diags. */
const char *tensor_index_text(struct reader *reader, const struct tensor *tensor, size_t index);

#endif
