/* SPDX-License-Identifier: Apache-2.0
 *
 * The datasheet of a process's cells at one corner, from what `oscc characterize` measured.
 */
#ifndef OSCC_REPORT_DATASHEET_H
#define OSCC_REPORT_DATASHEET_H

#include <jansson.h>

#include "compiler/base/arena.h"

/* Writes datasheet.md and its plots into a folder, made when missing; measured: what characterise()
 * gave. 0 or a negative errno. */
int datasheet_write(struct arena *arena, const json_t *measured, const char *folder);

#endif
