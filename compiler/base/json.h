/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON through jansson, always written in one form: two blanks of indent, keys in the order in
 * which they were set, numbers to 15 digits, a newline at the end.
 */
#ifndef OSCC_BASE_JSON_H
#define OSCC_BASE_JSON_H

#include <jansson.h>

#include "compiler/base/str.h"

/* Writes the value in one step and releases it; flags: 0, or JSON_SORT_KEYS. 0 or a negative errno.
 */
int json_write(const char *path, json_t *value, size_t flags);

/* A string; bytes of text that is not UTF-8 cannot stand in JSON and become '?'. */
json_t *json_text(const char *text);

/* Adds such a string as JSON (which is YAML too), quotes included. */
void json_add_string(struct str *out, const char *text);

#endif
