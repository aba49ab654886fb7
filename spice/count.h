/* SPDX-License-Identifier: Apache-2.0
 *
 * How many elements a deck holds once its hierarchy is flattened: what ngspice must have loaded.
 */
#ifndef OSCC_SPICE_COUNT_H
#define OSCC_SPICE_COUNT_H

#include <stddef.h>

#include "compiler/base/arena.h"

/* Reads a deck and the files it includes (.include, relative to the file that says so; not .lib).
 * Reads the SPICE that oscc writes: an X line's module is its last word without '='; a tile with
 * its words (spice/words.h) need not be defined. Returns 0 and the count, or a negative errno;
 * -EINVAL where a module is not defined or contains itself. Where a file could not be read, *unread
 * (which may be NULL) is its path; else NULL. */
int spice_count_elements(struct arena *arena, const char *deck, size_t *count, const char **unread);

#endif
