/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include "compiler/sample/layers.h"
#include "compiler/sample/parallel.h"
#include "compiler/sample/sample.h"

/* What the first `count` layers make of an image, LeakyReLU between them and, except for the
 * classifier's last layer, after them. To be freed. */
static double *outputs_of(const struct model *model, const double *image, int count)
{
    const struct model_classifier *classifier = &model->classifier;
    openblas_set_num_threads(1);
    size_t pixels = (size_t)model_pixels(model);
    double *values = sample_doubles(pixels);
    memcpy(values, image, pixels * sizeof *values);
    for (int i = 0; i < count; i++) {
        const struct model_layer *layer = &classifier->layers[i];
        double *made = sample_doubles((size_t)layer->outputs);
        sample_linear(layer, values, made);
        if (i < classifier->layer_count - 1)
            sample_leaky(made, (size_t)layer->outputs);
        free(values);
        values = made;
    }
    return values;
}

int sample_classify(const struct model *model, const double *image)
{
    int count = model->classifier.layer_count, best = 0;
    if (!count)
        return -1;
    double *values = outputs_of(model, image, count);
    for (int c = 1; c < model->classifier.layers[count - 1].outputs; c++) {
        if (values[c] > values[best])
            best = c;
    }
    free(values);
    return best;
}

int sample_features(const struct model *model, const double *image, double *features)
{
    int hidden = model->classifier.layer_count - 1;
    if (hidden < 1)
        return 0;
    int count = model->classifier.layers[hidden - 1].outputs;
    if (features) {
        double *values = outputs_of(model, image, hidden);
        memcpy(features, values, (size_t)count * sizeof *features);
        free(values);
    }
    return count;
}
