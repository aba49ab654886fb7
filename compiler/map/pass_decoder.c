/* SPDX-License-Identifier: Apache-2.0
 *
 * The decoder of the digital control: weights as bytes, scales that are powers of two apart.
 *
 * A layer takes values of `in` units (127 for a sine, those of the layer before for its outputs)
 * and gives values of `out` units. (sum of w_q in_q + b_q) / 2^shift is that when w_q counts in /
 * (out 2^shift), the lsb, and b_q 1 / (out 2^shift).
 */
#include <math.h>
#include <stdlib.h>

#include "compiler/map/passes.h"
#include "compiler/sample/sample.h"

enum {
    SINE_FULL = 127,
    TANH_UNITS = 48,    /* least units of the last layer: 256 of them reach 2.7 to 5.3 */
    LINEAR_UNITS = 128, /* without tanh they need not reach further than 1 */
    INPUT_FULL = 127,   /* of a hidden value */
    MOST_SHIFT = 31,
    MOST_VALUES = 65532,  /* counters of 16 bits, lanes filled up */
    MOST_BYTES = 1 << 24, /* addresses of the host */
    LEAST_SAMPLES = 4,    /* of the reference, that the scales of hidden layers are taken from */
    MOST_SAMPLES = 32
};
/* What the reference's samples may cost in sines of a coupling, which take some 10 ns each. */
static const double most_work = 1e8;
/* A hidden value may be this much larger than the largest one seen. */
static const double headroom = 1.25;

/* Whether no sum of the layer can leave 32 bits, whatever its inputs. */
static bool sums_fit(const struct control_layer *layer)
{
    for (int o = 0; o < layer->outputs; o++) {
        int64_t bound = llabs((long long)layer->bias[o]) + (1ll << (layer->shift - 1));
        for (int j = 0; j < layer->inputs; j++)
            bound += 128 * abs(layer->weight[(size_t)o * (size_t)layer->inputs + (size_t)j]);
        if (bound > INT32_MAX)
            return false;
    }
    return true;
}

static double largest(const double *values, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(values[i]));
    return most;
}

/* The layer with the finest lsb that holds its weights and whose sums fit; with the coarsest,
 * weights beyond it are cut and counted. false where no sum of it fits. */
static bool fit_layer(struct arena *arena, const struct model_layer *from, double in, double out,
                      struct control_layer *layer, size_t *saturated)
{
    size_t weights = (size_t)from->outputs * (size_t)from->inputs;
    double most = largest(from->weight, weights);
    int8_t *weight = ARENA_ARRAY(arena, int8_t, weights);
    int32_t *bias = ARENA_ARRAY(arena, int32_t, (size_t)from->outputs);
    *layer = (struct control_layer){
        .inputs = from->inputs, .outputs = from->outputs, .weight = weight, .bias = bias};
    for (layer->shift = MOST_SHIFT; layer->shift > 0; layer->shift--) {
        double lsb = ldexp(in / out, -layer->shift), unit = ldexp(out, layer->shift);
        if (round(most / lsb) > INT8_MAX && layer->shift > 1)
            continue;
        if (largest(from->bias, (size_t)from->outputs) * unit > INT32_MAX / 2)
            continue;
        for (size_t i = 0; i < weights; i++) {
            double code = round(from->weight[i] / lsb);
            *saturated += fabs(code) > INT8_MAX;
            weight[i] = (int8_t)fmin(fmax(code, -INT8_MAX), INT8_MAX);
        }
        for (int o = 0; o < from->outputs; o++)
            bias[o] = (int32_t)lround(from->bias[o] * unit);
        if (sums_fit(layer))
            return true;
        *saturated = 0;
    }
    return false;
}

static size_t reference_samples(const struct model *model)
{
    double steps = model->steps * (model->method == MODEL_RK4 ? 4 : 1);
    double one = steps * ((double)model->couplings.count + model->n * (model->m + 1));
    return (size_t)fmax(LEAST_SAMPLES, fmin(MOST_SAMPLES, most_work / one));
}

