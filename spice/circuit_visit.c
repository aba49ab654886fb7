/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "spice/circuit.h"

enum { DEEPEST = 32 };

struct walk {
    struct arena *arena;
    const struct circuit *circuit;
    bool (*is_leaf)(void *user, const char *module);
    void (*visit)(void *user, const struct circuit_leaf *leaf);
    void *user;
    struct circuit_nodes *nodes;
};

const char *circuit_parameter(size_t count, const struct circuit_parameter *parameters,
                              const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(parameters[i].name, name))
            return parameters[i].value;
    return NULL;
}

static uint32_t new_node(struct walk *w, const char *name)
{
    struct circuit_nodes *nodes = w->nodes;
    ARENA_GROW(w->arena, nodes->names, nodes->count, nodes->room);
    nodes->names[nodes->count] = name;
    return (uint32_t)nodes->count++;
}

/* The parameters of an instance, each {name} replaced by the value in the enclosing instance. */
static const struct circuit_parameter *resolve(struct walk *w,
                                               const struct circuit_instance *instance,
                                               size_t count,
                                               const struct circuit_parameter *enclosing)
{
    struct circuit_parameter *list =
        ARENA_ARRAY(w->arena, struct circuit_parameter, instance->parameter_count);
    for (size_t i = 0; i < instance->parameter_count; i++) {
        list[i] = instance->parameters[i];
        size_t length = strlen(list[i].value);
        if (count && length > 2 && list[i].value[0] == '{' && list[i].value[length - 1] == '}') {
            const char *name = arena_strndup(w->arena, list[i].value + 1, length - 2);
            const char *value = circuit_parameter(count, enclosing, name);
            list[i].value = value ? value : list[i].value;
        }
    }
    return list;
}

/* prefix: "" at the top, else "xarray." */
static int walk_module(struct walk *w, const struct circuit_module *module, const char *prefix,
                       const uint32_t *map, size_t parameter_count,
                       const struct circuit_parameter *parameters, int depth)
{
    if (depth > DEEPEST)
        return -EINVAL;
    for (size_t i = 0; i < module->instance_count; i++) {
        const struct circuit_instance *instance = &module->instances[i];
        const struct circuit_module *inner = circuit_find(w->circuit, instance->module);
        bool leaf = w->is_leaf ? w->is_leaf(w->user, instance->module) : !inner;
        if (inner ? inner->port_count != instance->node_count : !leaf)
            return -EINVAL;
        const char *path = arena_printf(w->arena, "%s%s", prefix, instance->name);
        uint32_t *numbers =
            ARENA_ARRAY(w->arena, uint32_t, leaf ? instance->node_count : inner->node_count);
        for (size_t n = 0; n < instance->node_count; n++)
            numbers[n] = map[instance->nodes[n]];
        const struct circuit_parameter *resolved =
            resolve(w, instance, parameter_count, parameters);
        if (leaf) {
            struct circuit_leaf found = {path,    instance->module,          instance->node_count,
                                         numbers, instance->parameter_count, resolved};
            w->visit(w->user, &found);
            continue;
        }
        for (size_t n = inner->port_count; n < inner->node_count; n++)
            numbers[n] = !strcmp(inner->nodes[n], "0")
                             ? 0
                             : new_node(w, arena_printf(w->arena, "%s.%s", path, inner->nodes[n]));
        const char *below = arena_printf(w->arena, "%s.", path);
        int error =
            walk_module(w, inner, below, numbers, instance->parameter_count, resolved, depth + 1);
        if (error)
            return error;
    }
    return 0;
}

int circuit_visit(struct arena *arena, const struct circuit *circuit,
                  bool (*is_leaf)(void *user, const char *module),
                  void (*visit)(void *user, const struct circuit_leaf *leaf), void *user,
                  struct circuit_nodes *nodes)
{
    struct walk w = {arena, circuit, is_leaf, visit, user, nodes};
    const struct circuit_module *top = circuit->top;
    uint32_t *map = ARENA_ARRAY(arena, uint32_t, top->node_count);
    *nodes = (struct circuit_nodes){0};
    new_node(&w, "0");
    for (size_t n = 0; n < top->node_count; n++)
        map[n] = strcmp(top->nodes[n], "0") ? new_node(&w, top->nodes[n]) : 0;
    return walk_module(&w, top, "", map, 0, NULL, 0);
}
