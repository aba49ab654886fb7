/* SPDX-License-Identifier: Apache-2.0
 *
 * model.yaml itself: keys, values, defaults and lists of weights. Files of weights are in
 * test_model_weights.c.
 */
#include "tests/unit/testing.h"

#include <jansson.h>
#include <math.h>

#include "compiler/model/model.h"

static const char *const base[] = {
    "oscc: 1",
    "oscillators: 2",
    "conditioning: 1",
    "dynamics:",
    "  weights:",
    "    K: [[9, 0.5], [-0.25, 9]]",
    "    omega: [0.1, -0.1]",
    "    K_drive: [[[1], [0.5]]]",
    "",
};
enum { BASE_LINES = sizeof base / sizeof base[0] };

/* The smallest model with one of its lines (from 1) replaced; the last one is free. */
static struct model *load_with(struct scratch *s, size_t line, const char *text)
{
    struct str file = {0};
    for (size_t i = 1; i <= BASE_LINES; i++)
        str_addf(&file, "%s\n", i == line ? text : base[i - 1]);
    scratch_write(s, "model.yaml", file.text, file.length);
    str_free(&file);
    return model_load(&s->arena, fs_join(&s->arena, s->folder, "model.yaml"), &s->diags);
}

static void test_smallest_and_defaults(void **state)
{
    struct scratch *s = *state;
    struct model *model = load_with(s, 0, NULL);
    expect_no_diags(&s->diags);
    assert_non_null(model);
    assert_string_equal(model->name, "model");
    assert_int_equal(model->n, 2);
    assert_int_equal(model->m, 1);
    assert_int_equal(model->classes, 1);
    assert_true(model->time == 1);
    assert_int_equal(model->method, MODEL_EULER);
    assert_int_equal(model->steps, 10);
    assert_true(model->conditioning_random);
    assert_int_equal(model->readout, MODEL_REF_DRIVE);
    assert_int_equal(model->decoder.kind, MODEL_DECODER_NONE);
    assert_int_equal(model_pixels(model), 0);
    assert_int_equal(model->classifier.layer_count, 0);
    /* the diagonal is ignored */
    assert_int_equal(model->couplings.count, 2);
    assert_int_equal(model->couplings.first[0], 0);
    assert_int_equal(model->couplings.first[1], 1);
    assert_int_equal(model->couplings.first[2], 2);
    assert_int_equal(model->couplings.source[0], 1);
    assert_int_equal(model->couplings.source[1], 0);
    assert_true(model->couplings.value[0] == 0.5 && model->couplings.value[1] == -0.25);
    assert_true(model->omega[0] == 0.1 && model->omega[1] == -0.1);
    /* left out of a map: zeros */
    assert_true(model->omega_cond[0] == 0 && model->k_cond[0] == 0);
    assert_true(model->k_drive[0] == 1 && model->k_drive[1] == 0.5);
    assert_string_equal(model->chip.pdk, "generic");
    assert_true(model->chip.carrier_cycles == 0);
    assert_int_equal(model->chip.weights, MODEL_PROGRAMMABLE);
    assert_int_equal(model->chip.weight_bits, 5);
    assert_int_equal(model->chip.omega_bits, 8);
    assert_int_equal(model->chip.phase_bits, 6);
    assert_int_equal(model->chip.readout_bits, 6);
    assert_true(model->chip.weight_full_scale == 0 && model->chip.omega_full_scale == 0);
    assert_int_equal(model->chip.seed, 1);
    assert_true(model->limits[MODEL_LEVEL_PHASE].phase_rms_rad == 0.001);
    assert_true(model->limits[MODEL_LEVEL_CELL].worst_oscillator_rms_rad == 0.008);
    assert_true(model->limits[MODEL_LEVEL_DEVICE].image_rms == 0.1);
    assert_string_equal(model->files[0], model->path);
    assert_null(model->files[1]);
}

