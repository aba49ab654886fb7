/* SPDX-License-Identifier: Apache-2.0
 *
 * From phases to images and classes: readouts, each decoder against the plainest way to write it
 * down, and classifiers.
 */
#include "tests/unit/test_sample_model.h"

static struct arena arena;

enum { MOST = 1 << 14 }; /* values of the widest layer in these tests */

static void readouts(void **state)
{
    (void)state;
    static const double final[] = {0.5, 7.5, -2, 10, 20};
    static const struct {
        enum model_readout readout;
        double relative[3];
    } known[] = {
        {MODEL_REF_DRIVE, {-9.5, -2.5, -12}},
        {MODEL_REF_OSCILLATOR, {0, 7, -2.5}},
        {MODEL_MEAN_RELATIVE, {-1.5, 5.5, -4}},
        {MODEL_ABSOLUTE, {0.5, 7.5, -2}},
    };
    struct model *model = test_still_model(&arena, 3, 2, 1);
    for (size_t i = 0; i < 4; i++) {
        double relative[4] = {0, 0, 0, 99};
        model->readout = known[i].readout;
        sample_readout(model, final, relative);
        assert_true(test_furthest(relative, known[i].relative, 3) < 1e-15);
        assert_true(relative[3] == 99);
    }
}

static double leaky(double value)
{
    return value >= 0 ? value : value * 0.2;
}

static double shown(double value, bool tanh_last)
{
    double image = ((tanh_last ? tanh(value) : value) + 1) / 2;
    return image < 0 ? 0 : image > 1 ? 1 : image;
}

static void plain_linear(const struct model_layer *layer, const double *in, double *out)
{
    for (int o = 0; o < layer->outputs; o++) {
        out[o] = layer->bias[o];
        for (int i = 0; i < layer->inputs; i++)
            out[o] += layer->weight[o * layer->inputs + i] * in[i];
    }
}

static void plain_upsample(const double *in, int channels, int side, double *out)
{
    for (int c = 0; c < channels; c++) {
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int k = 0; k < 4; k++) {
                    int to = (c * 2 * side + 2 * y + k / 2) * 2 * side + 2 * x + k % 2;
                    out[to] = in[(c * side + y) * side + x];
                }
            }
        }
    }
}

static void plain_conv(const struct model_layer *layer, const double *in, int side, double *out)
{
    for (int o = 0; o < layer->outputs; o++) {
        for (int at = 0; at < side * side; at++) {
            double sum = layer->bias[o];
            for (int i = 0; i < layer->inputs; i++) {
                for (int ky = 0; ky < 3; ky++) {
                    for (int kx = 0; kx < 3; kx++) {
                        int y = at / side + ky - 1, x = at % side + kx - 1;
                        if (y >= 0 && y < side && x >= 0 && x < side) {
                            sum += layer->weight[((o * layer->inputs + i) * 3 + ky) * 3 + kx] *
                                   in[(i * side + y) * side + x];
                        }
                    }
                }
            }
            out[o * side * side + at] = sum;
        }
    }
}

static void plain_decode(const struct model *model, const double *relative, double *image)
{
    static double a[MOST], b[MOST];
    const struct model_decoder *decoder = &model->decoder;
    int side = 4, pixels = model->channels * model->height * model->width;
    for (int i = 0; i < model->n; i++) {
        a[i] = sin(relative[i]);
        a[model->n + i] = cos(relative[i]);
    }
    for (int i = 0; i < decoder->layer_count; i++) {
        const struct model_layer *layer = &decoder->layers[i];
        bool last = i == decoder->layer_count - 1;
        if (decoder->kind != MODEL_RESIZE_CONV) {
            plain_linear(layer, a, b);
        } else {
            if (i % 2 == 0 && !last) {
                plain_upsample(a, layer->inputs, side, b);
                memcpy(a, b, sizeof a);
                side *= 2;
            }
            plain_conv(layer, a, side, b);
        }
        for (int at = 0; at < MOST; at++)
            a[at] = last ? b[at] : leaky(b[at]);
    }
    for (int i = 0; i < pixels; i++)
        image[i] = shown(a[i], decoder->tanh);
}

