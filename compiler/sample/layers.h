/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside of compiler/sample: layers of decoders and classifiers, one sample at a time, so that a
 * sample does not depend on others.
 */
#ifndef OSCC_SAMPLE_LAYERS_H
#define OSCC_SAMPLE_LAYERS_H

#include "compiler/model/model.h"

/* out[outputs] = weight in[inputs] + bias. */
void sample_linear(const struct model_layer *layer, const double *in, double *out);

/* 3x3 convolution, padded by 1, as machine learning has it (a correlation): in is inputs x height
 * x width, out is outputs x height x width. With `upsample`, in is inputs x height/2 x width/2 and
 * each of its pixels stands for 2 x 2. columns: room for inputs * 9 * height * width. */
void sample_conv3x3(const struct model_layer *layer, const double *in, int height, int width,
                    bool upsample, double *columns, double *out);

/* LeakyReLU with slope 0.2, in place. */
void sample_leaky(double *values, size_t count);

#endif