/* Codes of the reference's samples as the chip would read them: count x n. */
static uint16_t *reference_codes(struct arena *arena, const struct chip *chip, size_t count)
{
    const struct model *model = chip->model;
    size_t n = (size_t)chip->n, all = n + (size_t)chip->m;
    double *initial = ARENA_ARRAY(arena, double, count *all);
    double *final = ARENA_ARRAY(arena, double, count *all);
    double *relative = ARENA_ARRAY(arena, double, n);
    int *classes = ARENA_ARRAY(arena, int, count);
    uint16_t *codes = ARENA_ARRAY(arena, uint16_t, count * n);
    for (size_t i = 0; i < count; i++) {
        sample_initial_phases(model, chip->seed, i, chip->phase_bits, initial + i * all);
        classes[i] = (int)(i % (size_t)model->classes);
    }
    if (!sample_phases(model, SAMPLE_MODEL, count, initial, classes, 1, final))
        return codes; /* interrupted: the chip is not used */
    for (size_t i = 0; i < count; i++) {
        sample_readout(model, final + i * all, relative);
        for (size_t j = 0; j < n; j++)
            codes[i * n + j] = control_code(relative[j], chip->control.decoder.bits);
    }
    return codes;
}

/* The largest magnitude that the values of each hidden layer reach over the samples. */
static void hidden_ranges(struct arena *arena, const struct model *model, int bits, size_t count,
                          const uint16_t *codes, double *range)
{
    const struct model_decoder *decoder = &model->decoder;
    size_t n = (size_t)model->n, widest = 2 * n;
    for (int l = 0; l < decoder->layer_count; l++)
        if ((size_t)decoder->layers[l].outputs > widest)
            widest = (size_t)decoder->layers[l].outputs;
    double *in = ARENA_ARRAY(arena, double, widest), *out = ARENA_ARRAY(arena, double, widest);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < n; j++)
            sincos(ldexp(2 * acos(-1), -bits) * codes[i * n + j], &in[j], &in[n + j]);
        for (int l = 0; l + 1 < decoder->layer_count; l++) {
            const struct model_layer *layer = &decoder->layers[l];
            for (int o = 0; o < layer->outputs; o++) {
                double sum = layer->bias[o];
                for (int j = 0; j < layer->inputs; j++)
                    sum += layer->weight[(size_t)o * (size_t)layer->inputs + (size_t)j] * in[j];
                out[o] = sum < 0 ? 0.2 * sum : sum;
            }
            range[l] = fmax(range[l], largest(out, (size_t)layer->outputs));
            double *spare = in;
            in = out;
            out = spare;
        }
    }
}

/* Units of the argument of the last activation: between the least and twice that, where the largest
 * weight takes the largest code. */
static double last_unit(const struct model_decoder *decoder, double in)
{
    const struct model_layer *layer = &decoder->layers[decoder->layer_count - 1];
    double least = decoder->tanh ? TANH_UNITS : LINEAR_UNITS;
    double most = largest(layer->weight, (size_t)layer->outputs * (size_t)layer->inputs);
    double unit = INT8_MAX * in / most; /* without a shift */
    int shift = most > 0 ? (int)floor(log2(unit / least)) : 0;
    return shift >= 1 && shift <= MOST_SHIFT ? ldexp(unit, -shift) : least;
}

/* Units of each layer's values; those of hidden layers in steps of an eighth of an octave, so that
 * a difference as small as processors make in the samples does not show in the chip. */
static void layer_units(struct arena *arena, const struct chip *chip, double *unit)
{
    const struct model_decoder *decoder = &chip->model->decoder;
    int last = decoder->layer_count - 1;
    double range[CONTROL_MOST_LAYERS] = {0};
    size_t samples = reference_samples(chip->model);
    if (decoder->layer_count > 1)
        hidden_ranges(arena, chip->model, chip->control.decoder.bits, samples,
                      reference_codes(arena, chip, samples), range);
    for (int l = 0; l + 1 < decoder->layer_count; l++)
        unit[l] = range[l] > 0 ? exp2(floor(8 * log2(INPUT_FULL / (headroom * range[l]))) / 8) : 1;
    unit[last] = last_unit(decoder, last ? unit[last - 1] : SINE_FULL);
}

