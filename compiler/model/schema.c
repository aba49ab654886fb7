/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/model/schema.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "compiler/base/str.h"

struct span schema_place(const struct yaml_node *node)
{
    return node->key ? node->key->span : node->span;
}

void schema_keys(struct diags *diags, const struct yaml_node *map, const char *const *known)
{
    if (!map)
        return;
    for (const struct yaml_node *child = map->first; child; child = child->next) {
        const char *const *word = known;
        while (*word && strcmp(*word, child->key->text) != 0)
            word++;
        if (*word)
            continue;
        diag_error(diags, DIAG_UNKNOWN_KEY, child->key->span, "unknown key \"%s\"",
                   child->key->text);
        if (diags->last_dropped) /* a file of such keys only: the search would take long */
            continue;
        const char *nearest = str_nearest(child->key->text, known);
        if (nearest) {
            diag_help(diags, "did you mean \"%s\"?", nearest);
            continue;
        }
        struct str list = {0};
        for (word = known; *word; word++)
            str_addf(&list, "%s%s", word == known ? "" : ", ", *word);
        diag_help(diags, "the keys here are %s", list.text);
        str_free(&list);
    }
}

const char *schema_describe(struct diags *diags, const struct yaml_node *node)
{
    if (node->kind == YAML_LIST)
        return "a list";
    if (node->kind == YAML_MAP)
        return "a group of keys";
    if (!node->quoted && (!*node->text || !strcmp(node->text, "~") || !strcmp(node->text, "null")))
        return "nothing";
    return arena_printf(&diags->arena, "%s\"%.60s%s\"", node->quoted ? "the text " : "", node->text,
                        strlen(node->text) > 60 ? "..." : "");
}

static void wrong_kind(struct diags *diags, const struct yaml_node *node, const char *wanted)
{
    diag_error(diags, DIAG_YAML_SHAPE, node->span, "\"%s\" must be %s, not %s", node->key->text,
               wanted, schema_describe(diags, node));
}

const struct yaml_node *schema_need(struct diags *diags, const struct yaml_node *map,
                                    const char *key)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!node && map) {
        diag_error(diags, DIAG_MISSING_KEY, schema_place(map), "the key \"%s\" is missing%s%s%s",
                   key, map->key ? " in \"" : "", map->key ? map->key->text : "",
                   map->key ? "\"" : "");
    }
    return node;
}

const struct yaml_node *schema_map(struct diags *diags, const struct yaml_node *map,
                                   const char *key)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!node || node->kind == YAML_MAP)
        return node;
    wrong_kind(diags, node, "a group of keys");
    return NULL;
}

bool schema_integer(struct diags *diags, const struct yaml_node *map, const char *key,
                    long long low, long long high, long long fallback, long long *value)
{
    const struct yaml_node *node = yaml_get(map, key);
    long long found;
    if (!node) {
        *value = fallback;
        return true;
    }
    if (!yaml_integer(node, &found)) {
        wrong_kind(diags, node, "a whole number");
        return false;
    }
    if (found < low || found > high) {
        diag_error(diags, DIAG_BAD_VALUE, node->span, "\"%s\" must be from %lld to %lld, not %s",
                   key, low, high, schema_describe(diags, node));
        return false;
    }
    *value = found;
    return true;
}

bool schema_int(struct diags *diags, const struct yaml_node *map, const char *key, int low,
                int high, int fallback, int *value)
{
    long long found;
    if (!schema_integer(diags, map, key, low, high, fallback, &found))
        return false;
    *value = (int)found;
    return true;
}

bool schema_number(struct diags *diags, const struct yaml_node *map, const char *key, double low,
                   double high, double fallback, double *value)
{
    const struct yaml_node *node = yaml_get(map, key);
    double found;
    if (!node) {
        *value = fallback;
        return true;
    }
    if (!yaml_number(node, &found)) {
        wrong_kind(diags, node, "a number");
        return false;
    }
    if (!isfinite(found)) {
        diag_error(diags, DIAG_NOT_FINITE, node->span, "\"%s\" is not finite", key);
        return false;
    }
    if (found < low || found > high) {
        diag_error(diags, DIAG_BAD_VALUE, node->span, "\"%s\" must be from %.15g to %.15g, not %s",
                   key, low, high, schema_describe(diags, node));
        return false;
    }
    *value = found;
    return true;
}

bool schema_choice(struct diags *diags, const struct yaml_node *map, const char *key,
                   const char *const *words, int fallback, int *value)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!node) {
        *value = fallback;
        return true;
    }
    for (int i = 0; node->kind == YAML_SCALAR && words[i]; i++) {
        if (!strcmp(words[i], node->text)) {
            *value = i;
            return true;
        }
    }
    struct str list = {0};
    for (int i = 0; words[i]; i++)
        str_addf(&list, "%s%s", i ? (words[i + 1] ? ", " : " or ") : "", words[i]);
    if (node->kind == YAML_SCALAR && *node->text)
        diag_error(diags, DIAG_BAD_VALUE, node->span, "\"%s\" must be %s, not %s", key, list.text,
                   schema_describe(diags, node));
    else
        wrong_kind(diags, node, list.text);
    const char *nearest = node->kind == YAML_SCALAR ? str_nearest(node->text, words) : NULL;
    if (nearest)
        diag_help(diags, "did you mean \"%s\"?", nearest);
    str_free(&list);
    return false;
}

bool schema_name(struct diags *diags, const struct yaml_node *map, const char *key,
                 const char *fallback, const char **value)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (!node) {
        *value = fallback;
        return true;
    }
    if (node->kind != YAML_SCALAR || !*node->text) {
        wrong_kind(diags, node, "a word");
        return false;
    }
    bool good = strlen(node->text) <= 64 && isalnum((unsigned char)node->text[0]);
    for (const char *c = node->text; good && *c; c++)
        good = isalnum((unsigned char)*c) || strchr("._-", *c);
    if (!good) {
        diag_error(diags, DIAG_BAD_VALUE, node->span, "\"%s\" cannot be %s", key,
                   schema_describe(diags, node));
        diag_help(diags, "up to 64 letters, digits, dots, underscores and hyphens, the first a "
                         "letter or digit");
        return false;
    }
    *value = node->text;
    return true;
}
