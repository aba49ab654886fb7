/* SPDX-License-Identifier: Apache-2.0
 *
 * The decoder on the chip: what its integers are worth beside the model's decoder, which models
 * have one, and how it comes back from a chip folder.
 */
#include "tests/unit/testing.h"

#include <math.h>

#include "compiler/map/chip.h"
#include "compiler/map/passes.h"
#include "compiler/sample/sample.h"
#include "netlist/control_decoder.h"
#include "tests/unit/test_sample_model.h"

enum { SAMPLES = 40 };

/* A chip of which the pass needs to know nothing but the model and the phases' bits. */
static struct chip *make_chip(struct scratch *s, const struct model *model)
{
    struct chip *chip = ARENA_NEW(&s->arena, struct chip);
    *chip = (struct chip){.model = model,
                          .n = model->n,
                          .m = model->m,
                          .classes = model->classes,
                          .phase_bits = 6,
                          .readout_bits = 6,
                          .control.phases.bits = 6,
                          .seed = 5};
    pass_decoder(&s->arena, chip, &s->diags);
    return chip;
}

/* n oscillators that stay where they start, and a decoder of random layers; the argument of the
 * last activation is of the size `spread`. */
static struct model *make_model(struct scratch *s, int n, const int *widths, int layers,
                                double spread)
{
    struct model *model = test_still_model(&s->arena, n, 1, 1);
    model->decoder = (struct model_decoder){
        .kind = layers > 1 ? MODEL_MLP : MODEL_LINEAR, .tanh = true, .layer_count = layers};
    model->decoder.layers = ARENA_ARRAY(&s->arena, struct model_layer, (size_t)layers);
    int inputs = 2 * n;
    for (int l = 0; l < layers; l++) {
        size_t weights = (size_t)(widths[l] * inputs);
        double size = (l + 1 < layers ? 1 : spread) * sqrt(3.0 / inputs);
        model->decoder.layers[l] = (struct model_layer){
            .inputs = inputs,
            .outputs = widths[l],
            .weight = test_noises(&s->arena, 10 + (uint64_t)l, weights, size),
            .bias = test_noises(&s->arena, 50 + (uint64_t)l, (size_t)widths[l], 0.3)};
        inputs = widths[l];
    }
    model->channels = 1;
    model->height = 1;
    model->width = inputs;
    return model;
}

/* RMS of pixels, range 0..1, between the integers and the model's decoder for the same codes. */
static double image_rms(struct scratch *s, const struct model *model,
                        const struct control_decoder *d)
{
    size_t n = (size_t)model->n, all = n + (size_t)model->m, pixels = (size_t)model_pixels(model);
    double *final = ARENA_ARRAY(&s->arena, double, SAMPLES *all);
    double *initial = ARENA_ARRAY(&s->arena, double, SAMPLES *all);
    double *relative = ARENA_ARRAY(&s->arena, double, n);
    double *image = ARENA_ARRAY(&s->arena, double, pixels), sum = 0;
    uint16_t *code = ARENA_ARRAY(&s->arena, uint16_t, n);
    uint8_t *pixel = ARENA_ARRAY(&s->arena, uint8_t, pixels);
    int classes[SAMPLES];
    for (size_t i = 0; i < SAMPLES; i++) {
        sample_initial_phases(model, 77, i, 6, initial + i * all);
        classes[i] = (int)(i % (size_t)model->classes);
    }
    assert_true(sample_phases(model, SAMPLE_MODEL, SAMPLES, initial, classes, 1, final));
    for (size_t i = 0; i < SAMPLES; i++) {
        sample_readout(model, final + i * all, relative);
        for (size_t j = 0; j < n; j++) {
            code[j] = control_code(relative[j], d->bits);
            relative[j] = 2 * M_PI * code[j] / (1 << d->bits);
        }
        sample_decode(model, relative, image);
        control_decode(d, code, pixel);
        for (size_t p = 0; p < pixels; p++)
            sum += (pixel[p] / 255.0 - image[p]) * (pixel[p] / 255.0 - image[p]);
    }
    return sqrt(sum / (double)(SAMPLES * pixels));
}

