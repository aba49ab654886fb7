/* SPDX-License-Identifier: Apache-2.0
 *
 * A netlist read back from its files: modules, their instances, and the flattened whole. Reads the
 * SPICE that oscc writes: .subckt without nesting, .include relative to the file that says so, X
 * lines whose module is the last word without '=', comments by * and $.
 */
#ifndef OSCC_SPICE_CIRCUIT_H
#define OSCC_SPICE_CIRCUIT_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler/base/arena.h"

/* "name=value" of an instance, the value as written. */
struct circuit_parameter {
    const char *name, *value;
};

struct circuit_instance {
    const char *name; /* with its x */
    const char *module;
    size_t node_count;
    const uint32_t *nodes; /* indices into the nodes of the module that holds the instance */
    size_t parameter_count;
    const struct circuit_parameter *parameters;
};

/* A .subckt, or the outermost level (its name is ""). Ports are its first nodes. */
struct circuit_module {
    const char *name;
    size_t index; /* in the circuit's modules */
    size_t port_count, node_count;
    const char *const *nodes; /* node_count; node "0" is the same everywhere */
    size_t instance_count;
    const struct circuit_instance *instances;
    size_t own_elements; /* elements that are not instances */
};

struct circuit {
    size_t parameter_count; /* .param lines outside modules, in their order */
    const struct circuit_parameter *parameters;
    const struct circuit_module *top;
    size_t module_count;
    const struct circuit_module *const *modules; /* without the top, sorted by name */
};

/* Reads a deck and what it includes; lives in the arena. NULL with *error a negative errno; where a
 * file could not be read, *unread is its path, else NULL. Names are lower case. */
struct circuit *circuit_read(struct arena *arena, const char *path, int *error,
                             const char **unread);

/* A module by name, or NULL. */
const struct circuit_module *circuit_find(const struct circuit *circuit, const char *name);

/* One instance of a leaf module in the flattened circuit. */
struct circuit_leaf {
    const char *path; /* "xarray.xosc3" */
    const char *module;
    size_t node_count;
    const uint32_t *nodes; /* numbers of the flattened circuit's nodes, in the order of ports */
    size_t parameter_count;
    const struct circuit_parameter *parameters; /* {name} of enclosing instances resolved */
};

/* The nodes of a flattened circuit: 0 is ground; names are those that ngspice gives them. */
struct circuit_nodes {
    const char **names;
    size_t count, room;
};

/* Visits every instance of the modules whose names is_leaf() accepts (they need not be defined;
 * NULL: of those that are not), in the order of the text, going into all others. Returns 0, or
 * -EINVAL where a module is missing, contains itself or is given a wrong number of nodes. What the
 * leaf points at is valid during the call only, its node numbers and names (in the arena) for good.
 */
int circuit_visit(struct arena *arena, const struct circuit *circuit,
                  bool (*is_leaf)(void *user, const char *module),
                  void (*visit)(void *user, const struct circuit_leaf *leaf), void *user,
                  struct circuit_nodes *nodes);

/* The value of a leaf's or instance's parameter, or NULL. */
const char *circuit_parameter(size_t count, const struct circuit_parameter *parameters,
                              const char *name);

#endif
