/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include "compiler/base/arena.h"
#include "compiler/sample/layers.h"
#include "compiler/sample/parallel.h"
#include "compiler/sample/sample.h"

enum { FIRST_SIDE = 4 }; /* resize_conv begins with channels x 4 x 4 */

/* Room for the widest layer of a decoder. */
struct scratch {
    double *in, *out; /* values before and after a layer */
    double *columns;  /* of a convolution */
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Side of the maps that layer number `index` of resize_conv makes: the first convolution of each
 * block doubles it, the output convolution keeps it. */
static int side_of(const struct model_decoder *decoder, int index)
{
    int blocks = (decoder->layer_count - 1) / 2;
    int doublings = index / 2 + 1 < blocks ? index / 2 + 1 : blocks;
    return FIRST_SIDE << doublings;
}

static void scratch_init(struct scratch *scratch, const struct model *model)
{
    const struct model_decoder *decoder = &model->decoder;
    bool convolves = decoder->kind == MODEL_RESIZE_CONV;
    size_t values = 2 * (size_t)model->n, columns = 0;
    for (int i = 0; i < decoder->layer_count; i++) {
        size_t side = convolves ? (size_t)side_of(decoder, i) : 1;
        values = larger(values, (size_t)decoder->layers[i].outputs * side * side);
        if (convolves)
            columns = larger(columns, (size_t)decoder->layers[i].inputs * 9 * side * side);
    }
    *scratch = (struct scratch){
        .in = sample_doubles(values),
        .out = sample_doubles(values),
        .columns = sample_doubles(columns),
    };
}

static void scratch_free(struct scratch *scratch)
{
    free(scratch->in);
    free(scratch->out);
    free(scratch->columns);
}

static void decode(const struct model *model, struct scratch *scratch, const double *relative,
                   double *image)
{
    const struct model_decoder *decoder = &model->decoder;
    int last = decoder->layer_count - 1;
    for (int i = 0; i < model->n; i++)
        sincos(relative[i], &scratch->in[i], &scratch->in[model->n + i]);
    for (int i = 0; i <= last; i++) {
        const struct model_layer *layer = &decoder->layers[i];
        size_t made = (size_t)layer->outputs;
        if (decoder->kind == MODEL_RESIZE_CONV) {
            int side = side_of(decoder, i);
            bool upsample = i < last && i % 2 == 0;
            sample_conv3x3(layer, scratch->in, side, side, upsample, scratch->columns,
                           scratch->out);
            made *= (size_t)side * (size_t)side;
        } else {
            sample_linear(layer, scratch->in, scratch->out);
        }
        if (i < last)
            sample_leaky(scratch->out, made);
        double *spare = scratch->in;
        scratch->in = scratch->out;
        scratch->out = spare;
    }
    for (int i = 0; i < model_pixels(model); i++) {
        double value = decoder->tanh ? tanh(scratch->in[i]) : scratch->in[i];
        image[i] = fmin(fmax((value + 1) / 2, 0), 1);
    }
}

void sample_decode(const struct model *model, const double *relative, double *image)
{
    if (model->decoder.kind == MODEL_DECODER_NONE)
        return;
    openblas_set_num_threads(1);
    struct scratch scratch;
    scratch_init(&scratch, model);
    decode(model, &scratch, relative, image);
    scratch_free(&scratch);
}

struct images {
    const struct model *model;
    const double *final;
    double *images;
    struct scratch *scratch; /* one a worker */
    double **relative;       /* one a worker */
};

static void one_image(void *context, int worker, size_t index)
{
    const struct images *job = context;
    const struct model *model = job->model;
    double *relative = job->relative[worker];
    size_t all = (size_t)model->n + (size_t)model->m;
    sample_readout(model, job->final + index * all, relative);
    decode(model, &job->scratch[worker], relative,
           job->images + index * (size_t)model_pixels(model));
}

bool sample_images(const struct model *model, size_t count, const double *final, int threads,
                   double *images)
{
    if (model->decoder.kind == MODEL_DECODER_NONE)
        return true;
    openblas_set_num_threads(1);
    int workers = sample_workers(threads, count);
    struct images job = {
        .model = model,
        .final = final,
        .images = images,
        .scratch = calloc((size_t)workers, sizeof *job.scratch),
        .relative = calloc((size_t)workers, sizeof *job.relative),
    };
    if (!job.scratch || !job.relative)
        arena_out_of_memory();
    for (int i = 0; i < workers; i++) {
        scratch_init(&job.scratch[i], model);
        job.relative[i] = sample_doubles((size_t)model->n);
    }
    bool complete = sample_parallel(workers, count, one_image, &job);
    for (int i = 0; i < workers; i++) {
        scratch_free(&job.scratch[i]);
        free(job.relative[i]);
    }
    free(job.scratch);
    free(job.relative);
    return complete;
}
