/* SPDX-License-Identifier: Apache-2.0
 *
 * The judge of circuits: distances of phases, figures of a campaign, limits.
 */
#include "tests/unit/testing.h"

#include <math.h>

#include "compiler/sample/sample.h"
#include "spice/compare.h"

static const double pi = 3.14159265358979323846;

static void expect_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12))
        fail_msg("%.17g is not %.17g", value, expected);
}

/* A turn of all phases together is no difference, nor are whole turns of some of them. */
static void test_common_rotation(void **state)
{
    (void)state;
    static const double b[] = {0, 1, -2, 3, 100};
    double a[5], difference[5];
    for (int step = -40; step <= 40; step++) {
        for (size_t i = 0; i < 5; i++)
            a[i] = b[i] + 0.37 * step + 2 * pi * (double)((int)i * step % 7);
        compare_phases(5, a, b, difference);
        for (size_t i = 0; i < 5; i++)
            expect_near(difference[i], 0);
    }
}

static void test_difference(void **state)
{
    (void)state;
    static const double b[] = {1, 2, 3, 4};
    static const double a[] = {1.5 + 0.1, 2.5 - 0.1, 3.5 + 2 * 3.14159265358979323846, 4.5};
    double difference[4];
    compare_phases(4, a, b, difference);
    static const double expected[] = {0.1, -0.1, 0, 0};
    for (size_t i = 0; i < 4; i++)
        expect_near(difference[i], expected[i]);
    expect_near(compare_rms(1, 4, a, b), sqrt(0.02 / 4));
    /* one of three points the other way: as far off as can be, and the others are not */
    static const double c[] = {pi, 0, 0}, zeros[] = {0, 0, 0};
    compare_phases(3, c, zeros, difference);
    expect_near(fabs(difference[0]), pi);
    expect_near(difference[1], 0);
    /* a lone phase is always in step */
    compare_phases(1, a, b + 3, difference);
    expect_near(difference[0], 0);
}

static void test_rms(void **state)
{
    (void)state;
    /* two samples with a rotation each of their own, and differences of +-0.2 and +-0.4 */
    static const double b[] = {0, 0, 0, 0}, a[] = {1.2, 0.8, -2.6, -3.4};
    expect_near(compare_rms(2, 2, a, b), sqrt((2 * 0.04 + 2 * 0.16) / 4));
    expect_near(compare_rms(2, 2, b, b), 0);
    expect_near(compare_rms(0, 2, a, b), 0);
    expect_near(compare_rms(2, 0, a, b), 0);
    static const double broken[] = {NAN, 0, 0, 0};
    assert_true(isnan(compare_rms(2, 2, broken, b)));
}

static void test_round_phases(void **state)
{
    (void)state;
    const double lsb = 2 * pi / 16;
    double phases[] = {0, 0.49 * lsb, 0.51 * lsb, -0.51 * lsb, 7 * lsb, 100.2 * lsb, -100.2 * lsb};
    static const double codes[] = {0, 0, 1, -1, 7, 100, -100};
    compare_round_phases(7, 4, phases);
    for (size_t i = 0; i < 7; i++)
        expect_near(phases[i], codes[i] * lsb);
    double again[7];
    memcpy(again, phases, sizeof phases);
    compare_round_phases(7, 4, again);
    assert_memory_equal(again, phases, sizeof phases);
    double one[] = {1.7, 4.6};
    compare_round_phases(2, 1, one);
    expect_near(one[0], pi);
    expect_near(one[1], pi);
}

/* A campaign of good runs that are all exact, for tests to spoil. */
enum { RUNS = 3 };
struct exact {
    struct model *model;
    struct campaign campaign;
    struct campaign_run runs[RUNS];
    double *circuit[RUNS];
    size_t count; /* phases of a run */
};

static struct exact *make_exact(struct scratch *s, const char *path)
{
    struct exact *e = ARENA_NEW(&s->arena, struct exact);
    e->model = model_load(&s->arena, path, &s->diags);
    assert_non_null(e->model);
    e->count = (size_t)e->model->n + (size_t)e->model->m;
    e->campaign = (struct campaign){.level = MODEL_LEVEL_PHASE,
                                    .corner = "nominal",
                                    .n = e->model->n,
                                    .m = e->model->m,
                                    .readout_bits = 16,
                                    .count = RUNS,
                                    .runs = e->runs};
    for (size_t r = 0; r < RUNS; r++) {
        double *phases = ARENA_ARRAY(&s->arena, double, e->count);
        for (size_t i = 0; i < e->count; i++)
            phases[i] = (double)((i * 7 + r) % 11) / 2;
        e->circuit[r] = ARENA_ARRAY(&s->arena, double, e->count);
        memcpy(e->circuit[r], phases, e->count * sizeof *phases);
        e->runs[r] = (struct campaign_run){.sample = r,
                                           .class_index = (int)r % e->model->classes,
                                           .verdict = "good",
                                           .wall_s = 1 + (double)r,
                                           .circuit = e->circuit[r],
                                           .ode = phases,
                                           .model = phases};
    }
    return e;
}