static void expect_below(const char *what, double value, double limit)
{
    if (!(value < limit))
        fail_msg("%s: %.5f is not below %.5f", what, value, limit);
    print_message("%s: %.5f\n", what, value);
}

static void test_worth(void **state)
{
    struct scratch *s = *state;
    const struct model *digits =
        model_load(&s->arena, OSCC_EXAMPLES "/digits/model.yaml", &s->diags);
    assert_non_null(digits);
    const struct chip *chip = make_chip(s, digits);
    expect_no_diags(&s->diags);
    assert_int_equal(chip->control.decoder.layer_count, 1);
    expect_below("digits", image_rms(s, digits, &chip->control.decoder), 0.007);
    /* half the sums give another image */
    struct control_decoder wrong = chip->control.decoder;
    struct control_layer layer = wrong.layers[0];
    layer.shift++;
    wrong.layers = &layer;
    assert_true(image_rms(s, digits, &wrong) > 0.05);

    static const int one[] = {20}, two[] = {30, 10}, four[] = {16, 16, 16, 12};
    struct model *model = make_model(s, 9, one, 1, 1);
    expect_below("linear", image_rms(s, model, &make_chip(s, model)->control.decoder), 0.003);
    model->decoder.tanh = false;
    expect_below("without tanh", image_rms(s, model, &make_chip(s, model)->control.decoder), 0.003);
    model = make_model(s, 9, two, 2, 1);
    expect_below("two layers", image_rms(s, model, &make_chip(s, model)->control.decoder), 0.006);
    model = make_model(s, 9, four, 4, 1);
    expect_below("four layers", image_rms(s, model, &make_chip(s, model)->control.decoder), 0.0065);
    expect_no_diags(&s->diags);
}

/* The bound by which no sum leaves 32 bits, and the ends of the bytes. */
static void test_sizes(void **state)
{
    struct scratch *s = *state;
    static const int widths[] = {4};
    for (double spread = 1e-6; spread < 1e9; spread *= 10) {
        struct model *model = make_model(s, 6, widths, 1, spread);
        const struct chip *chip = make_chip(s, model);
        const struct control_decoder *d = &chip->control.decoder;
        const struct control_layer *layer = d->layers;
        assert_int_equal(d->layer_count, 1);
        int64_t most = 0, largest = 0;
        for (int o = 0; o < 4; o++) {
            int64_t sum = llabs(layer->bias[o]) + (1ll << (layer->shift - 1));
            for (int j = 0; j < 12; j++) {
                sum += 128 * abs(layer->weight[o * 12 + j]);
                if (abs(layer->weight[o * 12 + j]) > largest)
                    largest = abs(layer->weight[o * 12 + j]);
            }
            most = sum > most ? sum : most;
        }
        assert_true(most <= INT32_MAX);
        assert_true(largest <= 127);
        assert_true(chip->control.decoder_saturated == 0 || layer->shift == 1);
        if (spread >= 1e-3 && spread <= 10) /* where no bias is far above the weights */
            assert_true(largest >= 64);
        if (spread > 1e3)
            assert_true(chip->control.decoder_saturated > 0);
    }
    expect_diag(&s->diags, DIAG_SATURATED, 0, 0,
                "48 weights of the decoder are too large and were set to the largest code",
                "smaller weights");
}

