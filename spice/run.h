/* SPDX-License-Identifier: Apache-2.0
 *
 * Transient simulations in worker processes: one circuit a process, judged by the verdict rule.
 *
 * ngspice returns success for most failures, so a run is good only if no line of its output is an
 * error, its plot is new, it has points, its last time is the stop time, it holds as many elements
 * as were emitted, and every requested vector is present and finite.
 */
#ifndef OSCC_SPICE_RUN_H
#define OSCC_SPICE_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler/base/arena.h"

struct spice_job {
    const char *folder; /* private to this run; holds the deck and gets log.txt and .spiceinit */
    const char *deck;   /* file name in that folder; holds its own .tran, .save and .options */
    double stop_s;      /* the stop time of its .tran */
    size_t elements;    /* how many elements the flattened circuit has, see below */
    const char *const *vectors; /* saved vectors wanted, as ngspice names them in lower case */
    size_t vector_count;
    const char
        *network;   /* file in that folder that holds the linear part (spice/network.h), or NULL */
    double limit_s; /* wall time after which the worker is ended; 0: none */
    int pins;       /* how it runs in lock-step with the digital control (spice/lockstep.h) */
};

/* A job's pins: a socket to the control (spice/pins.h), or one of these. */
enum {
    SPICE_NO_PINS = 0,
    SPICE_PINS_PLAYED = -1 /* a record in their place */
};

/* elements is what ngspice's `inventory` adds up to once it has flattened the circuit and
 * rewritten expressions: each R C L K V I B E F G H S T, each A, each diode and transistor is one,
 * also with {expressions} of parameters alone. An expression of voltages or currents is rewritten
 * everywhere but in a B source: E or G with value=, vol=, cur= count 2 (a B source is added), with
 * table 3; R 1 (it becomes a B source), C and L 3; E or G with poly 1 (a code model). X counts what
 * its subcircuit holds, .model and the like nothing. Measured with tests/data/ngspice/elements.sp.
 *
 * Vectors may be written "v(node)", "node", "i(source)" or "source#branch". A node of an instance
 * is "xchip.xcell.node"; elements inside instances carry their letter in front: "v.xchip.v1". A
 * deck's file name is made of letters, digits and ".", "_", "-", "/". */

enum spice_verdict {
    SPICE_GOOD,
    SPICE_ERROR_LINE,  /* ngspice printed an error */
    SPICE_NO_PLOT,     /* it ran nothing new */
    SPICE_SHORT,       /* it stopped before the stop time */
    SPICE_WRONG_COUNT, /* the circuit is not the one that was emitted */
    SPICE_NO_VECTOR,   /* a requested vector is missing or not finite */
    SPICE_CRASHED,     /* the worker died or ran out of time */
    SPICE_INTERRUPTED
};
const char *spice_verdict_name(enum spice_verdict verdict);

struct spice_result {
    enum spice_verdict verdict;
    const char *reason;   /* NULL when good, else one line, lower case */
    size_t points;        /* accepted time points */
    const double *time;   /* points, s, ascending */
    const double *values; /* points x vector_count */
    double wall_s;
    double network_error; /* see crossbar_error() */
};

struct spice_pool {
    const char *worker; /* the oscc binary, started as `oscc --spice-worker ...`; NULL: this one */
    int jobs;           /* worker processes at a time */
    /* called in the parent as each job ends, in any order; what result points at is valid only
     * during the call. Results do not depend on the order. Jobs that an interrupt ended are
     * reported, those it kept from starting are not. */
    void (*done)(void *user, size_t index, const struct spice_result *result);
    void *user;
};

/* Runs all jobs. Returns false when interrupted (running workers are ended). A run that fails is
 * reported through done(), and the others go on. */
bool spice_run(const struct spice_pool *pool, const struct spice_job *jobs, size_t count);

/* The worker's side: main() hands over here when argv[1] is "--spice-worker". */
int spice_worker_main(int argc, char **argv);

#endif
