/* SPDX-License-Identifier: Apache-2.0
 *
 * What a worker has to know to run in lock-step with the digital control (spice/pins.h): when the
 * clock's edges are, which nodes it samples there, and which sources its pins drive.
 */
#ifndef OSCC_SPICE_LOCKSTEP_PLAN_H
#define OSCC_SPICE_LOCKSTEP_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler/base/arena.h"

/* Sources of the deck that the pins drive, from node to ground, `external`: vpin<i> is h of
 * oscillator i, vpin<oscillators> is en. Vectors are named as ngspice saves them. */
#define LOCKSTEP_SOURCE "vpin"
#define LOCKSTEP_PLAN_NAME "lockstep.txt"

/* The record, a line a clock, "<q> <answer>" as spice/pins.h has them: what the worker writes, and
 * what it plays where it is given no process. */
#define LOCKSTEP_RECORD_NAME "pins.txt"
#define LOCKSTEP_PLAYED_NAME "played.txt"

struct lockstep_plan {
    size_t oscillators;
    double tick_s;       /* clock edge k is at the time k tick_s, k = 1, 2, .. */
    int steps;           /* of the simulation in a tick */
    double high_v;       /* level of a high pin; low is 0 */
    double threshold_v;  /* a captured phase is high above it */
    bool until_en_falls; /* the control's clock stops with the edge at which en falls */
    bool *h;             /* pins at time 0, one an oscillator */
    bool en;
    const char **q; /* vectors of the captured phases, one an oscillator */
};

/* 0 or a negative errno. */
int lockstep_plan_write(struct arena *arena, const struct lockstep_plan *plan, const char *folder);

/* NULL where the file is none. */
struct lockstep_plan *lockstep_plan_read(struct arena *arena, const char *path);

/* A clock of a record: q[count] and the control's answer, which ends with the line. Returns what
 * stands after the line, or NULL at its end or where the line is none. */
const char *lockstep_record_next(const char *text, size_t count, bool *q, const char **answer);

#endif
