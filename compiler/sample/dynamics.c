/* SPDX-License-Identifier: Apache-2.0
 *
 * The rates use sin(a - b) = sin a cos b - cos a sin b, so that
 *
 *   SUM_j K_ij sin(theta_j - theta_i) = cos(theta_i) (K sin theta)_i - sin(theta_i) (K cos theta)_i
 *
 * and a block needs one product of K with n x 2 LANES numbers, and one sine and cosine of each
 * phase instead of one of each pair.
 */
#include "compiler/sample/dynamics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include "compiler/sample/parallel.h"

enum { LANES = SAMPLE_LANES, WIDTH = 2 * SAMPLE_LANES };

/* BLAS on all of K or the rows with their indices? Measured at n = 64, 256 and 1024, both take as
 * long at a density between 1/8 and 1/4 where BLAS has AVX-512, and between 1/4 and 1/2 where it
 * has SSE only. */
static bool is_dense(const struct model *model)
{
    size_t n = (size_t)model->n;
    return model->couplings.count >= n * n / 4 + 1;
}

void sample_dynamics_init(struct sample_dynamics *dynamics, const struct model *model)
{
    /* each thread of ours calls BLAS by itself; and its result may depend on its own threads */
    openblas_set_num_threads(1);
    *dynamics = (struct sample_dynamics){.model = model};
    if (!is_dense(model))
        return;
    const struct model_couplings *k = &model->couplings;
    size_t n = (size_t)model->n;
    dynamics->dense = sample_doubles(n * n);
    for (size_t i = 0; i < n; i++) {
        for (size_t at = k->first[i]; at < k->first[i + 1]; at++)
            dynamics->dense[i * n + (size_t)k->source[at]] = k->value[at];
    }
}

void sample_dynamics_free(struct sample_dynamics *dynamics)
{
    free(dynamics->dense);
    *dynamics = (struct sample_dynamics){0};
}

void sample_block_init(struct sample_block *block, const struct model *model)
{
    size_t n = (size_t)model->n, all = n + (size_t)model->m;
    *block = (struct sample_block){
        .phase = sample_doubles(all * LANES),
        .stage = sample_doubles(all * LANES),
        .rate = sample_doubles(all * LANES),
        .sum = sample_doubles(all * LANES),
        .trig = sample_doubles(all * WIDTH),
        .pull = sample_doubles(n * WIDTH),
    };
}

void sample_block_free(struct sample_block *block)
{
    free(block->phase);
    free(block->stage);
    free(block->rate);
    free(block->sum);
    free(block->trig);
    free(block->pull);
    *block = (struct sample_block){0};
}

static void sines(const struct sample_block *block, size_t all, const double *phase)
{
    for (size_t i = 0; i < all; i++) {
        double *trig = block->trig + i * WIDTH;
        for (int b = 0; b < block->used; b++)
            sincos(phase[i * LANES + (size_t)b], &trig[b], &trig[LANES + b]);
    }
}

/* pull = K trig, from the dense matrix */
static void pull_dense(const double *dense, const struct sample_block *block, int n)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, WIDTH, n, 1.0, dense, n, block->trig,
                WIDTH, 0.0, block->pull, WIDTH);
}

/* pull = K trig, row by row of the couplings that there are */
static void pull_sparse(const struct model_couplings *k, const struct sample_block *block, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double sum[WIDTH] = {0};
        for (size_t at = k->first[i]; at < k->first[i + 1]; at++) {
            const double *trig = block->trig + (size_t)k->source[at] * WIDTH;
            double value = k->value[at];
            for (int b = 0; b < WIDTH; b++)
                sum[b] += value * trig[b];
        }
        memcpy(block->pull + i * WIDTH, sum, sizeof sum);
    }
}

/* pull += Kdrive[class of the lane] trig of the conditioning oscillators */
static void pull_drive(const struct model *model, const struct sample_block *block)
{
    size_t n = (size_t)model->n, m = (size_t)model->m;
    const double *tones = block->trig + n * WIDTH;
    for (int b = 0; b < block->used; b++) {
        const double *drive = model->k_drive + (size_t)block->classes[b] * n * m;
        for (size_t i = 0; i < n; i++) {
            double *pull = block->pull + i * WIDTH;
            for (size_t k = 0; k < m; k++) {
                pull[b] += drive[i * m + k] * tones[k * WIDTH + (size_t)b];
                pull[LANES + b] += drive[i * m + k] * tones[k * WIDTH + LANES + (size_t)b];
            }
        }
    }
}

static void rate_of(double omega, const double *trig, const double *pull, double *rate)
{
    for (int b = 0; b < LANES; b++)
        rate[b] = omega + (trig[LANES + b] * pull[b] - trig[b] * pull[LANES + b]);
}

void sample_rates(const struct sample_dynamics *dynamics, struct sample_block *block,
                  const double *phase)
{
    const struct model *model = dynamics->model;
    size_t n = (size_t)model->n, m = (size_t)model->m;
    sines(block, n + m, phase);
    if (dynamics->dense)
        pull_dense(dynamics->dense, block, model->n);
    else
        pull_sparse(&model->couplings, block, n);
    pull_drive(model, block);
    for (size_t i = 0; i < n; i++) {
        rate_of(model->omega[i], block->trig + i * WIDTH, block->pull + i * WIDTH,
                block->rate + i * LANES);
    }
    const double *tones = block->trig + n * WIDTH;
    for (size_t k = 0; k < m; k++) {
        double pull[WIDTH] = {0};
        for (size_t l = 0; l < m; l++) {
            double value = model->k_cond[k * m + l];
            for (size_t b = 0; b < WIDTH; b++)
                pull[b] += value * tones[l * WIDTH + b];
        }
        rate_of(model->omega_cond[k], tones + k * WIDTH, pull, block->rate + (n + k) * LANES);
    }
}
