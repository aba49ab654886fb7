/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside of compiler/sample: samples sorted into blocks, blocks spread over threads.
 */
#ifndef OSCC_SAMPLE_PHASES_H
#define OSCC_SAMPLE_PHASES_H

#include "compiler/sample/dynamics.h"

struct sample_batch {
    struct sample_dynamics dynamics;
    const double *initial; /* samples x (n + m), rad */
    const int *classes;    /* samples */
    int workers;
    struct sample_block *blocks; /* one a worker */
};

/* Solves the samples whose numbers are in list[count] in `steps` steps; sample s goes to
 * final[s * (n + m)]. A sample comes out the same to the bit whatever else is in the list. Returns
 * false when interrupted. */
bool sample_batch_solve(struct sample_batch *batch, const size_t *list, size_t count,
                        enum model_method method, int steps, double *final);

/* The exact solution of samples 0 .. count - 1 (ode.c). */
bool sample_batch_ode(struct sample_batch *batch, size_t count, double *final);

#endif