static void make_tables(struct arena *arena, const struct model *model, double unit,
                        struct control_decoder *d)
{
    size_t turn = (size_t)1 << d->bits;
    int8_t *sine = ARENA_ARRAY(arena, int8_t, turn);
    uint8_t *pixel = ARENA_ARRAY(arena, uint8_t, CONTROL_PIXEL_ENTRIES);
    for (size_t c = 0; c < turn; c++)
        sine[c] = (int8_t)lround(SINE_FULL * sin(2 * acos(-1) * (double)c / (double)turn));
    for (int i = 0; i < CONTROL_PIXEL_ENTRIES; i++) {
        int y = i < CONTROL_PIXEL_ENTRIES / 2 ? i : i - CONTROL_PIXEL_ENTRIES;
        double argument = y / unit;
        double value = ((model->decoder.tanh ? tanh(argument) : argument) + 1) / 2;
        pixel[i] = (uint8_t)lround(255 * fmin(fmax(value, 0), 1));
    }
    d->sine = sine;
    d->pixel = pixel;
}

/* Why the host has to make the images, or NULL. */
static const char *not_on_chip(const struct chip *chip)
{
    const struct model *model = chip->model;
    const struct model_decoder *decoder = &model->decoder;
    if (decoder->kind == MODEL_RESIZE_CONV)
        return "`resize_conv` has no place on the chip";
    if (model->readout == MODEL_MEAN_RELATIVE || model->readout == MODEL_ABSOLUTE)
        return "its readout is not one that the chip has";
    if (!chip->control.phases.bits)
        return "the chip has no digital control";
    if (decoder->layer_count > CONTROL_MOST_LAYERS)
        return "the chip's decoder has at most 8 layers";
    size_t bytes = 0;
    for (int l = 0; l < decoder->layer_count; l++) {
        const struct model_layer *layer = &decoder->layers[l];
        if (layer->inputs > MOST_VALUES || layer->outputs > MOST_VALUES)
            return "a layer of it has more than 65532 inputs or outputs";
        bytes += (size_t)layer->outputs * (((size_t)layer->inputs + 3) / 4 * 4);
    }
    return bytes > MOST_BYTES ? "it has more than 2^24 weights" : NULL;
}

void pass_decoder(struct arena *arena, struct chip *chip, struct diags *diags)
{
    const struct model *model = chip->model;
    const struct model_decoder *from = &model->decoder;
    struct control_decoder *d = &chip->control.decoder;
    *d = (struct control_decoder){.main = chip->n, .bits = chip->control.phases.bits};
    if (from->kind == MODEL_DECODER_NONE || !d->bits)
        return;
    const char *why = not_on_chip(chip);
    struct control_layer *layers =
        ARENA_ARRAY(arena, struct control_layer, (size_t)from->layer_count);
    double unit[CONTROL_MOST_LAYERS];
    if (!why)
        layer_units(arena, chip, unit);
    for (int l = 0; !why && l < from->layer_count; l++) {
        size_t saturated = 0;
        if (!fit_layer(arena, &from->layers[l], l ? unit[l - 1] : SINE_FULL, unit[l], &layers[l],
                       &saturated))
            why = "its weights are too large for sums of 32 bits";
        chip->control.decoder_saturated += saturated;
    }
    if (why) {
        diag_warning(diags, DIAG_HOST_DECODES, SPAN_NONE, "the chip gives phases and no pixels: %s",
                     why);
        diag_help(diags, "its host decodes them, as verification does");
        return;
    }
    if (chip->control.decoder_saturated) {
        diag_warning(diags, DIAG_SATURATED, SPAN_NONE,
                     "%zu weights of the decoder are too large and were set to the largest code",
                     chip->control.decoder_saturated);
        diag_help(diags, "train a decoder with smaller weights");
    }
    make_tables(arena, model, unit[from->layer_count - 1], d);
    d->layers = layers;
    d->layer_count = from->layer_count;
}
