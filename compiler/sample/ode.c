/* SPDX-License-Identifier: Apache-2.0
 *
 * The exact solution, by step doubling: solve with N and with 2 N steps of the classical
 * Runge-Kutta method. Its error falls with the fourth power of the step, so the difference of the
 * two is 15 times the error of the finer one (Hairer, Norsett and Wanner, "Solving Ordinary
 * Differential Equations I", II.4); the finer one is taken when that error is below TOLERANCE in
 * every oscillator, else N doubles.
 *
 * Each sample has its own verdict and all start from the same N, which follows from the model
 * alone, so a sample does not depend on those it is computed with. Samples that are done leave the
 * blocks, and the blocks close up.
 *
 * A whole run is compared, not each step: errors early in the run grow or shrink on the way to
 * its end, and only the end is asked for.
 *
 * Starting too low costs little (each level costs twice the one before it) but two coarse
 * solutions must not agree by accident. That can happen only where phases turn by about a whole
 * turn a step, so that the method sees the same picture at every stage. Hence the first N has at
 * least one step a radian of the fastest oscillator's own turning, and of the pull of its couplings
 * if that is moderate. A pull of random signs moves an oscillator far less than the row's sum of
 * magnitudes says, 30 times less in a row of 1024, hence MOST_PULL.
 *
 * MOST_DOUBLINGS is a factor of 256 on N, 4e9 on the error. A solution that is not settled by
 * then belongs to a model whose end depends on its start beyond what doubles hold; the finest
 * one is given, and no circuit could be compared with it either.
 */
#include "compiler/sample/phases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/arena.h"
#include "compiler/sample/parallel.h"

static const double TOLERANCE = 1e-9; /* rad */

enum {
    ORDER_FACTOR = 15, /* 2^4 - 1 */
    LEAST_STEPS = 8,
    MOST_PULL = 16, /* rad over the run: more of it does not raise the first N further */
    MOST_FIRST_STEPS = 1 << 16,
    MOST_DOUBLINGS = 8,
};

/* Sum of magnitudes of what pulls main oscillator i, the strongest class counted. */
static double pull_of(const struct model *model, size_t i)
{
    size_t n = (size_t)model->n, m = (size_t)model->m;
    const struct model_couplings *k = &model->couplings;
    double row = 0, strongest = 0;
    for (size_t at = k->first[i]; at < k->first[i + 1]; at++)
        row += fabs(k->value[at]);
    for (size_t c = 0; c < (size_t)model->classes; c++) {
        double drive = 0;
        for (size_t tone = 0; tone < m; tone++)
            drive += fabs(model->k_drive[(c * n + i) * m + tone]);
        strongest = fmax(strongest, drive);
    }
    return row + strongest;
}

static int first_steps(const struct model *model)
{
    size_t m = (size_t)model->m;
    double turning = 0, pull = 0; /* rad per unit of time, of the fastest */
    for (size_t i = 0; i < (size_t)model->n; i++) {
        turning = fmax(turning, fabs(model->omega[i]));
        pull = fmax(pull, pull_of(model, i));
    }
    for (size_t k = 0; k < m; k++) {
        double row = 0;
        for (size_t l = 0; l < m; l++)
            row += fabs(model->k_cond[k * m + l]);
        turning = fmax(turning, fabs(model->omega_cond[k]));
        pull = fmax(pull, row);
    }
    double steps = ceil(model->time * turning + fmin(model->time * pull, MOST_PULL));
    return (int)fmin(fmax(steps, LEAST_STEPS), MOST_FIRST_STEPS);
}

static double largest_difference(const double *a, const double *b, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        double difference = fabs(a[i] - b[i]);
        if (!(difference <= largest)) /* a NaN is kept too */
            largest = difference;
    }
    return largest;
}

bool sample_batch_ode(struct sample_batch *batch, size_t count, double *final)
{
    const struct model *model = batch->dynamics.model;
    size_t all = (size_t)model->n + (size_t)model->m;
    size_t *open = calloc(count + 1, sizeof *open); /* samples without a verdict */
    if (!open)
        arena_out_of_memory();
    double *fine = sample_doubles(count * all);
    size_t left = count;
    for (size_t s = 0; s < count; s++)
        open[s] = s;
    int steps = first_steps(model);
    bool complete = sample_batch_solve(batch, open, left, MODEL_RK4, steps, final);
    for (int i = 0; i < MOST_DOUBLINGS && left && complete; i++) {
        steps *= 2;
        complete = sample_batch_solve(batch, open, left, MODEL_RK4, steps, fine);
        size_t still = 0;
        for (size_t at = 0; at < left; at++) {
            size_t s = open[at];
            double error = largest_difference(final + s * all, fine + s * all, all) / ORDER_FACTOR;
            memcpy(final + s * all, fine + s * all, all * sizeof *final);
            if (!(error < TOLERANCE))
                open[still++] = s;
        }
        left = still;
    }
    free(fine);
    free(open);
    return complete;
}
