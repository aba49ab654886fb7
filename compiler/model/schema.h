/* SPDX-License-Identifier: Apache-2.0
 *
 * Taking values out of a map of model.yaml: each function checks kind and range, reports a fault
 * at the value, and tells whether there is a value to go on with. A map may be NULL (the section
 * was left out): then defaults are taken. On a fault *value keeps what it held.
 */
#ifndef OSCC_MODEL_SCHEMA_H
#define OSCC_MODEL_SCHEMA_H

#include "compiler/base/yaml.h"

/* Where to point for a map: its key if it has one, else its first line. */
struct span schema_place(const struct yaml_node *node);

/* Reports keys that are not in the NULL-terminated list. */
void schema_keys(struct diags *diags, const struct yaml_node *map, const char *const *known);

/* The value of a key that must be there; NULL after a report. */
const struct yaml_node *schema_need(struct diags *diags, const struct yaml_node *map,
                                    const char *key);

/* A group of keys; NULL where it is absent or, after a report, something else. */
const struct yaml_node *schema_map(struct diags *diags, const struct yaml_node *map,
                                   const char *key);

/* Numbers within low..high. */
bool schema_integer(struct diags *diags, const struct yaml_node *map, const char *key,
                    long long low, long long high, long long fallback, long long *value);
bool schema_int(struct diags *diags, const struct yaml_node *map, const char *key, int low,
                int high, int fallback, int *value);
bool schema_number(struct diags *diags, const struct yaml_node *map, const char *key, double low,
                   double high, double fallback, double *value);

/* A word of a NULL-terminated list, as its index. */
bool schema_choice(struct diags *diags, const struct yaml_node *map, const char *key,
                   const char *const *words, int fallback, int *value);

/* Text that may stand in file names: 1 to 64 of letters, digits, '.', '_' and '-', the first a
 * letter or digit. */
bool schema_name(struct diags *diags, const struct yaml_node *map, const char *key,
                 const char *fallback, const char **value);

/* What a node is, for messages: "a list", "\"text\"", "nothing". Owned by diags. */
const char *schema_describe(struct diags *diags, const struct yaml_node *node);

#endif