static void test_everything_set(void **state)
{
    struct scratch *s = *state;
    struct model *model = load_with(
        s, 9,
        "name: a-b_c.9\nreadout: ref_oscillator\nclasses: 1\n"
        "chip: {pdk: sky130A, carrier_cycles: 7.5, weight_bits: 8, omega_bits: 12, phase_bits: "
        "16,\n"
        "  readout_bits: 1, weight_full_scale: 0.5, drive_full_scale: 2, omega_full_scale: 3,\n"
        "  seed: 9007199254740991}\n"
        "verify:\n  cell: {image_rms: 0.5}\n  device: {phase_rms_rad: 1, "
        "worst_oscillator_rms_rad: 2}\n");
    expect_no_diags(&s->diags);
    assert_string_equal(model->name, "a-b_c.9");
    assert_int_equal(model->readout, MODEL_REF_OSCILLATOR);
    assert_string_equal(model->chip.pdk, "sky130A");
    assert_true(model->chip.carrier_cycles == 7.5);
    assert_int_equal(model->chip.weight_bits, 8);
    assert_int_equal(model->chip.phase_bits, 16);
    assert_int_equal(model->chip.readout_bits, 1);
    assert_true(model->chip.drive_full_scale == 2);
    assert_true(model->chip.seed == 9007199254740991u);
    assert_true(model->limits[MODEL_LEVEL_CELL].image_rms == 0.5);
    assert_true(model->limits[MODEL_LEVEL_CELL].phase_rms_rad == 0.005);
    assert_true(model->limits[MODEL_LEVEL_DEVICE].worst_oscillator_rms_rad == 2);
    struct source_place place = source_locate(model->places.pdk.source, model->places.pdk.offset);
    assert_int_equal(place.line, 12);
    assert_int_equal(place.column, 13);
}

static void test_mup_scales_a_map(void **state)
{
    struct scratch *s = *state;
    struct model *model = load_with(s, 4, "dynamics:\n  parameterization: mup");
    expect_no_diags(&s->diags);
    assert_true(fabs(model->couplings.value[0] - 0.5 / 1.4142135623730951) < 1e-15);
    assert_true(model->k_drive[1] == 0.5); /* m = 1 */
    assert_true(model->omega[0] == 0.1);
}

static void test_without_conditioning(void **state)
{
    struct scratch *s = *state;
    struct str file = {0};
    str_add(&file, "oscc: 1\noscillators: 1\ndynamics: {weights: {K: [[0]], omega: [[2]]}}\n");
    scratch_write(s, "model.yaml", file.text, file.length);
    str_free(&file);
    struct model *model =
        model_load(&s->arena, fs_join(&s->arena, s->folder, "model.yaml"), &s->diags);
    expect_no_diags(&s->diags);
    assert_int_equal(model->m, 0);
    assert_int_equal(model->readout, MODEL_ABSOLUTE);
    assert_int_equal(model->couplings.count, 0);
    assert_true(model->omega[0] == 2);
}

