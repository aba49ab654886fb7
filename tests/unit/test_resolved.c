/* SPDX-License-Identifier: Apache-2.0
 *
 * resolved.yaml: the model that is read back is the model that was written, to the last bit.
 */
#include "tests/unit/testing.h"

#include <errno.h>

#include "netlist/resolved.h"

static void expect_values(const char *what, const double *a, const double *b, size_t count)
{
    if (count && memcmp(a, b, count * sizeof *a) != 0)
        fail_msg("%s: %zu values differ", what, count);
}

static void expect_layers(const char *what, int count, const struct model_layer *a,
                          const struct model_layer *b, size_t kernel)
{
    for (int l = 0; l < count; l++) {
        assert_int_equal(a[l].outputs, b[l].outputs);
        assert_int_equal(a[l].inputs, b[l].inputs);
        expect_values(what, a[l].weight, b[l].weight,
                      (size_t)a[l].outputs * (size_t)a[l].inputs * kernel);
        expect_values(what, a[l].bias, b[l].bias, (size_t)a[l].outputs);
    }
}

static void expect_hints(const struct model_chip_hints *a, const struct model_chip_hints *b)
{
    assert_string_equal(a->pdk, b->pdk);
    expect_values("carrier_cycles", &a->carrier_cycles, &b->carrier_cycles, 1);
    assert_int_equal(a->weights, b->weights);
    assert_int_equal(a->weight_bits, b->weight_bits);
    assert_int_equal(a->omega_bits, b->omega_bits);
    assert_int_equal(a->phase_bits, b->phase_bits);
    assert_int_equal(a->readout_bits, b->readout_bits);
    expect_values("weight_full_scale", &a->weight_full_scale, &b->weight_full_scale, 1);
    expect_values("drive_full_scale", &a->drive_full_scale, &b->drive_full_scale, 1);
    expect_values("omega_full_scale", &a->omega_full_scale, &b->omega_full_scale, 1);
    assert_int_equal(a->seed, b->seed);
}

/* Everything but where the two came from. */
static void expect_same(const struct model *a, const struct model *b)
{
    size_t n = (size_t)a->n, m = (size_t)a->m, classes = (size_t)a->classes;
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->m, b->m);
    assert_int_equal(a->classes, b->classes);
    expect_values("time", &a->time, &b->time, 1);
    assert_int_equal(a->method, b->method);
    assert_int_equal(a->steps, b->steps);
    assert_int_equal(a->conditioning_random, b->conditioning_random);
    assert_int_equal(a->readout, b->readout);
    assert_int_equal(a->couplings.count, b->couplings.count);
    assert_memory_equal(a->couplings.first, b->couplings.first, (n + 1) * sizeof(size_t));
    if (a->couplings.count)
        assert_memory_equal(a->couplings.source, b->couplings.source,
                            a->couplings.count * sizeof(int32_t));
    expect_values("K", a->couplings.value, b->couplings.value, a->couplings.count);
    expect_values("omega", a->omega, b->omega, n);
    expect_values("omega_cond", a->omega_cond, b->omega_cond, m);
    expect_values("K_cond", a->k_cond, b->k_cond, m * m);
    expect_values("K_drive", a->k_drive, b->k_drive, classes * n * m);
    assert_int_equal(a->decoder.kind, b->decoder.kind);
    assert_int_equal(a->decoder.tanh, b->decoder.tanh);
    assert_int_equal(a->decoder.layer_count, b->decoder.layer_count);
    assert_int_equal(a->decoder.channels, b->decoder.channels);
    expect_layers("decoder", a->decoder.layer_count, a->decoder.layers, b->decoder.layers,
                  a->decoder.kind == MODEL_RESIZE_CONV ? 9 : 1);
    assert_int_equal(a->channels, b->channels);
    assert_int_equal(a->height, b->height);
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->classifier.layer_count, b->classifier.layer_count);
    expect_layers("classifier", a->classifier.layer_count, a->classifier.layers,
                  b->classifier.layers, 1);
    expect_hints(&a->chip, &b->chip);
    assert_int_equal(sizeof a->limits, MODEL_LEVEL_COUNT * 3 * sizeof(double));
    assert_memory_equal(a->limits, b->limits, sizeof a->limits);
}

static struct model *resolve(struct scratch *s, const struct model *model)
{
    assert_int_equal(netlist_write_resolved(&s->arena, model, s->folder), 0);
    struct model *back =
        model_load(&s->arena, fs_join(&s->arena, s->folder, "resolved.yaml"), &s->diags);
    expect_no_diags(&s->diags);
    assert_non_null(back);
    return back;
}