/* Models that the chip gives no pixels of. */
static void test_host(void **state)
{
    struct scratch *s = *state;
    static const int widths[] = {4, 4, 4, 4, 4, 4, 4, 4, 4};
    struct model *model = make_model(s, 3, widths, 9, 1);
    assert_int_equal(make_chip(s, model)->control.decoder.layer_count, 0);
    expect_diag(&s->diags, DIAG_HOST_DECODES, 0, 0,
                "the chip gives phases and no pixels: the chip's decoder has at most 8 layers",
                "host decodes");
    model = make_model(s, 3, widths, 8, 1);
    assert_int_equal(make_chip(s, model)->control.decoder.layer_count, 8);
    model->decoder.kind = MODEL_RESIZE_CONV;
    assert_int_equal(make_chip(s, model)->control.decoder.layer_count, 0);
    expect_diag(&s->diags, DIAG_HOST_DECODES, 0, 0,
                "the chip gives phases and no pixels: `resize_conv` has no place on the chip",
                NULL);
    model->decoder.kind = MODEL_MLP;
    for (enum model_readout r = MODEL_REF_DRIVE; r <= MODEL_ABSOLUTE; r++) {
        model->readout = r;
        assert_int_equal(make_chip(s, model)->control.decoder.layer_count,
                         r == MODEL_REF_DRIVE || r == MODEL_REF_OSCILLATOR ? 8 : 0);
    }
    size_t before = s->diags.count;
    model->decoder.kind = MODEL_DECODER_NONE;
    assert_int_equal(make_chip(s, model)->control.decoder.layer_count, 0);
    assert_int_equal(s->diags.count, before);
}

static void test_codes(void **state)
{
    (void)state;
    assert_int_equal(control_code(0, 6), 0);
    assert_int_equal(control_code(2 * M_PI * 5.4 / 64, 6), 5);
    assert_int_equal(control_code(2 * M_PI * 5.6 / 64, 6), 6);
    assert_int_equal(control_code(-2 * M_PI / 64, 6), 63);
    assert_int_equal(control_code(-2 * M_PI * 0.4 / 64, 6), 0);
    assert_int_equal(control_code(20 * M_PI - 0.001, 6), 0);
    assert_int_equal(control_code(-20 * M_PI + 2 * M_PI * 70 / 1024, 10), 70);
}

/* A folder with what a chip has of its decoder. */
static void write_folder(struct scratch *s, const struct control_decoder *d)
{
    assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder, "verilog")), 0);
    json_t *root = json_pack("{s:i, s:{s:i, s:o}}", "oscillators", d->main, "control", "bits",
                             d->bits, "decoder", netlist_decoder_json(d));
    char *text = json_dumps(root, JSON_INDENT(1));
    scratch_write(s, "chip.json", text, strlen(text));
    free(text);
    json_decref(root);
    for (int i = 0; i < DECODER_IMAGES; i++) {
        struct str image = {0};
        netlist_write_decoder_image(&s->arena, d, (enum netlist_decoder_image)i, &image);
        scratch_write(s, netlist_decoder_file[i], image.text, image.length);
        str_free(&image);
    }
}

static void expect_same(const struct control_decoder *a, const struct control_decoder *b)
{
    assert_int_equal(a->main, b->main);
    assert_int_equal(a->bits, b->bits);
    assert_int_equal(a->layer_count, b->layer_count);
    assert_memory_equal(a->sine, b->sine, (size_t)1 << a->bits);
    assert_memory_equal(a->pixel, b->pixel, CONTROL_PIXEL_ENTRIES);
    for (int l = 0; l < a->layer_count; l++) {
        const struct control_layer *x = &a->layers[l], *y = &b->layers[l];
        assert_int_equal(x->inputs, y->inputs);
        assert_int_equal(x->outputs, y->outputs);
        assert_int_equal(x->shift, y->shift);
        assert_memory_equal(x->weight, y->weight, (size_t)(x->inputs * x->outputs));
        assert_memory_equal(x->bias, y->bias, sizeof *x->bias * (size_t)x->outputs);
    }
}

static void test_read(void **state)
{
    struct scratch *s = *state;
    static const int widths[] = {7, 3};
    const struct chip *chip = make_chip(s, make_model(s, 5, widths, 2, 1));
    write_folder(s, &chip->control.decoder);
    const struct control_decoder *d = netlist_read_decoder(&s->arena, s->folder, &s->diags);
    expect_no_diags(&s->diags);
    assert_non_null(d);
    expect_same(d, &chip->control.decoder);
    /* a chip without one */
    scratch_write(s, "chip.json", "{\"oscillators\": 5}", 18);
    d = netlist_read_decoder(&s->arena, s->folder, &s->diags);
    expect_no_diags(&s->diags);
    assert_int_equal(d->layer_count, 0);
}

