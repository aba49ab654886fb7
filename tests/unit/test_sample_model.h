/* SPDX-License-Identifier: Apache-2.0
 *
 * Models made in memory, for the tests of compiler/sample: no file is read.
 */
#ifndef OSCC_TEST_SAMPLE_MODEL_H
#define OSCC_TEST_SAMPLE_MODEL_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/sample/sample.h"

/* Number `index` of a repeatable series, uniform in [-1, 1). */
static inline double test_noise(uint64_t series, size_t index)
{
    return sample_phase_of_word(sample_phase_word(series, 7, (uint32_t)index), 32) / M_PI;
}

static inline double *test_noises(struct arena *arena, uint64_t series, size_t count, double scale)
{
    double *values = ARENA_ARRAY(arena, double, count + 1);
    for (size_t i = 0; i < count; i++)
        values[i] = scale * test_noise(series, i);
    return values;
}

/* The couplings of a full n x n matrix, its diagonal and zeros left out. */
static inline struct model_couplings test_couplings(struct arena *arena, const double *matrix,
                                                    size_t n)
{
    size_t *first = ARENA_ARRAY(arena, size_t, n + 1), count = 0;
    int32_t *source = ARENA_ARRAY(arena, int32_t, n * n + 1);
    double *value = ARENA_ARRAY(arena, double, n *n + 1);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            if (j == i || matrix[i * n + j] == 0)
                continue;
            source[count] = (int32_t)j;
            value[count++] = matrix[i * n + j];
        }
        first[i + 1] = count;
    }
    return (struct model_couplings){
        .count = count, .first = first, .source = source, .value = value};
}

/* Nothing turns and nothing is coupled; the rest is for the test to set. */
static inline struct model *test_still_model(struct arena *arena, int n, int m, int classes)
{
    struct model *model = ARENA_NEW(arena, struct model);
    *model = (struct model){.n = n, .m = m, .classes = classes, .time = 1, .steps = 10};
    size_t main = (size_t)n, tones = (size_t)m;
    model->omega = ARENA_ARRAY(arena, double, main);
    model->omega_cond = ARENA_ARRAY(arena, double, tones + 1);
    model->k_cond = ARENA_ARRAY(arena, double, tones *tones + 1);
    model->k_drive = ARENA_ARRAY(arena, double, (size_t)classes *main *tones + 1);
    model->couplings = test_couplings(arena, ARENA_ARRAY(arena, double, main *main), main);
    return model;
}

/* Random in every term; each row of K has a root mean square sum of `gain`, and `fan_in` couplings
 * (less one where that would be the diagonal). */
static inline struct model *test_random_model(struct arena *arena, int n, int m, int classes,
                                              int fan_in, double gain)
{
    struct model *model = test_still_model(arena, n, m, classes);
    size_t main = (size_t)n, tones = (size_t)m;
    double *matrix = ARENA_ARRAY(arena, double, main *main);
    for (size_t i = 0; i < main; i++) {
        for (size_t at = 0; at < (size_t)fan_in; at++) {
            size_t j = (i * 5 + at * (main / (size_t)fan_in)) % main;
            matrix[i * main + j] = gain * sqrt(3.0 / fan_in) * test_noise(1, i * main + j);
        }
    }
    double *k_cond = test_noises(arena, 2, tones * tones, 1);
    for (size_t k = 0; k < tones; k++)
        k_cond[k * tones + k] = 0;
    model->couplings = test_couplings(arena, matrix, main);
    model->k_cond = k_cond;
    model->omega = test_noises(arena, 3, main, 1.5);
    model->omega_cond = test_noises(arena, 4, tones, 1.5);
    model->k_drive = test_noises(arena, 5, (size_t)classes * main * tones, 1);
    model->conditioning_random = true;
    return model;
}

/* Initial phases and classes of samples 0 .. count - 1. */
static inline double *test_initial(struct arena *arena, const struct model *model, size_t count)
{
    size_t all = (size_t)model->n + (size_t)model->m;
    double *initial = ARENA_ARRAY(arena, double, count *all);
    for (size_t s = 0; s < count; s++)
        sample_initial_phases(model, 42, s, 32, initial + s * all);
    return initial;
}

static inline int *test_classes(struct arena *arena, const struct model *model, size_t count)
{
    int *classes = ARENA_ARRAY(arena, int, count);
    for (size_t s = 0; s < count; s++)
        classes[s] = (int)(s % (size_t)model->classes);
    return classes;
}

static inline double test_furthest(const double *a, const double *b, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        double apart = fabs(a[i] - b[i]);
        if (!(apart <= most))
            most = apart;
    }
    return most;
}

/* Fails the test with a message where the two are further apart than they may be. */
static inline void test_near(const char *what, const double *a, const double *b, size_t count,
                             double most)
{
    double apart = test_furthest(a, b, count);
    print_message("%s: %.2e (at most %.0e)\n", what, apart, most);
    assert_true(apart <= most);
}

/* A layer of random weights. */
static inline struct model_layer test_layer(struct arena *arena, uint64_t series, int outputs,
                                            int inputs, int kernel)
{
    size_t count = (size_t)outputs * (size_t)inputs * (size_t)kernel;
    double scale = 1.2 / sqrt((double)inputs * kernel);
    return (struct model_layer){
        .outputs = outputs,
        .inputs = inputs,
        .weight = test_noises(arena, series, count, scale * 2),
        .bias = test_noises(arena, series + 1, (size_t)outputs, 0.3),
    };
}

#endif