/* Gives a model of n oscillators a decoder of fully connected layers. */
static void set_layers(struct model *model, const int *widths, int count)
{
    struct model_layer *layers = ARENA_ARRAY(&arena, struct model_layer, (size_t)count);
    int inputs = 2 * model->n;
    for (int i = 0; i < count; i++) {
        layers[i] = test_layer(&arena, 100 + (uint64_t)i * 2, widths[i], inputs, 1);
        inputs = widths[i];
    }
    model->decoder = (struct model_decoder){.kind = count == 1 ? MODEL_LINEAR : MODEL_MLP,
                                            .tanh = true,
                                            .layer_count = count,
                                            .layers = layers};
}

/* n / 8 channels of 4 x 4, then `blocks` doublings. */
static void set_convolutions(struct model *model, int blocks)
{
    int count = 2 * blocks + 1, inputs = model->n / 8;
    struct model_layer *layers = ARENA_ARRAY(&arena, struct model_layer, (size_t)count);
    for (int i = 0; i < count; i++) {
        int outputs = i == count - 1 ? model->channels : i % 2 ? inputs : inputs / 2 + 1;
        layers[i] = test_layer(&arena, 200 + (uint64_t)i * 2, outputs, inputs, 9);
        inputs = outputs;
    }
    model->decoder = (struct model_decoder){.kind = MODEL_RESIZE_CONV,
                                            .tanh = true,
                                            .layer_count = count,
                                            .layers = layers,
                                            .channels = model->n / 8};
    model->height = model->width = 4 << blocks;
}

/* Against the plain decoder, for a few samples; and sample_images must draw just the same. */
static void check_decoder(struct model *model, const char *what)
{
    enum { COUNT = 6 };
    size_t all = (size_t)model->n + (size_t)model->m, pixels = (size_t)model_pixels(model);
    double *final = test_initial(&arena, model, COUNT);
    double *relative = ARENA_ARRAY(&arena, double, (size_t)model->n);
    double *expected = ARENA_ARRAY(&arena, double, COUNT *pixels);
    double *single = ARENA_ARRAY(&arena, double, COUNT *pixels);
    double *images = ARENA_ARRAY(&arena, double, COUNT *pixels + 1);
    for (size_t s = 0; s < COUNT; s++) {
        sample_readout(model, final + s * all, relative);
        plain_decode(model, relative, expected + s * pixels);
        sample_decode(model, relative, single + s * pixels);
    }
    test_near(what, single, expected, COUNT * pixels, 1e-13);
    double least = 1, most = 0;
    for (size_t i = 0; i < COUNT * pixels; i++) {
        least = fmin(least, single[i]);
        most = fmax(most, single[i]);
    }
    assert_true(least < 0.4 && most > 0.6); /* there is a picture at all */
    for (int threads = 1; threads <= 4; threads += 3) {
        memset(images, 0, COUNT * pixels * sizeof *images);
        images[COUNT * pixels] = 99;
        assert_true(sample_images(model, COUNT, final, threads, images));
        assert_memory_equal(images, single, COUNT * pixels * sizeof *images);
        assert_true(images[COUNT * pixels] == 99);
    }
}

static void linear_decoder(void **state)
{
    (void)state;
    struct model *model = test_random_model(&arena, 12, 1, 1, 12, 1);
    model->channels = 1, model->height = 5, model->width = 7;
    set_layers(model, (const int[]){35}, 1);
    check_decoder(model, "linear");
    model->decoder.tanh = false;
    check_decoder(model, "linear, no tanh");
    model->readout = MODEL_MEAN_RELATIVE;
    check_decoder(model, "linear, mean");
}

static void mlp_decoder(void **state)
{
    (void)state;
    struct model *model = test_random_model(&arena, 9, 2, 1, 9, 1);
    model->channels = 3, model->height = 4, model->width = 6;
    set_layers(model, (const int[]){31, 5, 72}, 3);
    check_decoder(model, "mlp");
    model->decoder.tanh = false;
    check_decoder(model, "mlp, no tanh");
}

static void resize_conv_decoder(void **state)
{
    (void)state;
    for (int blocks = 0; blocks <= 3; blocks++) {
        struct model *model = test_random_model(&arena, 40, 1, 1, 40, 1);
        model->channels = 3;
        set_convolutions(model, blocks);
        check_decoder(model, "resize_conv");
    }
}

