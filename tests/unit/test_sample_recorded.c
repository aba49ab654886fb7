/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole models, read from their files, against what a PyTorch program of its own recorded in double
 * precision (tests/data/recorded/make.sh): the phases by both solvers, and the images.
 */
#include "tests/unit/test_sample_model.h"

#include "compiler/base/fs.h"
#include "compiler/base/npy.h"

static struct arena arena;

/* The array in the file tests/data/recorded/PREFIX WHAT.npy. */
static struct npy recorded(const char *prefix, const char *what)
{
    char *path = arena_printf(&arena, OSCC_TEST_DATA "/data/recorded/%s%s.npy", prefix, what);
    struct fs_map map;
    struct npy npy = {0};
    if (fs_map(path, &map))
        fail_msg("%s cannot be read", path);
    const char *fault = npy_parse(&arena, map.bytes, map.length, &npy);
    if (fault)
        fail_msg("%s: %s", path, fault);
    fs_unmap(&map);
    return npy;
}

static struct model *load(const char *path)
{
    struct diags diags = {0};
    struct model *model = model_load(&arena, path, &diags);
    diag_print(&diags, stderr, DIAG_HUMAN, false);
    diag_free(&diags);
    assert_non_null(model);
    return model;
}

/* `prefix` is what the names of the arrays of this model begin with. The limits are a few times
 * what is seen: 1e-9 rad is what both sides promise of the exact solution. */
static void compare(const char *path, const char *prefix)
{
    struct model *model = load(path);
    struct npy initial = recorded(prefix, "initial_phases"), listed = recorded(prefix, "classes");
    struct npy by_model = recorded(prefix, "phases_model"), by_ode = recorded(prefix, "phases_ode");
    struct npy drawn = recorded(prefix, "images");
    size_t count = listed.count, all = (size_t)model->n + (size_t)model->m;
    size_t pixels = (size_t)model_pixels(model);
    assert_true(count > 0);
    assert_int_equal(initial.count, count * all);
    assert_int_equal(by_model.count, count * all);
    assert_int_equal(by_ode.count, count * all);
    assert_int_equal(drawn.count, count * pixels);
    int *classes = ARENA_ARRAY(&arena, int, count);
    for (size_t s = 0; s < count; s++)
        classes[s] = (int)listed.values[s];
    double *final = ARENA_ARRAY(&arena, double, count *all);
    double *images = ARENA_ARRAY(&arena, double, count *pixels);
    print_message("%s, %zu samples\n", model->name, count);
    assert_true(sample_phases(model, SAMPLE_ODE, count, initial.values, classes, 2, final));
    test_near("  phases, exact, rad", final, by_ode.values, count * all, 3e-9);
    assert_true(sample_phases(model, SAMPLE_MODEL, count, initial.values, classes, 2, final));
    test_near("  phases, model's own solver, rad", final, by_model.values, count * all, 1e-12);
    assert_true(sample_images(model, count, final, 2, images));
    test_near("  images", images, drawn.values, count * pixels, 1e-12);
    /* a wrong class must show */
    for (size_t s = 0; s < count; s++)
        classes[s] = (classes[s] + 1) % model->classes;
    assert_true(sample_phases(model, SAMPLE_MODEL, count, initial.values, classes, 2, final));
    assert_true(test_furthest(final, by_model.values, count * all) > 1e-3);
}

static void random_models(void **state)
{
    (void)state;
    static const char *const names[] = {"training_resize_conv", "mup_mlp_bf16",
                                        "converted_linear_f16", "mup_linear_f64"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        compare(arena_printf(&arena, OSCC_TEST_DATA "/data/recorded/%s/model.yaml", names[i]),
                arena_printf(&arena, "%s/", names[i]));
    }
}

static void digits(void **state)
{
    (void)state;
    compare(OSCC_EXAMPLES "/digits/model.yaml", "digits_");
}

/* The classifier finds the class that was asked for in most images (93 % when this was written). */
static void digits_classifier(void **state)
{
    (void)state;
    struct model *model = load(OSCC_EXAMPLES "/digits/model.yaml");
    enum { COUNT = 400 };
    size_t all = (size_t)model->n + (size_t)model->m, pixels = (size_t)model_pixels(model);
    double *phases = ARENA_ARRAY(&arena, double, COUNT *all);
    double *final = ARENA_ARRAY(&arena, double, COUNT *all);
    double *images = ARENA_ARRAY(&arena, double, COUNT *pixels);
    int *classes = test_classes(&arena, model, COUNT), right = 0;
    for (size_t s = 0; s < COUNT; s++)
        sample_initial_phases(model, model->chip.seed, s, model->chip.phase_bits, phases + s * all);
    assert_true(sample_phases(model, SAMPLE_MODEL, COUNT, phases, classes, 2, final));
    assert_true(sample_images(model, COUNT, final, 2, images));
    for (size_t s = 0; s < COUNT; s++)
        right += sample_classify(model, images + s * pixels) == classes[s];
    print_message("%d of %d digits are seen as what they are to be\n", right, COUNT);
    assert_true(right > COUNT * 85 / 100);
}

static int clean(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    if (!fs_is_folder(OSCC_TEST_DATA "/data/recorded")) {
        puts("skipped: tests/data/recorded is not there");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(random_models, clean),
        cmocka_unit_test_teardown(digits, clean),
        cmocka_unit_test_teardown(digits_classifier, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