/* What each faulty line brings; line is where the caret goes. */
static const struct {
    size_t replaced;
    const char *text;
    enum diag_code code;
    size_t line, column;
    const char *message, *help;
} faults[] = {
    {1, "", DIAG_MISSING_KEY, 2, 1, "the key \"oscc\" is missing",
     "write \"oscc: 1\", the version of this format"},
    {1, "oscc: 2", DIAG_BAD_VALUE, 1, 7, "\"oscc\" is the version of this format: 1, not \"2\"",
     NULL},
    {2, "", DIAG_MISSING_KEY, 1, 1, "the key \"oscillators\" is missing", NULL},
    {2, "oscilators: 2", DIAG_UNKNOWN_KEY, 2, 1, "unknown key \"oscilators\"",
     "did you mean \"oscillators\"?"},
    {2, "oscillators: many", DIAG_YAML_SHAPE, 2, 14,
     "\"oscillators\" must be a whole number, not \"many\"", NULL},
    {2, "oscillators: '2'", DIAG_YAML_SHAPE, 2, 14,
     "\"oscillators\" must be a whole number, not the text \"2\"", NULL},
    {2, "oscillators: 2.5", DIAG_YAML_SHAPE, 2, 14,
     "\"oscillators\" must be a whole number, not \"2.5\"", NULL},
    {2, "oscillators:", DIAG_YAML_SHAPE, 2, 13,
     "\"oscillators\" must be a whole number, not nothing", NULL},
    {2, "oscillators: [2]", DIAG_YAML_SHAPE, 2, 14,
     "\"oscillators\" must be a whole number, not a list", NULL},
    {2, "oscillators: 0", DIAG_BAD_VALUE, 2, 14,
     "\"oscillators\" must be from 1 to 65536, not \"0\"", NULL},
    {2, "oscillators: 99999999999999999999", DIAG_BAD_VALUE, 2, 14,
     "\"oscillators\" must be from 1 to 65536, not \"99999999999999999999\"", NULL},
    {2, "oscillators: 3", DIAG_TENSOR_SHAPE, 6, 8, "tensor \"K\" has shape (2, 2), expected (3, 3)",
     NULL},
    {2, "oscillators: 3", DIAG_TENSOR_SHAPE, 7, 12,
     "tensor \"omega\" has shape (2,), expected (3,)", NULL},
    {3, "conditioning: -1", DIAG_BAD_VALUE, 3, 15,
     "\"conditioning\" must be from 0 to 1024, not \"-1\"", NULL},
    {3, "conditioning: 2", DIAG_TENSOR_SHAPE, 8, 14,
     "tensor \"K_drive\" has shape (1, 2, 1), expected (1, 2, 2)", NULL},
    {3, "", DIAG_TENSOR_SHAPE, 8, 14,
     "tensor \"K_drive\" is there, but the model has no conditioning oscillators",
     "write \"conditioning: 1\" and \"classes: 1\""},
    {3, "conditioning: 0\nreadout: ref_drive", DIAG_BAD_VALUE, 4, 10,
     "readout ref_drive is relative to a conditioning oscillator, and there is none", NULL},
    {3, "classes: 3", DIAG_BAD_VALUE, 3, 10,
     "3 classes, but no conditioning oscillators that tell them apart", NULL},
    {4, "dynamic:", DIAG_MISSING_KEY, 1, 1, "the key \"dynamics\" is missing", NULL},
    {4, "dynamics:\n  time: 0", DIAG_BAD_VALUE, 5, 9,
     "\"time\" must be from 1e-06 to 1000000, not \"0\"", NULL},
    {4, "dynamics:\n  time: .nan", DIAG_NOT_FINITE, 5, 9, "\"time\" is not finite", NULL},
    {4, "dynamics:\n  time: fast", DIAG_YAML_SHAPE, 5, 9, "\"time\" must be a number, not \"fast\"",
     NULL},
    {4, "dynamics:\n  solver: {method: eular}", DIAG_BAD_VALUE, 5, 20,
     "\"method\" must be euler or rk4, not \"eular\"", "did you mean \"euler\"?"},
    {4, "dynamics:\n  solver: {step: 3}", DIAG_UNKNOWN_KEY, 5, 12, "unknown key \"step\"",
     "did you mean \"steps\"?"},
    {4, "dynamics:\n  solver: {zz: 3}", DIAG_UNKNOWN_KEY, 5, 12, "unknown key \"zz\"",
     "the keys here are method, steps"},
    {4, "dynamics:\n  solver: {steps: 0}", DIAG_BAD_VALUE, 5, 19,
     "\"steps\" must be from 1 to 100000, not \"0\"", NULL},
    {4, "dynamics:\n  solver: euler", DIAG_YAML_SHAPE, 5, 11,
     "\"solver\" must be a group of keys, not \"euler\"", NULL},
    {4, "dynamics:\n  conditioning_start: one", DIAG_BAD_VALUE, 5, 23,
     "\"conditioning_start\" must be random or zero, not \"one\"", NULL},
    {4, "dynamics:\n  parameterization:", DIAG_YAML_SHAPE, 5, 20,
     "\"parameterization\" must be standard or mup, not nothing", NULL},
    {5, "  weight:", DIAG_MISSING_KEY, 4, 1, "the key \"weights\" is missing in \"dynamics\"",
     NULL},
    {6, "    K: [[9, 0.5], [-0.25]]", DIAG_TENSOR_SHAPE, 6, 19,
     "a list of 1 in \"K\", where the first has 2", NULL},
    {6, "    K: [[9, 0.5], 7]", DIAG_TENSOR_SHAPE, 6, 19,
     "expected a list of 2 in \"K\", not \"7\"", NULL},
    {6, "    K: [[9, 0.5], [x, 9]]", DIAG_YAML_SHAPE, 6, 20,
     "expected a number in \"K\", not \"x\"", NULL},
    {6, "    K: [[9, 0.5], [.nan, 9]]", DIAG_NOT_FINITE, 6, 20,
     ".nan in \"K\" is not a finite weight", NULL},
    {6, "    K: [[9, 0.5], [1e999, 9]]", DIAG_NOT_FINITE, 6, 20,
     "1e999 in \"K\" is not a finite weight", NULL},
    {6, "    K: []", DIAG_TENSOR_SHAPE, 6, 8, "an empty list in \"K\"", NULL},
    {6, "    K: [[[[[1]]]]]", DIAG_TENSOR_SHAPE, 6, 12, "too many levels of lists in \"K\"", NULL},
    {6, "    K: [1, 2, 3, 4]", DIAG_TENSOR_SHAPE, 6, 8,
     "tensor \"K\" has shape (4,), expected (2, 2)", NULL},
    {6, "    K: 5", DIAG_YAML_SHAPE, 6, 8,
     "\"K\" must be a list of numbers or the path of an NPY file, not \"5\"", NULL},
    {6, "    K: absent.npy", DIAG_FILE_MISSING, 6, 8, "there is no file \"FOLDER/absent.npy\"",
     NULL},
    {6, "", DIAG_TENSOR_MISSING, 7, 5, "tensor \"K\" is missing", "found: K_drive, omega"},
    {7, "    omga: [0.1, -0.1]", DIAG_TENSOR_MISSING, 6, 5, "tensor \"omega\" is missing",
     "found: K, K_drive, omga"},
    {7, "    omga: [0.1, -0.1]", DIAG_UNKNOWN_KEY, 7, 5, "the model has no tensor \"omga\"",
     "did you mean \"omega\"?"},
    {8, "    K_drive: [[[1], [0.5]]]\n    dynamics.K: [[1, 2], [3, 4]]", DIAG_TENSOR_FILE, 9, 17,
     "tensors \"K\" and \"dynamics.K\" are the same thing, and both are there", NULL},
    {9, "readout: sideways", DIAG_BAD_VALUE, 9, 10,
     "\"readout\" must be ref_drive, ref_oscillator, mean_relative or absolute, not \"sideways\"",
     NULL},
    {9, "name: a/b", DIAG_BAD_VALUE, 9, 7, "\"name\" cannot be \"a/b\"", "up to 64 letters"},
    {9, "name: [a]", DIAG_YAML_SHAPE, 9, 7, "\"name\" must be a word, not a list", NULL},
    {9, "decoder: {}", DIAG_MISSING_KEY, 9, 1, "the key \"kind\" is missing in \"decoder\"", NULL},
    {9, "decoder: {kind: cnn}", DIAG_BAD_VALUE, 9, 17,
     "\"kind\" must be none, linear, mlp or resize_conv, not \"cnn\"", NULL},
    {9, "decoder: {kind: none, weights: x}", DIAG_BAD_VALUE, 9, 23,
     "a decoder of kind none has no weights", NULL},
    {9, "decoder: {kind: linear}", DIAG_MISSING_KEY, 9, 1,
     "the key \"weights\" is missing in \"decoder\"", NULL},
    {9, "decoder: {kind: linear}", DIAG_MISSING_KEY, 1, 1, "the key \"image\" is missing", NULL},
    {9, "decoder: {kind: linear, activation: relu}", DIAG_BAD_VALUE, 9, 37,
     "\"activation\" must be tanh or none, not \"relu\"", NULL},
    {9, "image: {channels: 1, height: 1, width: 1}", DIAG_BAD_VALUE, 9, 1,
     "an image needs a decoder that draws it", NULL},
    {9, "decoder: {kind: mlp}\nimage: {channels: 2, height: 1, width: 1}", DIAG_BAD_VALUE, 10, 19,
     "\"channels\" must be 1 (grey) or 3 (red, green, blue), not 2", NULL},
    {9, "decoder: {kind: mlp}\nimage: {channels: 1, height: 1}", DIAG_MISSING_KEY, 10, 1,
     "the key \"width\" is missing in \"image\"", NULL},
    {9, "classifier: {weights: x.safetensors}", DIAG_BAD_VALUE, 9, 1,
     "a classifier judges images, and there is no decoder that draws them", NULL},
    {9, "classifier: {kind: x}", DIAG_UNKNOWN_KEY, 9, 14, "unknown key \"kind\"", NULL},
    {9, "chip: {weight_bits: 9}", DIAG_BAD_VALUE, 9, 21,
     "\"weight_bits\" must be from 2 to 8, not \"9\"", NULL},
    {9, "chip: {carrier_cycles: -.5}", DIAG_BAD_VALUE, 9, 24,
     "\"carrier_cycles\" must be from 0 to 1000, not \"-.5\"", NULL},
    {9, "chip: {weights: soldered}", DIAG_BAD_VALUE, 9, 17,
     "\"weights\" must be programmable or hardwired, not \"soldered\"", NULL},
    {9, "chip: {weights: hardwire}", DIAG_BAD_VALUE, 9, 17,
     "\"weights\" must be programmable or hardwired, not \"hardwire\"",
     "did you mean \"hardwired\"?"},
    {9, "chip: {wieght_bits: 4}", DIAG_UNKNOWN_KEY, 9, 8, "unknown key \"wieght_bits\"",
     "did you mean \"weight_bits\"?"},
    {9, "verify: {phase: {image_rms: 2}}", DIAG_BAD_VALUE, 9, 29,
     "\"image_rms\" must be from 1e-09 to 1, not \"2\"", NULL},
    {9, "verify: {transistor: {}}", DIAG_UNKNOWN_KEY, 9, 10, "unknown key \"transistor\"",
     "the keys here are phase, cell, device"},
    {9, "verify: {cell: {rms: 1}}", DIAG_UNKNOWN_KEY, 9, 17, "unknown key \"rms\"", NULL},
};

