/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps of fixed size. Main and conditioning oscillators are one vector, so both move at once.
 */
#include "compiler/base/interrupt.h"
#include "compiler/sample/dynamics.h"

static void euler(const struct sample_dynamics *dynamics, struct sample_block *block, double step,
                  size_t length)
{
    sample_rates(dynamics, block, block->phase);
    for (size_t i = 0; i < length; i++)
        block->phase[i] += step * block->rate[i];
}

/* sum += weight * rate; stage = phase + ahead * rate */
static void next_stage(struct sample_block *block, double weight, double ahead, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        block->sum[i] += weight * block->rate[i];
        block->stage[i] = block->phase[i] + ahead * block->rate[i];
    }
}

static void runge_kutta(const struct sample_dynamics *dynamics, struct sample_block *block,
                        double step, size_t length)
{
    for (size_t i = 0; i < length; i++)
        block->sum[i] = 0;
    sample_rates(dynamics, block, block->phase);
    next_stage(block, 1, step / 2, length);
    sample_rates(dynamics, block, block->stage);
    next_stage(block, 2, step / 2, length);
    sample_rates(dynamics, block, block->stage);
    next_stage(block, 2, step, length);
    sample_rates(dynamics, block, block->stage);
    for (size_t i = 0; i < length; i++)
        block->phase[i] += step / 6 * (block->sum[i] + block->rate[i]);
}

void sample_block_solve(const struct sample_dynamics *dynamics, struct sample_block *block,
                        enum model_method method, int steps)
{
    const struct model *model = dynamics->model;
    size_t length = ((size_t)model->n + (size_t)model->m) * SAMPLE_LANES;
    double step = model->time / steps;
    for (int i = 0; i < steps && !interrupt_requested(); i++) {
        if (method == MODEL_EULER)
            euler(dynamics, block, step, length);
        else
            runge_kutta(dynamics, block, step, length);
    }
}
