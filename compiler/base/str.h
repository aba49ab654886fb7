/* SPDX-License-Identifier: Apache-2.0
 *
 * A string that grows. Invariants: text is always NUL-terminated once anything was added
 * (and "" is returned by str_text before that); length does not count the NUL.
 */
#ifndef OSCC_BASE_STR_H
#define OSCC_BASE_STR_H

#include <stddef.h>

struct str {
    char *text; /* owned; free with str_free */
    size_t length, room;
};

void str_add(struct str *str, const char *text);
void str_add_bytes(struct str *str, const void *bytes, size_t length);
void str_addf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a number in its shortest form that reads back to 15 digits; deterministic, no locale. */
void str_add_number(struct str *str, double value);

/* Adds a number in the shortest form that reads back as the same double. */
void str_add_exact(struct str *str, double value);

const char *str_text(const struct str *str);
void str_free(struct str *str);

/* Distance of two words in single-letter edits (Levenshtein), for "did you mean". */
size_t str_edit_distance(const char *a, const char *b);

/* The word of a NULL-terminated list that is nearest to what was written, or NULL when none is
 * near enough to be worth suggesting. */
const char *str_nearest(const char *written, const char *const *words);

#endif