/* Paths in messages depend on the scratch folder: FOLDER stands for it. */
static const char *with_folder(struct scratch *s, const char *message)
{
    const char *mark = strstr(message, "FOLDER");
    if (!mark)
        return message;
    return arena_printf(&s->arena, "%.*s%s%s", (int)(mark - message), message, s->folder, mark + 6);
}

static void test_faults(void **state)
{
    struct scratch *s = *state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        assert_null(load_with(s, faults[i].replaced, faults[i].text));
        expect_diag(&s->diags, faults[i].code, faults[i].line, faults[i].column,
                    with_folder(s, faults[i].message), faults[i].help);
        scratch_reset(s);
    }
}

/* One run reports the faults of all parts. */
static void test_all_faults_in_one_run(void **state)
{
    struct scratch *s = *state;
    assert_null(load_with(s, 9,
                          "clases: 1\nreadout: x\nchip: {seed: -1, phase_bits: 0}\n"
                          "verify: {cell: 1}\ndecoder: {kind: linear, weights: a.safetensors}\n"
                          "image: {channels: 1, height: 0, width: 8}\nname: ' '"));
    assert_int_equal(s->diags.errors, 8);
    expect_diag(&s->diags, DIAG_UNKNOWN_KEY, 9, 1, "unknown key \"clases\"", "\"classes\"");
    expect_diag(&s->diags, DIAG_FILE_MISSING, 13, 34,
                with_folder(s, "there is no file \"FOLDER/a.safetensors\""), NULL);
    expect_diag(&s->diags, DIAG_BAD_VALUE, 14, 30, "\"height\" must be from 1 to 4096, not \"0\"",
                NULL);
    assert_int_equal(diag_exit_status(&s->diags), 2);
}

