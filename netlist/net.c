/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/net.h"

#include <string.h>

struct net_module *net_module(struct arena *arena, const char *name, const char *comment,
                              const char *const *ports, size_t port_count)
{
    struct net_module *module = ARENA_NEW(arena, struct net_module);
    module->name = name;
    module->comment = comment;
    module->ports = ports;
    module->port_count = port_count;
    return module;
}

struct net_instance *net_add(struct arena *arena, struct net_module *module, const char *name,
                             const char *cell, size_t node_count, const char *const *nodes,
                             const char *parameters)
{
    const char **copy = ARENA_ARRAY(arena, const char *, node_count);
    memcpy(copy, nodes, node_count * sizeof *nodes);
    struct net_instance *instance = ARENA_NEW(arena, struct net_instance);
    *instance = (struct net_instance){.name = name,
                                      .module = cell,
                                      .nodes = copy,
                                      .node_count = node_count,
                                      .parameters = parameters};
    if (module->last)
        module->last->next = instance;
    else
        module->first = instance;
    module->last = instance;
    return instance;
}

enum { NET_WIDTH = 98 };

/* Adds a word to the line that began at *start, folding it where it grows too long. */
static void add_word(struct str *out, size_t *start, const char *word)
{
    if (out->length - *start + 1 + strlen(word) > NET_WIDTH) {
        str_add(out, "\n+");
        *start = out->length - 1;
    }
    str_add(out, " ");
    str_add(out, word);
}

void net_write_instance(const struct net_instance *instance, struct str *out)
{
    size_t start = out->length;
    str_addf(out, "x%s", instance->name);
    for (size_t i = 0; i < instance->node_count; i++)
        add_word(out, &start, instance->nodes[i]);
    add_word(out, &start, instance->module);
    if (instance->parameters)
        add_word(out, &start, instance->parameters);
    str_add(out, "\n");
}

void net_write_spice(const struct net_module *module, struct str *out)
{
    if (module->comment)
        str_addf(out, "* %s\n", module->comment);
    size_t start = out->length;
    str_addf(out, ".subckt %s", module->name);
    for (size_t i = 0; i < module->port_count; i++)
        add_word(out, &start, module->ports[i]);
    str_add(out, "\n");
    for (const struct net_instance *i = module->first; i; i = i->next)
        net_write_instance(i, out);
    str_addf(out, ".ends %s\n", module->name);
}
