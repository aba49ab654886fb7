/* SPDX-License-Identifier: Apache-2.0
 *
 * The worker's side of lock-step with the digital control: at each edge of its clock the captured
 * phases are sampled and given to it, and its pins are driven by straight lines over one step of
 * the simulation. Steps are even, and a whole number of them is a tick, so that each edge is a
 * point that ngspice accepted, which no later step takes back.
 */
#ifndef OSCC_SPICE_LOCKSTEP_H
#define OSCC_SPICE_LOCKSTEP_H

#include <stdbool.h>

#include <ngspice/sharedspice.h>

struct lockstep;

/* Reads LOCKSTEP_PLAN_NAME in the working folder. line: the control's socket, or -1 to play
 * LOCKSTEP_PLAYED_NAME in its place. NULL with a reason (a constant text). */
struct lockstep *lockstep_open(int line, const char **fault);

/* To be called from ngspice's callbacks: the names of the vectors (false: one is missing), an
 * accepted point (a reason where the control does not answer, else NULL), the value of a source at
 * a time, and the step that ngspice wants to take from a time. */
bool lockstep_vectors(struct lockstep *lockstep, pvecinfoall vectors);
const char *lockstep_accept(struct lockstep *lockstep, pvecvaluesall values);
double lockstep_voltage(const struct lockstep *lockstep, const char *source, double time);
double lockstep_limit_step(const struct lockstep *lockstep, double time, double step);

/* Writes LOCKSTEP_RECORD_NAME. 0 or a negative errno. */
int lockstep_write_record(const struct lockstep *lockstep);

#endif