static bool meets(struct scratch *s, const struct exact *e, struct comparison *c,
                  const char **failures)
{
    static const struct model_limits limits = {0.01, 0.02, 0.05};
    struct str text = {0};
    *c = compare_campaign(&s->arena, e->model, &e->campaign);
    bool met = compare_meets_limits(c, &e->campaign, &limits, &text);
    *failures = arena_strdup(&s->arena, str_text(&text));
    assert_true(met == !text.length); /* what is not met is said */
    str_free(&text);
    assert_true(met == compare_meets_limits(c, &e->campaign, &limits, NULL));
    return met;
}

static void expect_failure(struct scratch *s, const struct exact *e, const char *said)
{
    struct comparison c;
    const char *failures;
    assert_false(meets(s, e, &c, &failures));
    if (!strstr(failures, said))
        fail_msg("\"%s\" does not say \"%s\"", failures, said);
}

static void test_exact_campaign(void **state)
{
    struct scratch *s = *state;
    struct exact *e = make_exact(s, OSCC_EXAMPLES "/digits/model.yaml");
    struct comparison c;
    const char *failures;
    for (size_t i = 0; i < e->count; i++) /* all run ahead together */
        e->circuit[1][i] += 1.25;
    assert_true(meets(s, e, &c, &failures));
    assert_int_equal(c.good, RUNS);
    expect_near(c.phase_rms_rad, 0);
    expect_near(c.phase_rms_model_rad, 0);
    expect_near(c.worst_oscillator_rms_rad, 0);
    expect_near(c.wall_s_per_sample, 2);
    assert_true(c.image_rms < 1e-3); /* what the readout's 16 bits leave */
    assert_int_equal(c.right_circuit, c.right_reference);
}

static void test_figures(void **state)
{
    struct scratch *s = *state;
    struct exact *e = make_exact(s, OSCC_EXAMPLES "/pair/model.yaml");
    struct comparison c;
    const char *failures;
    assert_int_equal(e->count, 3);
    /* +-d of two oscillators leaves the common rotation at 0 */
    e->circuit[1][0] += 0.006;
    e->circuit[1][2] -= 0.006;
    e->circuit[2][0] += 0.012;
    e->circuit[2][1] -= 0.012;
    assert_true(meets(s, e, &c, &failures));
    double squares = 2 * (0.006 * 0.006 + 0.012 * 0.012);
    expect_near(c.phase_rms_rad, sqrt(squares / 9));
    expect_near(c.phase_rms_model_rad, sqrt(squares / 9));
    expect_near(c.worst_oscillator_rms_rad, sqrt((0.006 * 0.006 + 0.012 * 0.012) / 3));
    assert_int_equal(c.worst_oscillator, 0);
    expect_near(c.worst_sample_rms_rad, sqrt(2 * 0.012 * 0.012 / 3));
    assert_int_equal(c.worst_sample, 2);
    expect_near(c.runs[0].phase_rms_rad, 0);
    expect_near(c.runs[1].phase_rms_rad, sqrt(2 * 0.006 * 0.006 / 3));
    assert_int_equal(c.runs[0].class_circuit, -1);
    expect_near(c.image_rms, 0);
    /* the model's own solver is another reference */
    double own[3];
    memcpy(own, e->runs[0].model, sizeof own);
    own[0] += 0.3;
    own[1] -= 0.3;
    e->runs[0].model = own;
    c = compare_campaign(&s->arena, e->model, &e->campaign);
    expect_near(c.phase_rms_rad, sqrt(squares / 9));
    expect_near(c.phase_rms_model_rad, sqrt((squares + 2 * 0.09) / 9));
}

/* One oscillator that is far off in one run is seen though the mean is small. */
static void test_worst_oscillator(void **state)
{
    struct scratch *s = *state;
    struct exact *e = make_exact(s, OSCC_EXAMPLES "/digits/model.yaml");
    struct comparison c;
    const char *failures;
    e->circuit[2][17] += 0.05;
    assert_false(meets(s, e, &c, &failures));
    assert_true(c.phase_rms_rad < 0.01);
    assert_int_equal(c.worst_oscillator, 17);
    assert_int_equal(c.worst_sample, 2);
    assert_string_equal(failures, "worst_oscillator_rms_rad is 0.02842, the limit is 0.02\n");
}

