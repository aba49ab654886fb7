/* SPDX-License-Identifier: Apache-2.0
 *
 * The solvers: closed forms, symmetries, order and accuracy, and the promise that a sample does
 * not depend on what it is computed with.
 */
#include "tests/unit/test_sample_model.h"

#include <signal.h>

#include "compiler/base/interrupt.h"

static struct arena arena;

static void solve(const struct model *model, enum sample_solver solver, size_t count,
                  const double *initial, double *final)
{
    int *classes = test_classes(&arena, model, count);
    assert_true(sample_phases(model, solver, count, initial, classes, 1, final));
}

/* A phase in [-pi, pi). */
static double wrapped(double phase)
{
    return phase - 2 * M_PI * floor(phase / (2 * M_PI) + 0.5);
}

/* Two oscillators that pull each other alike: phi = theta_1 - theta_0 obeys phi' = -2 K sin phi,
 * so tan(phi / 2) falls as exp(-2 K t); the mean turns with omega. */
static void two_oscillators(void **state)
{
    (void)state;
    static const double strength[] = {0.3, 1, 5, 60};
    for (size_t at = 0; at < sizeof strength / sizeof *strength; at++) {
        double k = strength[at], matrix[] = {9, k, k, 9}, omega[] = {0.7, 0.7};
        struct model *model = test_still_model(&arena, 2, 1, 1);
        model->couplings = test_couplings(&arena, matrix, 2);
        model->omega = omega;
        model->time = 0.8;
        double initial[] = {-1, 1.4, 0}, final[3];
        solve(model, SAMPLE_ODE, 1, initial, final);
        double phi = 2 * atan(tan(1.2) * exp(-2 * k * 0.8)), mean = 0.2 + 0.7 * 0.8;
        double expected[] = {mean - phi / 2, mean + phi / 2, 0};
        test_near("two oscillators", final, expected, 3, 2e-9);
    }
}

/* One oscillator held by a tone that stands: tan(psi / 2) falls as exp(-D t), psi = theta - phi;
 * each class has its own D, and each sample its own class. */
static void drive_of_the_class(void **state)
{
    (void)state;
    struct model *model = test_still_model(&arena, 2, 2, 3);
    /* (class, oscillator, tone); tone 1 stands at the same phase, so pulls add */
    const double drive[] = {1, 0, 0, 0.5, 2, 0.25, -1, 0, 0, 0, 3, -3};
    model->k_drive = drive;
    static const double net[3][2] = {{1, 0.5}, {2.25, -1}, {0, 0}};
    enum { COUNT = 11 };
    double initial[COUNT * 4], final[COUNT * 4], expected[COUNT * 4];
    for (size_t s = 0; s < COUNT; s++) {
        double *at = expected + s * 4, tone = 0.3 * (double)s;
        for (size_t i = 0; i < 2; i++) {
            double psi = 0.4 + 0.2 * (double)s - (double)i;
            initial[s * 4 + i] = tone + psi;
            initial[s * 4 + 2 + i] = at[2 + i] = tone;
            at[i] = tone + 2 * atan(tan(psi / 2) * exp(-net[s % 3][i]));
        }
    }
    solve(model, SAMPLE_ODE, COUNT, initial, final);
    test_near("drive", final, expected, (size_t)COUNT * 4, 2e-9);
}

/* Phases that turn a whole number of times in every first step must not look as if they stood:
 * Adler's equation psi' = w - D sin psi, whose end is known. */
static void fast_turning(void **state)
{
    (void)state;
    for (int turns = 1; turns <= 256; turns *= 4) {
        double w = 2 * M_PI * turns, d = 1, root = sqrt(w * w - d * d);
        struct model *model = test_still_model(&arena, 1, 1, 1);
        model->omega = &w;
        model->k_drive = &d;
        double initial[] = {0.5, 0}, final[2];
        solve(model, SAMPLE_ODE, 1, initial, final);
        double start = atan((w * tan(0.25) - d) / root);
        double psi = 2 * atan((root * tan(start + root / 2) + d) / w);
        double apart = wrapped(final[0] - psi);
        print_message("%d turns: %.2e\n", turns, fabs(apart));
        assert_true(fabs(apart) < 5e-9);
        assert_true(fabs(final[0] - 0.5 - w) < 1);
    }
}

