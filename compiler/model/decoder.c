/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "compiler/model/reader.h"

/* A layer's names without ".weight" and ".bias": converted form, training form. */
struct layer_names {
    char converted[64], training[64];
};

/* What a layer must be: 3x3 convolution or not, inputs and outputs or TENSOR_ANY. */
struct layer_form {
    bool convolution;
    long long inputs, outputs;
};

static const struct tensor *find_part(struct reader *reader, struct tensors *tensors,
                                      const struct layer_names *names, const char *part, bool need)
{
    const char *const both[] = {arena_printf(reader->arena, "%s.%s", names->converted, part),
                                arena_printf(reader->arena, "%s.%s", names->training, part), NULL};
    return need ? tensors_need(reader, tensors, both) : tensors_find(reader, tensors, both);
}

/* Where outputs are free they come back through form, for the layer that follows; 0 says that they
 * are unknown because of a fault. */
static void read_layer(struct reader *reader, struct tensors *tensors,
                       const struct layer_names *names, struct layer_form *form,
                       struct model_layer *layer)
{
    const struct tensor *weight = find_part(reader, tensors, names, "weight", true);
    const struct tensor *bias = find_part(reader, tensors, names, "bias", true);
    long long shape[] = {form->outputs, form->inputs, 3, 3};
    if (!weight || !tensor_has_shape(reader, weight, form->convolution ? 4 : 2, shape)) {
        if (form->outputs == TENSOR_ANY)
            form->outputs = 0;
        return;
    }
    form->outputs = (long long)weight->shape[0];
    if (!bias || !tensor_has_shape(reader, bias, 1, &form->outputs))
        return;
    *layer = (struct model_layer){
        .outputs = (int)weight->shape[0],
        .inputs = (int)weight->shape[1],
        .weight = tensor_values(reader, weight, 1),
        .bias = tensor_values(reader, bias, 1),
    };
}

/* layers.0, layers.1, ... as long as there are any; at least one. Returns their number. */
static int read_stack(struct reader *reader, struct tensors *tensors, const char *training,
                      long long inputs, long long outputs, struct model_layer **layers)
{
    enum { MOST = 256 };
    struct layer_names names[MOST];
    int count = 0;
    do {
        snprintf(names[count].converted, sizeof names->converted, "layers.%d", count);
        snprintf(names[count].training, sizeof names->training, "%s.layers.%d", training, count);
    } while (find_part(reader, tensors, &names[count], "weight", false) && ++count < MOST);
    count += !count;
    *layers = ARENA_ARRAY(reader->arena, struct model_layer, (size_t)count);
    for (int l = 0; l < count; l++) {
        struct layer_form form = {false, inputs, l == count - 1 ? outputs : TENSOR_ANY};
        read_layer(reader, tensors, &names[l], &form, &(*layers)[l]);
        inputs = form.outputs ? form.outputs : TENSOR_ANY;
    }
    return count;
}

/* How many times 4x4 must be doubled to give the image, or -1 after a report. */
static int count_blocks(struct reader *reader)
{
    const struct model *model = reader->model;
    const struct yaml_node *kind = yaml_get(yaml_get(reader->root, "decoder"), "kind");
    if (model->n % 8) {
        diag_error(reader->diags, DIAG_BAD_VALUE, yaml_get(reader->root, "oscillators")->span,
                   "resize_conv needs a multiple of 8 oscillators, not %d", model->n);
        return -1;
    }
    int blocks = 0;
    while (4 << blocks < model->height)
        blocks++;
    if (model->width == model->height && 4 << blocks == model->height)
        return blocks;
    diag_error(reader->diags, DIAG_BAD_VALUE, kind->span,
               "resize_conv doubles 4x4 to 8x8, 16x16 ..., which never gives %dx%d", model->height,
               model->width);
    return -1;
}

static void read_resize_conv(struct reader *reader, struct tensors *tensors)
{
    struct model *model = reader->model;
    int blocks = count_blocks(reader);
    if (blocks < 0)
        return;
    int count = 2 * blocks + 1;
    struct model_layer *layers = ARENA_ARRAY(reader->arena, struct model_layer, (size_t)count);
    long long inputs = model->n / 8;
    for (int l = 0; l < count; l++) {
        struct layer_names names = {"out", "decoder.to_output"};
        if (l < count - 1) {
            snprintf(names.converted, sizeof names.converted, "dec.%d.%c", l / 2, "ab"[l % 2]);
            snprintf(names.training, sizeof names.training, "decoder.cascade.%d.net.%d", l / 2,
                     l % 2 ? 3 : 1);
        }
        struct layer_form form = {true, inputs, l < count - 1 ? TENSOR_ANY : model->channels};
        read_layer(reader, tensors, &names, &form, &layers[l]);
        inputs = form.outputs ? form.outputs : TENSOR_ANY;
    }
    struct layer_names extra;
    snprintf(extra.converted, sizeof extra.converted, "dec.%d.a", blocks);
    snprintf(extra.training, sizeof extra.training, "decoder.cascade.%d.net.1", blocks);
    const struct tensor *more = find_part(reader, tensors, &extra, "weight", false);
    if (more)
        diag_error(reader->diags, DIAG_TENSOR_SHAPE, more->span,
                   "tensor \"%s\" is one block too many: a %dx%d image takes %d", more->label,
                   model->height, model->width, blocks);
    model->decoder.layers = layers;
    model->decoder.layer_count = count;
    model->decoder.channels = model->n / 8;
}

void model_read_decoder(struct reader *reader, struct tensors *tensors)
{
    struct model *model = reader->model;
    struct model_decoder *decoder = &model->decoder;
    if (!model->n || !model_pixels(model))
        return;
    long long features = 2LL * model->n, pixels = model_pixels(model);
    if (decoder->kind == MODEL_LINEAR) {
        static const struct layer_names names = {"out", "decoder.to_output"};
        struct layer_form form = {false, features, pixels};
        decoder->layers = ARENA_NEW(reader->arena, struct model_layer);
        decoder->layer_count = 1;
        read_layer(reader, tensors, &names, &form, decoder->layers);
    } else if (decoder->kind == MODEL_MLP) {
        decoder->layer_count =
            read_stack(reader, tensors, "decoder", features, pixels, &decoder->layers);
    } else {
        read_resize_conv(reader, tensors);
    }
    tensors_report_unused(reader, tensors);
}

void model_read_classifier(struct reader *reader, struct tensors *tensors)
{
    struct model *model = reader->model;
    if (!model->classes || !model_pixels(model))
        return;
    model->classifier.layer_count = read_stack(reader, tensors, "classifier", model_pixels(model),
                                               model->classes, &model->classifier.layers);
    tensors_report_unused(reader, tensors);
}