static void test_limits(void **state)
{
    (void)state;
    const struct campaign campaign = {.count = 4};
    const struct comparison at = {
        .good = 4, .phase_rms_rad = 0.01, .worst_oscillator_rms_rad = 0.02, .image_rms = 0.05};
    const struct model_limits limits = {0.01, 0.02, 0.05};
    assert_true(compare_meets_limits(&at, &campaign, &limits, NULL)); /* exactly at them */
    static const double wrong[] = {1, NAN, INFINITY};
    for (size_t w = 0; w < 4; w++) {
        for (int field = 0; field < 3; field++) {
            struct comparison c = at;
            double *figure = field == 0   ? &c.phase_rms_rad
                             : field == 1 ? &c.worst_oscillator_rms_rad
                                          : &c.image_rms;
            *figure = w < 3 ? wrong[w] : nextafter(*figure, 1); /* by the last bit */
            struct str failures = {0};
            assert_false(compare_meets_limits(&c, &campaign, &limits, &failures));
            static const char *const names[] = {"phase_rms_rad is ", "worst_oscillator_rms_rad is ",
                                                "image_rms is "};
            assert_ptr_equal(strstr(str_text(&failures), names[field]), failures.text);
            assert_ptr_equal(strchr(failures.text, '\n'), failures.text + failures.length - 1);
            str_free(&failures);
        }
    }
}

static void test_failed_runs(void **state)
{
    struct scratch *s = *state;
    struct exact *e = make_exact(s, OSCC_EXAMPLES "/digits/model.yaml");
    struct comparison c;
    const char *failures;
    e->runs[1].circuit = NULL;
    e->runs[1].verdict = "short";
    expect_failure(s, e, "1 of 3 runs did not run to their end");
    assert_false(meets(s, e, &c, &failures));
    assert_int_equal(c.good, 2);
    expect_near(c.phase_rms_rad, 0); /* the others are judged all the same */
    assert_int_equal(c.runs[1].class_circuit, -1);
    e->runs[0].circuit = e->runs[2].circuit = NULL;
    expect_failure(s, e, "3 of 3 runs did not run to their end");
}

/* Nothing that was run is nothing that was shown. */
static void test_empty_campaign(void **state)
{
    struct scratch *s = *state;
    struct exact *e = make_exact(s, OSCC_EXAMPLES "/pair/model.yaml");
    e->campaign.count = 0;
    expect_failure(s, e, "there are no runs to judge");
}

/* A phase that is not a number spoils the figures wherever it is, also before good runs. */
static void test_not_a_number(void **state)
{
    struct scratch *s = *state;
    for (size_t run = 0; run < RUNS; run++) {
        struct exact *e = make_exact(s, OSCC_EXAMPLES "/digits/model.yaml");
        struct comparison c;
        const char *failures;
        e->circuit[run][5] = NAN;
        e->circuit[0][6] += 1e-6;
        assert_false(meets(s, e, &c, &failures));
        assert_true(isnan(c.phase_rms_rad) && isnan(c.worst_oscillator_rms_rad));
        assert_true(isnan(c.worst_sample_rms_rad));
        assert_int_equal(c.worst_sample, run);
    }
}

/* The image that is compared is the one of the captured codes. */
static void test_images(void **state)
{
    struct scratch *s = *state;
    struct exact *e = make_exact(s, OSCC_EXAMPLES "/digits/model.yaml");
    size_t pixels = (size_t)model_pixels(e->model);
    double *circuit = ARENA_ARRAY(&s->arena, double, pixels);
    double *reference = ARENA_ARRAY(&s->arena, double, pixels);
    double *relative = ARENA_ARRAY(&s->arena, double, e->count);
    double *expected = ARENA_ARRAY(&s->arena, double, pixels);
    e->campaign.readout_bits = 3;
    compare_images(&s->arena, e->model, &e->campaign, &e->runs[0], circuit, reference);
    sample_readout(e->model, e->runs[0].model, relative);
    sample_decode(e->model, relative, expected);
    assert_memory_equal(reference, expected, pixels * sizeof *expected);
    compare_round_phases((size_t)e->model->n, 3, relative);
    sample_decode(e->model, relative, expected);
    assert_memory_equal(circuit, expected, pixels * sizeof *expected);
    double squares = 0;
    for (size_t p = 0; p < pixels; p++)
        squares += (circuit[p] - reference[p]) * (circuit[p] - reference[p]);
    double *difference = ARENA_ARRAY(&s->arena, double, e->count);
    struct run_comparison one =
        compare_run(&s->arena, e->model, &e->campaign, &e->runs[0], difference);
    assert_true(one.image_rms > 0.01);
    expect_near(one.image_rms, sqrt(squares / (double)pixels));
    assert_int_equal(one.class_reference, sample_classify(e->model, reference));
    assert_int_equal(one.class_circuit, sample_classify(e->model, circuit));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_common_rotation),
        cmocka_unit_test(test_difference),
        cmocka_unit_test(test_rms),
        cmocka_unit_test(test_round_phases),
        TEST(test_exact_campaign),
        TEST(test_figures),
        TEST(test_worst_oscillator),
        cmocka_unit_test(test_limits),
        TEST(test_failed_runs),
        TEST(test_empty_campaign),
        TEST(test_not_a_number),
        TEST(test_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
