/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parts of the front end share while one model is read. Inner header of compiler/model.
 */
#ifndef OSCC_MODEL_READER_H
#define OSCC_MODEL_READER_H

#include "compiler/base/yaml.h"
#include "compiler/model/model.h"
#include "compiler/model/tensors.h"

struct reader {
    struct arena *arena;
    struct diags *diags;
    const struct yaml_node *root;
    struct model *model;
    struct weight_file *weight_files; /* those open, newest first; see tensors.h */
    const char **files;               /* for struct model */
    size_t file_count, file_room;
    /* Values of the model that were faulty and reported: nothing that depends on them is checked.
     * n, classes, steps, time and the image's sizes are 0 then. */
    bool conditioning_known, method_known, readout_known, mup;
};

/* n, m and classes are all known, so that the shapes of the dynamics are. */
bool reader_sized(const struct reader *reader);

/* Remembers that a file was read, once. */
void reader_add_file(struct reader *reader, const char *path);

/* Frequencies, couplings and drives from the tensors of dynamics.weights into the model, and what
 * the files' metadata says against model.yaml. Faults go to diags. */
void model_read_dynamics(struct reader *reader, struct tensors *tensors);

/* The coupling matrix, dense or as compressed sparse rows. */
void model_read_couplings(struct reader *reader, struct tensors *tensors);

/* Layers of the decoder, whose kind and image size are in the model, and of the classifier. */
void model_read_decoder(struct reader *reader, struct tensors *tensors);
void model_read_classifier(struct reader *reader, struct tensors *tensors);

/* The words of model.yaml, NULL-terminated, in the order of the enums. */
extern const char *const model_readout_words[],
    *const model_decoder_words[], *const model_method_words[], *const model_weights_words[];

#endif
