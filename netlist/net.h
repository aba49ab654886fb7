/* SPDX-License-Identifier: Apache-2.0
 *
 * A hierarchical netlist as data: modules with ports, and instances of other modules in them.
 * Cells are leaf modules whose text is a .spice file of its own; here only their name and ports
 * are known. Everything lives in one arena.
 */
#ifndef OSCC_NETLIST_NET_H
#define OSCC_NETLIST_NET_H

#include "compiler/base/arena.h"
#include "compiler/base/str.h"

struct net_instance {
    const char *name; /* without SPICE's leading x */
    const char *module;
    const char **nodes; /* in the order of the module's ports */
    size_t node_count;
    const char *parameters; /* "code={w3}" or NULL */
    struct net_instance *next;
};

struct net_module {
    const char *name;
    const char *comment; /* one line, or NULL */
    const char *const *ports;
    size_t port_count;
    struct net_instance *first, *last;
    struct net_module *next;
};

/* A new module with these ports; the strings are kept, not copied. */
struct net_module *net_module(struct arena *arena, const char *name, const char *comment,
                              const char *const *ports, size_t port_count);

/* Adds an instance; nodes are copied as an array, the strings are kept. */
struct net_instance *net_add(struct arena *arena, struct net_module *module, const char *name,
                             const char *cell, size_t node_count, const char *const *nodes,
                             const char *parameters);

/* One module as a .subckt, lines folded with + below 100 columns. */
void net_write_spice(const struct net_module *module, struct str *out);

/* One instance as an X line. */
void net_write_instance(const struct net_instance *instance, struct str *out);

#endif