/* Every decoder, readout, solver, number type and both scalings. */
static void test_recorded(void **state)
{
    struct scratch *s = *state;
    static const char *const paths[] = {
        OSCC_TEST_DATA "/data/recorded/converted_linear_f16/model.yaml",
        OSCC_TEST_DATA "/data/recorded/mup_linear_f64/model.yaml",
        OSCC_TEST_DATA "/data/recorded/mup_mlp_bf16/model.yaml",
        OSCC_TEST_DATA "/data/recorded/training_resize_conv/model.yaml",
        OSCC_EXAMPLES "/digits/model.yaml",
        OSCC_EXAMPLES "/pair/model.yaml",
    };
    unsigned decoders = 0, readouts = 0, methods = 0, starts = 0;
    bool classifier = false;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct model *model = model_load(&s->arena, paths[i], &s->diags);
        assert_non_null(model);
        diag_free(&s->diags);
        expect_same(model, resolve(s, model));
        decoders |= 1u << model->decoder.kind;
        readouts |= 1u << model->readout;
        methods |= 1u << model->method;
        starts |= 1u << model->conditioning_random;
        classifier = classifier || model->classifier.layer_count > 1;
        assert_int_equal(fs_remove_tree(fs_join(&s->arena, s->folder, "model")), 0);
    }
    assert_int_equal(decoders, 0xf);
    assert_int_equal(readouts, 0xf);
    assert_int_equal(methods, 0x3);
    assert_int_equal(starts, 0x3);
    assert_true(classifier);
}

/* Numbers whose shortest text has 17 digits, and names that YAML would take for something else. */
static void test_values(void **state)
{
    struct scratch *s = *state;
    static const char *const names[] = {"a.b_c-9", "1", "null", "true", "1e3", "0x10"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *text = arena_printf(
            &s->arena,
            "oscc: 1\nname: \"%s\"\noscillators: 2\nconditioning: 1\nclasses: 2\n"
            "dynamics:\n  time: 0.30000000000000004\n  weights:\n"
            "    K: [[0, 0.30000000000000004], [-1e-310, 0]]\n    omega: [1e12, -0.1]\n"
            "    omega_cond: [0.7]\n    K_cond: [[0]]\n"
            "    K_drive: [[[1e-320], [3]], [[0.1], [1.7976e11]]]\n"
            "chip: {carrier_cycles: 5.1000000000000005, weights: hardwired, weight_bits: 7, "
            "omega_bits: 11, "
            "phase_bits: 9, readout_bits: 13, weight_full_scale: 0.12345678901234568, "
            "drive_full_scale: 2.2, omega_full_scale: 0.1, seed: 9007199254740991}\n"
            "verify:\n  phase: {phase_rms_rad: 0.010000000000000002}\n"
            "  device: {worst_oscillator_rms_rad: 0.3, image_rms: 0.7000000000000001}\n",
            names[i]);
        const char *path = scratch_write(s, "model.yaml", text, strlen(text));
        struct model *model = model_load(&s->arena, path, &s->diags);
        expect_no_diags(&s->diags);
        assert_non_null(model);
        assert_string_equal(model->name, names[i]);
        assert_true(model->couplings.value[1] == -1e-310);
        assert_true(model->chip.seed == 9007199254740991);
        assert_int_equal(model->chip.weights, MODEL_HARDWIRED);
        expect_same(model, resolve(s, model));
    }
}

/* Nothing coupled, nothing that conditions. */
static void test_empty_arrays(void **state)
{
    struct scratch *s = *state;
    static const char *const texts[] = {
        "oscc: 1\noscillators: 2\nconditioning: 0\ndynamics:\n  weights:\n"
        "    K: [[0, 1], [0, 0]]\n    omega: [0, 1]\nreadout: ref_oscillator\n",
        "oscc: 1\noscillators: 2\nconditioning: 1\ndynamics:\n  weights:\n"
        "    K: [[0, 0], [0, 0]]\n    omega: [0, 1]\n    K_drive: [[[1], [1]]]\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *path = scratch_write(s, "model.yaml", texts[i], strlen(texts[i]));
        struct model *model = model_load(&s->arena, path, &s->diags);
        expect_no_diags(&s->diags);
        assert_non_null(model);
        expect_same(model, resolve(s, model));
        assert_int_equal(fs_remove_tree(fs_join(&s->arena, s->folder, "model")), 0);
    }
}

static void test_unwritable(void **state)
{
    struct scratch *s = *state;
    struct model *model = model_load(&s->arena, OSCC_EXAMPLES "/pair/model.yaml", &s->diags);
    assert_non_null(model);
    const char *file = scratch_write(s, "file", "x", 1);
    assert_int_equal(netlist_write_resolved(&s->arena, model, file), -ENOTDIR);
    /* a weight cannot be written: no resolved.yaml that names it */
    const char *omega = fs_join(&s->arena, s->folder, "model/omega.npy");
    assert_int_equal(fs_make_folders(omega), 0);
    assert_int_equal(netlist_write_resolved(&s->arena, model, s->folder), -EISDIR);
    assert_false(fs_exists(fs_join(&s->arena, s->folder, "resolved.yaml")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_recorded),
        TEST(test_values),
        TEST(test_empty_arrays),
        TEST(test_unwritable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