static void test_file_faults(void **state)
{
    struct scratch *s = *state;
    assert_null(model_load(&s->arena, "/nonexistent/model.yaml", &s->diags));
    expect_diag(&s->diags, DIAG_FILE_MISSING, 0, 0, "there is no such file", NULL);
    assert_null(model_load(&s->arena, s->folder, &s->diags));
    expect_diag(&s->diags, DIAG_FILE_MISSING, 0, 0, "this is a folder, not a file",
                "name the model.yaml in it");
    char *large = calloc(1, (1 << 24) + 1);
    const char *weights = scratch_write(s, "w.safetensors", large, (1 << 24) + 1);
    free(large);
    assert_null(model_load(&s->arena, weights, &s->diags));
    expect_diag(&s->diags, DIAG_YAML_LIMIT, 0, 0, "more than 16777216 bytes",
                "is this a file of weights?");
    const char *list = scratch_write(s, "list.yaml", "- 1\n", 4);
    assert_null(model_load(&s->arena, list, &s->diags));
    expect_diag(&s->diags, DIAG_YAML_SHAPE, 1, 1, "a model is a group of keys, not a list", NULL);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(model_readout_name(MODEL_MEAN_RELATIVE), "mean_relative");
    assert_string_equal(model_decoder_name(MODEL_RESIZE_CONV), "resize_conv");
    assert_string_equal(model_method_name(MODEL_RK4), "rk4");
    assert_string_equal(model_level_name(MODEL_LEVEL_PHASE), "phase");
    assert_string_equal(model_level_name(MODEL_LEVEL_CELL), "cell");
    assert_string_equal(model_level_name(MODEL_LEVEL_DEVICE), "device");
}