/* Nothing but the differences of phases matters. */
static void rotation(void **state)
{
    (void)state;
    struct model *model = test_random_model(&arena, 24, 3, 2, 24, 1.5);
    enum { COUNT = 3, ALL = COUNT * 27 };
    double *initial = test_initial(&arena, model, COUNT), turned[ALL], a[ALL], b[ALL];
    for (size_t i = 0; i < ALL; i++)
        turned[i] = initial[i] + 1.234;
    for (int solver = SAMPLE_MODEL; solver <= SAMPLE_ODE; solver++) {
        solve(model, (enum sample_solver)solver, COUNT, initial, a);
        solve(model, (enum sample_solver)solver, COUNT, turned, b);
        for (size_t i = 0; i < ALL; i++)
            b[i] -= 1.234;
        test_near("rotation", a, b, ALL, solver == SAMPLE_MODEL ? 1e-12 : 2e-9);
    }
}

/* The equations once more, as written in model.h: one sine a pair, no blocks. */
static void rates_as_written(const struct model *model, int class, const double *phase,
                             double *rate)
{
    size_t n = (size_t)model->n, m = (size_t)model->m;
    for (size_t i = 0; i < n; i++) {
        rate[i] = model->omega[i];
        const struct model_couplings *k = &model->couplings;
        for (size_t at = k->first[i]; at < k->first[i + 1]; at++)
            rate[i] += k->value[at] * sin(phase[k->source[at]] - phase[i]);
        for (size_t tone = 0; tone < m; tone++) {
            rate[i] += model->k_drive[((size_t) class * n + i) * m + tone] *
                       sin(phase[n + tone] - phase[i]);
        }
    }
    for (size_t k = 0; k < m; k++) {
        rate[n + k] = model->omega_cond[k];
        for (size_t l = 0; l < m; l++)
            rate[n + k] += model->k_cond[k * m + l] * sin(phase[n + l] - phase[n + k]);
    }
}

/* Euler's method, by the equations as written, for dense and for sparse couplings. */
static void euler_as_written(void **state)
{
    (void)state;
    static const int fan_in[] = {3, 8, 30};
    for (size_t at = 0; at < 3; at++) {
        struct model *model = test_random_model(&arena, 30, 4, 3, fan_in[at], 2);
        enum { COUNT = 5, ALL = 34 };
        double *initial = test_initial(&arena, model, COUNT), expected[COUNT * ALL];
        double final[COUNT * ALL], rate[ALL] = {0};
        memcpy(expected, initial, sizeof expected);
        for (size_t s = 0; s < COUNT; s++) {
            for (int step = 0; step < model->steps; step++) {
                rates_as_written(model, (int)s % 3, expected + s * ALL, rate);
                for (size_t i = 0; i < ALL; i++)
                    expected[s * ALL + i] += model->time / model->steps * rate[i];
            }
        }
        solve(model, SAMPLE_MODEL, COUNT, initial, final);
        test_near("euler as written", final, expected, (size_t)COUNT * ALL, 1e-12);
    }
}

/* The classical coefficients, by the equations as written. */
static void rk4_as_written(void **state)
{
    (void)state;
    enum { ALL = 18 };
    struct model *model = test_random_model(&arena, 16, 2, 2, 16, 1.5);
    model->method = MODEL_RK4;
    model->steps = 3;
    double *initial = test_initial(&arena, model, 1);
    double y[ALL], at[ALL], k[4][ALL] = {{0}}, final[ALL];
    double h = model->time / 3;
    memcpy(y, initial, sizeof y);
    for (int step = 0; step < 3; step++) {
        static const double ahead[] = {0, 0.5, 0.5, 1};
        for (int stage = 0; stage < 4; stage++) {
            for (size_t i = 0; i < ALL; i++)
                at[i] = stage ? y[i] + h * ahead[stage] * k[stage - 1][i] : y[i];
            rates_as_written(model, 0, at, k[stage]);
        }
        for (size_t i = 0; i < ALL; i++)
            y[i] += h / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
    }
    solve(model, SAMPLE_MODEL, 1, initial, final);
    test_near("rk4 as written", final, y, ALL, 1e-13);
}

