/* SPDX-License-Identifier: Apache-2.0
 *
 * What the reference sampler costs, each way of doing it in the same run:
 *
 *   dense matrices    BLAS on blocks of samples, one plain loop over the matrix, and one sine of
 *                     every pair as the equation is written
 *   fan-in 16         rows of the couplings that there are, and BLAS on all of them
 *
 * Ten Euler steps a sample, one thread; the smallest of several runs.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cblas.h>

#include "compiler/sample/sample.h"

enum { SAMPLES = 32, STEPS = 10, RUNS = 5 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Uniform in [-1, 1). */
static double noise(uint32_t word)
{
    return sample_phase_of_word(sample_phase_word(1, 0, word), 32) / M_PI;
}

/* n oscillators with the given fan-in; `stored` couplings a row, those above the fan-in zero. */
static struct model *random_model(struct arena *arena, size_t n, size_t fan_in, size_t stored)
{
    struct model *model = ARENA_NEW(arena, struct model);
    *model = (struct model){
        .n = (int)n, .m = 1, .classes = 1, .time = 1, .method = MODEL_EULER, .steps = STEPS};
    model->omega = ARENA_ARRAY(arena, double, n);
    model->omega_cond = ARENA_ARRAY(arena, double, 1);
    model->k_cond = ARENA_ARRAY(arena, double, 1);
    model->k_drive = ARENA_ARRAY(arena, double, n);
    size_t *first = ARENA_ARRAY(arena, size_t, n + 1), count = 0;
    int32_t *source = ARENA_ARRAY(arena, int32_t, n * stored);
    double *value = ARENA_ARRAY(arena, double, n *stored);
    double scale = sqrt(3 / (double)fan_in);
    for (size_t i = 0; i < n; i++) {
        size_t stride = n / stored;
        for (size_t j = i % stride; j < n; j += stride) {
            if (j == i)
                continue;
            bool there = j % (n / fan_in) == i % (n / fan_in);
            source[count] = (int32_t)j;
            value[count++] = there ? scale * noise((uint32_t)(i * n + j)) : 0;
        }
        first[i + 1] = count;
    }
    model->couplings = (struct model_couplings){count, first, source, value};
    return model;
}

static void solve_blas(const struct model *model, const double *initial, double *final)
{
    static const int classes[SAMPLES];
    sample_phases(model, SAMPLE_MODEL, SAMPLES, initial, classes, 1, final);
}

static double *square(const struct model *model)
{
    const struct model_couplings *k = &model->couplings;
    size_t n = (size_t)model->n;
    double *matrix = calloc(n * n, sizeof *matrix);
    for (size_t i = 0; matrix && i < n; i++) {
        for (size_t at = k->first[i]; at < k->first[i + 1]; at++)
            matrix[i * n + (size_t)k->source[at]] = k->value[at];
    }
    return matrix;
}

static void solve_plain(const struct model *model, const double *initial, double *final,
                        bool by_pairs)
{
    size_t n = (size_t)model->n;
    double *matrix = square(model), *sine = calloc(2 * n, sizeof *sine), *cosine = sine + n;
    for (size_t s = 0; s < SAMPLES; s++) {
        double *phase = final + s * (n + 1);
        for (size_t i = 0; i <= n; i++)
            phase[i] = initial[s * (n + 1) + i];
        for (int step = 0; step < STEPS; step++) {
            double pulls[4096];
            for (size_t i = 0; i < n && !by_pairs; i++)
                sincos(phase[i], &sine[i], &cosine[i]);
            for (size_t i = 0; i < n; i++) {
                double along = 0, across = 0;
                for (size_t j = 0; j < n; j++) {
                    if (by_pairs) {
                        along += matrix[i * n + j] * sin(phase[j] - phase[i]);
                    } else {
                        along += matrix[i * n + j] * sine[j];
                        across += matrix[i * n + j] * cosine[j];
                    }
                }
                pulls[i] = by_pairs ? along : cosine[i] * along - sine[i] * across;
            }
            for (size_t i = 0; i < n; i++)
                phase[i] += pulls[i] / STEPS;
        }
    }
    free(matrix);
    free(sine);
}

static void solve_loop(const struct model *model, const double *initial, double *final)
{
    solve_plain(model, initial, final, false);
}

static void solve_pairs(const struct model *model, const double *initial, double *final)
{
    solve_plain(model, initial, final, true);
}

/* Microseconds a sample. */
static double cost(void (*solve)(const struct model *, const double *, double *), int runs,
                   const struct model *model, const double *initial, double *final)
{
    double best = INFINITY;
    for (int run = 0; run < runs; run++) {
        double start = now();
        solve(model, initial, final);
        best = fmin(best, now() - start);
    }
    return best / SAMPLES * 1e6;
}

static double furthest(const double *a, const double *b, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, fabs(a[i] - b[i]));
    return most;
}

static void bench(size_t n)
{
    struct arena arena = {0};
    size_t values = SAMPLES * (n + 1);
    double *initial = ARENA_ARRAY(&arena, double, values);
    double *final = ARENA_ARRAY(&arena, double, values);
    double *other = ARENA_ARRAY(&arena, double, values);
    struct model *full = random_model(&arena, n, n, n);
    for (size_t s = 0; s < SAMPLES; s++)
        sample_initial_phases(full, 1, s, 32, initial + s * (n + 1));
    double blas = cost(solve_blas, RUNS, full, initial, final);
    double loop = cost(solve_loop, RUNS, full, initial, other);
    double apart = furthest(final, other, values);
    double pairs = cost(solve_pairs, 1, full, initial, other);
    printf("%6zu %10.1f %10.1f %10.1f   %.0e\n", n, blas, loop, pairs,
           fmax(apart, furthest(final, other, values)));
    double sparse = cost(solve_blas, RUNS, random_model(&arena, n, 16, 16), initial, final);
    double zeros = cost(solve_blas, RUNS, random_model(&arena, n, 16, n), initial, other);
    printf("%6s %10.1f %10.1f %10s   %.0e   (fan-in 16: rows, BLAS)\n", "", sparse, zeros, "",
           furthest(final, other, values));
    arena_free(&arena);
}

int main(void)
{
    /* OpenBLAS falls back to old kernels on processors younger than itself; OPENBLAS_CORETYPE */
    printf("microseconds a sample: %d Euler steps, %d samples, one thread, OpenBLAS for %s\n",
           STEPS, SAMPLES, openblas_get_corename());
    printf("%6s %10s %10s %10s   largest difference, rad\n", "n", "BLAS", "loop", "pairs");
    bench(64);
    bench(256);
    bench(1024);
    return 0;
}