/* Replaces the first `old` in a file of the folder. */
static void edit(struct scratch *s, const char *name, const char *old, const char *new)
{
    char *text;
    size_t length;
    const char *path = fs_join(&s->arena, s->folder, name);
    assert_int_equal(fs_read_text(&s->arena, path, 1 << 24, &text, &length), 0);
    char *at = strstr(text, old);
    if (!at)
        fail_msg("no \"%s\" in %s", old, name);
    char *whole =
        arena_printf(&s->arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    scratch_write(s, name, whole, strlen(whole));
}

static void test_damage(void **state)
{
    struct scratch *s = *state;
    static const int widths[] = {7, 3};
    static const struct {
        const char *file, *old, *new, *message;
    } faults[] = {
        {"chip.json", "{", "[", "not JSON: ']' expected near ':'"},
        {"chip.json", "\"inputs\": 10", "\"inputs\": 11",
         "\"inputs\" of the decoder is not an integer from 10 to 10"},
        {"chip.json", "\"inputs\": 7", "\"inputs\": 6",
         "\"inputs\" of the decoder is not an integer from 7 to 7"},
        {"chip.json", "\"outputs\": 3", "\"outputs\": 0",
         "\"outputs\" of the decoder is not an integer from 1 to 65532"},
        {"chip.json", "\"outputs\": 3", "\"outputs\": 4", "27 words where chip.json has 29"},
        {"chip.json", "\"shift\": ", "\"shift\": 6",
         "\"shift\" of the decoder is not an integer from 1 to 31"},
        {"chip.json", "\"bits\": 6", "\"bits\": 1",
         "\"bits\" of the decoder is not an integer from 2 to 16"},
        {"chip.json", "\"bits\": 6", "\"bits\": 7", "64 words where chip.json has 128"},
        {"chip.json", "\"oscillators\": 5", "\"oscillators\": null",
         "\"oscillators\" of the decoder is not an integer from 1 to 32768"},
        {"chip.json", "\"layers\"", "\"layer\"",
         "the decoder's \"layers\" is not a list of 1 to 8 layers"},
        {"verilog/bias.hex", "\n", "\n00\n", "more words than the 10 of chip.json"},
        {"verilog/pixel.hex", "\n", "\n100\n",
         "expected a 8-bit word or an @address in hexadecimal"},
        {"verilog/decoder.hex", "\n", "\n@0\n", "address 0 where the next word is 1"},
    };
    const struct chip *chip = make_chip(s, make_model(s, 5, widths, 2, 1));
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        write_folder(s, &chip->control.decoder);
        edit(s, faults[i].file, faults[i].old, faults[i].new);
        assert_null(netlist_read_decoder(&s->arena, s->folder, &s->diags));
        bool found = false;
        for (size_t k = 0; k < s->diags.count; k++)
            found = found || !strcmp(s->diags.list[k].message, faults[i].message);
        if (!found) {
            diag_print(&s->diags, stderr, DIAG_HUMAN, false);
            fail_msg("case %zu: not \"%s\"", i, faults[i].message);
        }
        diag_free(&s->diags);
    }
    for (int i = 0; i < DECODER_IMAGES; i++) {
        write_folder(s, &chip->control.decoder);
        const char *path = fs_join(&s->arena, s->folder, netlist_decoder_file[i]);
        assert_int_equal(remove(path), 0);
        assert_null(netlist_read_decoder(&s->arena, s->folder, &s->diags));
        expect_diag(&s->diags, DIAG_CHIP_DAMAGED, 0, 0,
                    arena_printf(&s->arena, "cannot read '%s': No such file or directory", path),
                    "compile the model again");
        diag_free(&s->diags);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_worth, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_sizes, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_host, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_codes, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_read, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_damage, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