/* Half the step, a 16th of the error; Euler's method, half. */
static void orders(void **state)
{
    (void)state;
    enum { ALL = 18 };
    struct model *model = test_random_model(&arena, 16, 2, 1, 16, 1);
    double *initial = test_initial(&arena, model, 1), exact[ALL], coarse[ALL], fine[ALL];
    static const enum model_method methods[] = {MODEL_EULER, MODEL_RK4};
    static const int steps[] = {1000, 20}, order[] = {1, 4};
    for (int i = 0; i < 2; i++) {
        model->method = MODEL_RK4;
        model->steps = 1000;
        solve(model, SAMPLE_MODEL, 1, initial, exact);
        model->method = methods[i];
        model->steps = steps[i];
        solve(model, SAMPLE_MODEL, 1, initial, coarse);
        model->steps = 2 * steps[i];
        solve(model, SAMPLE_MODEL, 1, initial, fine);
        double seen = log2(test_furthest(coarse, exact, ALL) / test_furthest(fine, exact, ALL));
        print_message("order %d: %.3f\n", order[i], seen);
        assert_true(fabs(seen - order[i]) < 0.1);
    }
}

static void exact_solution(void **state)
{
    (void)state;
    static const double gain[] = {0.5, 1.8, 6};
    static const int fan_in[] = {16, 64};
    enum { COUNT = 10, ALL = 65 * COUNT };
    for (size_t i = 0; i < 6; i++) {
        struct model *model = test_random_model(&arena, 64, 1, 10, fan_in[i % 2], gain[i / 2]);
        double *initial = test_initial(&arena, model, COUNT), exact[ALL], final[ALL];
        solve(model, SAMPLE_ODE, COUNT, initial, final);
        model->method = MODEL_RK4;
        model->steps = 2000;
        solve(model, SAMPLE_MODEL, COUNT, initial, exact);
        test_near("exact solution", final, exact, ALL, 2e-9);
        /* and far from it with the model's own few steps, or this test would say nothing */
        model->steps = 10;
        solve(model, SAMPLE_MODEL, COUNT, initial, exact);
        assert_true(test_furthest(final, exact, ALL) > 1e-8);
    }
}

/* Alone, in any place of a block, with any neighbours, on any number of threads: the same bytes. */
static void same_bytes(const struct model *model, enum sample_solver solver)
{
    enum { COUNT = 21 };
    size_t all = (size_t)model->n + (size_t)model->m, bytes = COUNT * all * sizeof(double);
    double *initial = test_initial(&arena, model, COUNT);
    int *classes = test_classes(&arena, model, COUNT);
    double *together = ARENA_ARRAY(&arena, double, COUNT *all);
    double *threaded = ARENA_ARRAY(&arena, double, COUNT *all);
    double *alone = ARENA_ARRAY(&arena, double, COUNT *all);
    assert_true(sample_phases(model, solver, COUNT, initial, classes, 1, together));
    assert_true(sample_phases(model, solver, COUNT, initial, classes, 4, threaded));
    assert_memory_equal(together, threaded, bytes);
    for (size_t s = 0; s < COUNT; s++) {
        assert_true(
            sample_phases(model, solver, 1, initial + s * all, classes + s, 1, alone + s * all));
    }
    assert_memory_equal(together, alone, bytes);
    for (size_t from = 0; from < COUNT; from += 5) {
        size_t count = COUNT - from < 5 ? COUNT - from : 5;
        assert_true(sample_phases(model, solver, count, initial + from * all, classes + from, 2,
                                  alone + from * all));
    }
    assert_memory_equal(together, alone, bytes);
}

static void independent_samples(void **state)
{
    (void)state;
    /* sizes on both sides of the tiles and of the small-matrix kernels that BLAS has */
    static const int sizes[] = {1, 3, 7, 16, 33, 64, 97, 130, 256};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        same_bytes(test_random_model(&arena, sizes[i], 2, 3, sizes[i], 2), SAMPLE_MODEL);
        if (sizes[i] <= 33)
            same_bytes(test_random_model(&arena, sizes[i], 2, 3, sizes[i], 2), SAMPLE_ODE);
    }
    same_bytes(test_random_model(&arena, 64, 1, 10, 6, 2), SAMPLE_MODEL);
    same_bytes(test_random_model(&arena, 64, 1, 10, 6, 2), SAMPLE_ODE);
}

