/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sample/phases.h"

#include <assert.h>
#include <stdlib.h>

#include "compiler/base/arena.h"
#include "compiler/sample/parallel.h"
#include "compiler/sample/sample.h"

enum { LANES = SAMPLE_LANES };

struct run {
    struct sample_batch *batch;
    const size_t *list;
    size_t count;
    enum model_method method;
    int steps;
    double *final;
};

static void solve_block(void *context, int worker, size_t index)
{
    const struct run *run = context;
    struct sample_batch *batch = run->batch;
    const struct model *model = batch->dynamics.model;
    struct sample_block *block = &batch->blocks[worker];
    size_t all = (size_t)model->n + (size_t)model->m;
    size_t from = index * LANES, left = run->count - from;
    block->used = left < LANES ? (int)left : LANES;
    for (size_t b = 0; b < (size_t)block->used; b++) {
        size_t sample = run->list[from + b];
        block->classes[b] = batch->classes[sample];
        assert(block->classes[b] >= 0 && block->classes[b] < model->classes);
        for (size_t i = 0; i < all; i++)
            block->phase[i * LANES + b] = batch->initial[sample * all + i];
    }
    sample_block_solve(&batch->dynamics, block, run->method, run->steps);
    for (size_t b = 0; b < (size_t)block->used; b++) {
        double *final = run->final + run->list[from + b] * all;
        for (size_t i = 0; i < all; i++)
            final[i] = block->phase[i * LANES + b];
    }
}

bool sample_batch_solve(struct sample_batch *batch, const size_t *list, size_t count,
                        enum model_method method, int steps, double *final)
{
    struct run run = {batch, list, count, method, steps, final};
    return sample_parallel(batch->workers, (count + LANES - 1) / LANES, solve_block, &run);
}

static size_t *all_of(size_t count)
{
    size_t *list = malloc((count + 1) * sizeof *list);
    if (!list)
        arena_out_of_memory();
    for (size_t i = 0; i < count; i++)
        list[i] = i;
    return list;
}

bool sample_phases(const struct model *model, enum sample_solver solver, size_t count,
                   const double *initial, const int *classes, int threads, double *final)
{
    struct sample_batch batch = {
        .initial = initial,
        .classes = classes,
        .workers = sample_workers(threads, (count + LANES - 1) / LANES),
    };
    sample_dynamics_init(&batch.dynamics, model);
    batch.blocks = calloc((size_t)batch.workers, sizeof *batch.blocks);
    if (!batch.blocks)
        arena_out_of_memory();
    for (int i = 0; i < batch.workers; i++)
        sample_block_init(&batch.blocks[i], model);
    bool complete;
    if (solver == SAMPLE_ODE) {
        complete = sample_batch_ode(&batch, count, final);
    } else {
        size_t *list = all_of(count);
        complete = sample_batch_solve(&batch, list, count, model->method, model->steps, final);
        free(list);
    }
    for (int i = 0; i < batch.workers; i++)
        sample_block_free(&batch.blocks[i]);
    free(batch.blocks);
    sample_dynamics_free(&batch.dynamics);
    return complete;
}
