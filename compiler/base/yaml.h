/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML text as a tree whose nodes know their place, through libyaml's parser. Guarded: at most
 * YAML_DEEPEST levels and YAML_MOST_NODES nodes, one document, no anchors, aliases or tags;
 * duplicate keys are reported here (libyaml accepts them) and stay in the tree. Plain scalars only
 * are numbers, booleans and null; quoted ones are always text.
 */
#ifndef OSCC_BASE_YAML_H
#define OSCC_BASE_YAML_H

#include <stdbool.h>

#include "compiler/base/diag.h"

enum { YAML_DEEPEST = 16, YAML_MOST_NODES = 1 << 20, YAML_MOST_BYTES = 1 << 24 };

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    struct span span; /* of the value; of a map or list, its first line */
    const char *text; /* scalar: NUL-terminated */
    bool quoted;
    struct yaml_node *key;          /* of an entry of a map: the key's scalar, else NULL */
    struct yaml_node *first, *next; /* children of a list or map (the values); next sibling */
    size_t count;                   /* children */
};

/* The root (a map or list), or NULL when there is no tree to look at; faults go to diags. */
struct yaml_node *yaml_parse(struct arena *arena, const struct source *source, struct diags *diags);

/* The value under a key of a map, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* true and the value where the node is a plain scalar of that form. A number may be infinite or
 * NaN (".inf", ".nan", 1e999): the caller decides. An integer beyond long long is LLONG_MAX or
 * LLONG_MIN, so that it fails the caller's range. */
bool yaml_number(const struct yaml_node *node, double *value);
bool yaml_integer(const struct yaml_node *node, long long *value);

#endif