/* The same network twice: by itself it is dense; among oscillators that have no couplings and
 * pull nothing, sparse. */
static void dense_or_sparse(void **state)
{
    (void)state;
    enum { N = 20, WIDE = 4 * N, M = 2, CLASSES = 2, COUNT = 9 };
    struct model *narrow = test_random_model(&arena, N, M, CLASSES, N, 1.5);
    struct model *wide = test_random_model(&arena, WIDE, M, CLASSES, WIDE, 1.5);
    double matrix[WIDE * WIDE] = {0}, drive[CLASSES * WIDE * M] = {0}, omega[WIDE] = {0};
    for (size_t i = 0; i < N; i++) {
        const struct model_couplings *k = &narrow->couplings;
        for (size_t at = k->first[i]; at < k->first[i + 1]; at++)
            matrix[i * WIDE + (size_t)k->source[at]] = k->value[at];
        omega[i] = narrow->omega[i];
    }
    for (size_t c = 0; c < CLASSES; c++) {
        memcpy(drive + c * WIDE * M, narrow->k_drive + c * N * M, sizeof *drive * N * M);
    }
    wide->couplings = test_couplings(&arena, matrix, WIDE);
    wide->k_drive = drive;
    wide->omega = omega;
    assert_true(narrow->couplings.count > N * N / 4 && wide->couplings.count < WIDE * WIDE / 4);
    double *initial = test_initial(&arena, narrow, COUNT), a[COUNT * (N + M)];
    double wide_initial[COUNT * (WIDE + M)] = {0}, b[COUNT * (WIDE + M)];
    for (size_t s = 0; s < COUNT; s++) {
        double *to = wide_initial + s * (WIDE + M), *from = initial + s * (N + M);
        memcpy(to, from, N * sizeof *to);
        memcpy(to + WIDE, from + N, M * sizeof *to);
    }
    solve(narrow, SAMPLE_MODEL, COUNT, initial, a);
    solve(wide, SAMPLE_MODEL, COUNT, wide_initial, b);
    for (size_t s = 0; s < COUNT; s++) {
        test_near("dense and sparse", a + s * (N + M), b + s * (WIDE + M), N, 1e-12);
        test_near("their tones", a + s * (N + M) + N, b + s * (WIDE + M) + WIDE, M, 0);
    }
}

static void no_samples(void **state)
{
    (void)state;
    struct model *model = test_random_model(&arena, 4, 1, 1, 4, 1);
    double nothing[1] = {7};
    int class = 0;
    assert_true(sample_phases(model, SAMPLE_MODEL, 0, nothing, &class, 3, nothing));
    assert_true(sample_phases(model, SAMPLE_ODE, 0, nothing, &class, 3, nothing));
    assert_true(nothing[0] == 7);
}

/* The last one: there is no way back from an interrupt. */
static void interrupted(void **state)
{
    (void)state;
    struct model *model = test_random_model(&arena, 64, 1, 2, 64, 1);
    enum { COUNT = 20 };
    double *initial = test_initial(&arena, model, COUNT), final[COUNT * 65];
    int *classes = test_classes(&arena, model, COUNT);
    interrupt_install();
    raise(SIGTERM);
    assert_false(sample_phases(model, SAMPLE_MODEL, COUNT, initial, classes, 2, final));
    assert_false(sample_phases(model, SAMPLE_ODE, COUNT, initial, classes, 2, final));
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
        cmocka_unit_test_teardown(two_oscillators, clean),
        cmocka_unit_test_teardown(drive_of_the_class, clean),
        cmocka_unit_test_teardown(fast_turning, clean),
        cmocka_unit_test_teardown(rotation, clean),
        cmocka_unit_test_teardown(euler_as_written, clean),
        cmocka_unit_test_teardown(rk4_as_written, clean),
        cmocka_unit_test_teardown(orders, clean),
        cmocka_unit_test_teardown(exact_solution, clean),
        cmocka_unit_test_teardown(independent_samples, clean),
        cmocka_unit_test_teardown(dense_or_sparse, clean),
        cmocka_unit_test_teardown(no_samples, clean),
        cmocka_unit_test_teardown(interrupted, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
