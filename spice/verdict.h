/* SPDX-License-Identifier: Apache-2.0
 *
 * What a line of ngspice's output means, from a table with a test for every entry.
 */
#ifndef OSCC_SPICE_VERDICT_H
#define OSCC_SPICE_VERDICT_H

#include <stddef.h>

enum spice_line { SPICE_LINE_NOTE, SPICE_LINE_WARNING, SPICE_LINE_ERROR };

/* Judges one line (without its newline; any bytes). A line that says error, fatal, singular,
 * "too small", unknown, undefined ... and is not on the list of harmless ones is an error. */
enum spice_line spice_classify_line(const char *line, size_t length);

/* Judges a whole log: the worst of its lines; first_error (may be NULL) gets the first line that
 * is an error, or NULL, pointing into the text, and its length. */
enum spice_line spice_classify_log(const char *text, size_t length, const char **first_error,
                                   size_t *first_error_length);

#endif