/* Values beyond -1 .. 1 without tanh are cut off, and the middle is grey. */
static void clamped(void **state)
{
    (void)state;
    struct model *model = test_still_model(&arena, 1, 1, 1);
    static const double weight[8] = {0}, bias[] = {-3, -0.5, 0, 3};
    struct model_layer layer = {.outputs = 4, .inputs = 2, .weight = weight, .bias = bias};
    model->decoder = (struct model_decoder){MODEL_LINEAR, false, 1, &layer, 0};
    model->channels = 1, model->height = 2, model->width = 2;
    double image[4];
    sample_decode(model, (const double[]){0}, image);
    assert_true(image[0] == 0 && image[1] == 0.25 && image[2] == 0.5 && image[3] == 1);
    model->decoder.tanh = true;
    sample_decode(model, (const double[]){0}, image);
    assert_true(fabs(image[3] - (tanh(3) + 1) / 2) < 1e-15);
}

static void no_decoder(void **state)
{
    (void)state;
    struct model *model = test_random_model(&arena, 4, 1, 1, 4, 1);
    double *final = test_initial(&arena, model, 2), image[1] = {5};
    sample_decode(model, final, image);
    assert_true(sample_images(model, 2, final, 2, image));
    assert_true(image[0] == 5);
    assert_int_equal(sample_classify(model, image), -1);
    assert_int_equal(sample_features(model, image, image), 0);
}

static void classifier(void **state)
{
    (void)state;
    struct model *model = test_still_model(&arena, 1, 1, 1);
    model->channels = 2, model->height = 3, model->width = 4;
    struct model_layer layers[] = {test_layer(&arena, 300, 17, 24, 1),
                                   test_layer(&arena, 310, 6, 17, 1),
                                   test_layer(&arena, 320, 5, 6, 1)};
    model->classifier = (struct model_classifier){.layer_count = 3, .layers = layers};
    assert_int_equal(sample_features(model, NULL, NULL), 6);
    int seen = 0;
    for (uint64_t s = 0; s < 200; s++) {
        double *image = test_noises(&arena, 1000 + s, 24, 4), features[7];
        double a[32] = {0}, b[32] = {0};
        plain_linear(&layers[0], image, a);
        for (int i = 0; i < 17; i++)
            a[i] = leaky(a[i]);
        plain_linear(&layers[1], a, b);
        for (int i = 0; i < 6; i++)
            b[i] = leaky(b[i]);
        plain_linear(&layers[2], b, a);
        int best = 0;
        for (int i = 1; i < 5; i++)
            best = a[i] > a[best] ? i : best;
        features[6] = 99;
        assert_int_equal(sample_classify(model, image), best);
        assert_int_equal(sample_features(model, image, features), 6);
        assert_true(test_furthest(features, b, 6) < 1e-13);
        assert_true(features[6] == 99);
        seen |= 1 << best;
    }
    assert_true(seen & (seen - 1)); /* more than one class was seen */
}

/* One layer: the class of the largest output; of equal ones, the first. */
static void ties(void **state)
{
    (void)state;
    struct model *model = test_still_model(&arena, 1, 1, 1);
    model->channels = model->height = model->width = 1;
    static const double weight[] = {0, 0, 0, 0};
    double bias[] = {-7, -3, -3, -5}, image[] = {0.5};
    struct model_layer layer = {.outputs = 4, .inputs = 1, .weight = weight, .bias = bias};
    model->classifier = (struct model_classifier){.layer_count = 1, .layers = &layer};
    assert_int_equal(sample_classify(model, image), 1);
    bias[3] = -1;
    assert_int_equal(sample_classify(model, image), 3);
    assert_int_equal(sample_features(model, image, image), 0);
}

static int clean(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(readouts, clean),
        cmocka_unit_test_teardown(linear_decoder, clean),
        cmocka_unit_test_teardown(mlp_decoder, clean),
        cmocka_unit_test_teardown(resize_conv_decoder, clean),
        cmocka_unit_test_teardown(clamped, clean),
        cmocka_unit_test_teardown(no_decoder, clean),
        cmocka_unit_test_teardown(classifier, clean),
        cmocka_unit_test_teardown(ties, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
