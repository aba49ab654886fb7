/* SPDX-License-Identifier: Apache-2.0
 *
 * A convolution is one matrix product: `columns` holds, for each input channel and each of the 9
 * places of the kernel, the image that this place sees (zero outside).
 */
#include "compiler/sample/layers.h"

#include <string.h>

#include <cblas.h>

void sample_linear(const struct model_layer *layer, const double *in, double *out)
{
    memcpy(out, layer->bias, (size_t)layer->outputs * sizeof *out);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, layer->outputs, layer->inputs, 1.0, layer->weight,
                layer->inputs, in, 1, 1.0, out, 1);
}

/* What the kernel's place (dy, dx), each -1 .. 1, sees of one channel. `shift` 1: upsampled. */
static void shifted(const double *channel, int height, int width, int dy, int dx, int shift,
                    double *seen)
{
    int stored = width >> shift;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            int from_y = y + dy, from_x = x + dx;
            bool inside = from_y >= 0 && from_y < height && from_x >= 0 && from_x < width;
            *seen++ = inside ? channel[(from_y >> shift) * stored + (from_x >> shift)] : 0.0;
        }
    }
}

void sample_conv3x3(const struct model_layer *layer, const double *in, int height, int width,
                    bool upsample, double *columns, double *out)
{
    int shift = upsample ? 1 : 0, pixels = height * width;
    size_t stored = (size_t)(height >> shift) * (size_t)(width >> shift);
    double *seen = columns;
    for (int c = 0; c < layer->inputs; c++) {
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                shifted(in + (size_t)c * stored, height, width, dy, dx, shift, seen);
                seen += pixels;
            }
        }
    }
    for (int c = 0; c < layer->outputs; c++) {
        for (int i = 0; i < pixels; i++)
            out[(size_t)c * (size_t)pixels + (size_t)i] = layer->bias[c];
    }
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, layer->outputs, pixels,
                layer->inputs * 9, 1.0, layer->weight, layer->inputs * 9, columns, pixels, 1.0, out,
                pixels);
}

void sample_leaky(double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = values[i] < 0 ? 0.2 * values[i] : values[i];
}
