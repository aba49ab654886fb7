/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside of compiler/sample: the phase equations of model.h for a block of samples at once.
 *
 * A block has SAMPLE_LANES samples side by side. Its arrays are oscillator-major: oscillator i of
 * lane b is at [i * SAMPLE_LANES + b], main oscillators first, then the conditioning ones.
 */
#ifndef OSCC_SAMPLE_DYNAMICS_H
#define OSCC_SAMPLE_DYNAMICS_H

#include "compiler/model/model.h"

/* Products with K are always of this width, however few samples there are, so that the kernel that
 * does them, and with it the last bit of a sample, does not depend on how many came along. */
enum { SAMPLE_LANES = 8 };

/* What all threads share. */
struct sample_dynamics {
    const struct model *model;
    double *dense; /* n x n where K is full enough for it, else NULL: by rows of the model */
};

void sample_dynamics_init(struct sample_dynamics *dynamics, const struct model *model);
void sample_dynamics_free(struct sample_dynamics *dynamics);

/* What one thread works in. */
struct sample_block {
    int used;                  /* lanes that hold a sample: 0 .. used - 1 */
    int classes[SAMPLE_LANES]; /* of each lane */
    double *phase;             /* (n + m) x LANES, rad */
    double *stage;             /* the same: phases at which the rates are asked for */
    double *rate;              /* the same, rad per unit of time */
    double *sum;               /* the same: weighted sum of the rates of a step */
    double *trig;              /* (n + m) x 2 LANES: sines of the lanes, then cosines */
    double *pull;              /* n x 2 LANES: SUM K sin, then SUM K cos */
};

void sample_block_init(struct sample_block *block, const struct model *model);
void sample_block_free(struct sample_block *block);

/* block->rate = d phase / dt at the given phases (block->phase or block->stage). */
void sample_rates(const struct sample_dynamics *dynamics, struct sample_block *block,
                  const double *phase);

/* Advances block->phase from time 0 to T in equal steps: explicit Euler or classical Runge-Kutta
 * of order 4. Stops early, with the phases of no use, when the user interrupts. */
void sample_block_solve(const struct sample_dynamics *dynamics, struct sample_block *block,
                        enum model_method method, int steps);

#endif