static json_t *schema_property(json_t *schema, const char *section, const char *key)
{
    json_t *map = json_object_get(json_object_get(schema, "properties"), section);
    json_t *property = json_object_get(json_object_get(map, "properties"), key);
    assert_non_null(property);
    return property;
}

static void expect_schema_number(json_t *property, const char *word, double value)
{
    json_t *found = json_object_get(property, word);
    assert_true(json_is_number(found));
    assert_true(json_number_value(found) == value);
}

/* The schema that editors use says the same as the tables. */
static void test_schema_agrees(void **state)
{
    (void)state;
    json_t *schema = json_load_file(OSCC_EXAMPLES "/../docs/model.schema.json", 0, NULL);
    assert_non_null(schema);
    size_t keys = 0;
    json_t *property;
#define NAME(key, fallback)                                                                        \
    property = schema_property(schema, "chip", #key);                                              \
    assert_string_equal(json_string_value(json_object_get(property, "default")), fallback);        \
    keys++;
#define CHOICE(key, words, fallback)                                                               \
    property = schema_property(schema, "chip", #key);                                              \
    assert_string_equal(json_string_value(json_object_get(property, "default")),                   \
                        model_##key##_name(fallback));                                             \
    keys++;
#define NUMBER(key, low, high, fallback)                                                           \
    property = schema_property(schema, "chip", #key);                                              \
    expect_schema_number(property, "minimum", low);                                                \
    expect_schema_number(property, "maximum", (double)high);                                       \
    expect_schema_number(property, "default", fallback);                                           \
    keys++;
#define INTEGER NUMBER
#include "compiler/model/chip_hints.def"
#undef NAME
#undef CHOICE
#undef INTEGER
#undef NUMBER
    json_t *chip = json_object_get(json_object_get(schema, "properties"), "chip");
    assert_int_equal(json_object_size(json_object_get(chip, "properties")), keys);
    static const struct {
        const char *key;
        double low, high;
    } limits[] = {
#define LIMIT(key, low, high) {#key, low, high},
#include "compiler/model/verify_limits.def"
#undef LIMIT
    };
#define LEVEL(level, index, ...)                                                                   \
    for (size_t i = 0; i < 3; i++) {                                                               \
        property = schema_property(schema, "verify", #level);                                      \
        property = json_object_get(json_object_get(property, "properties"), limits[i].key);        \
        expect_schema_number(property, "minimum", limits[i].low);                                  \
        expect_schema_number(property, "maximum", limits[i].high);                                 \
        expect_schema_number(property, "default", (const double[]){__VA_ARGS__}[i]);               \
    }
#include "compiler/model/verify_limits.def"
#undef LEVEL
    json_decref(schema);
}

static void test_examples(void **state)
{
    struct scratch *s = *state;
    struct model *pair = model_load(&s->arena, OSCC_EXAMPLES "/pair/model.yaml", &s->diags);
    expect_no_diags(&s->diags);
    assert_int_equal(pair->n, 2);
    assert_int_equal(pair->m, 1);
    struct model *digits = model_load(&s->arena, OSCC_EXAMPLES "/digits/model.yaml", &s->diags);
    expect_no_diags(&s->diags);
    assert_int_equal(digits->n, 64);
    assert_int_equal(digits->decoder.layer_count, 1);
    assert_int_equal(digits->decoder.layers[0].inputs, 128);
    assert_int_equal(digits->classifier.layer_count, 2);
    assert_int_equal(digits->classifier.layers[1].outputs, 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_smallest_and_defaults),
        TEST(test_everything_set),
        TEST(test_mup_scales_a_map),
        TEST(test_without_conditioning),
        TEST(test_faults),
        TEST(test_all_faults_in_one_run),
        TEST(test_file_faults),
        TEST(test_names),
        TEST(test_schema_agrees),
        TEST(test_examples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
