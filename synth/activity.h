/* SPDX-License-Identifier: Apache-2.0
 *
 * How often each bit of a simulation changed, from a value change dump (VCD, IEEE 1364-2005
 * chapter 18), read as a stream, as a dump of gates is larger than memory should be.
 */
#ifndef OSCC_SYNTH_ACTIVITY_H
#define OSCC_SYNTH_ACTIVITY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "compiler/base/arena.h"
#include "compiler/base/str.h"

enum { ACTIVITY_WINDOWS = 4 };

struct activity_bit {
    uint64_t toggles[ACTIVITY_WINDOWS]; /* from 0 to 1 or back; from and to unknown counts not */
    double high_s[ACTIVITY_WINDOWS];    /* time at 1 */
};

struct activity;

/* Counts in `windows` windows, window w from end_s[w - 1] (the first: the dump's begin) to
 * end_s[w]; what is later counts not. NULL, with the line in *fault, where the file is no VCD. */
struct activity *activity_read(struct arena *arena, FILE *file, size_t windows, const double *end_s,
                               size_t *fault);

/* The bit of a variable of a scope, its name with the scopes before it, "tb.top.control.h", index
 * from the right; NULL where there is none. */
const struct activity_bit *activity_find(const struct activity *activity, const char *name,
                                         size_t bit);

#endif
