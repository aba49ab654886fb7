/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/gates.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct builder {
    struct arena *arena;
    const struct liberty *liberty;
    struct diags *diags;
    const char *path;
    json_t *modules;
    struct gates *gates;
    struct gates_block *blocks;
    struct gates_cell *cells;
    struct gates_name *names;
    size_t *joined; /* union of nets: the next, or itself */
    size_t block_room, cell_room, name_room, net_room;
};

static size_t root(const struct builder *b, size_t net)
{
    while (b->joined[net] != net)
        net = b->joined[net] = b->joined[b->joined[net]];
    return net;
}

static size_t new_net(struct builder *b)
{
    ARENA_GROW(b->arena, b->joined, b->gates->net_count, b->net_room);
    b->joined[b->gates->net_count] = b->gates->net_count;
    return b->gates->net_count++;
}

static void wrong(struct builder *b, const char *what, const char *name)
{
    diag_error(b->diags, DIAG_TOOL, SPAN_NONE, "the netlist '%s' is not as expected: %s '%s'",
               b->path, what, name);
}

/* Number of a module's bit among all nets; nets[] is that module's. */
struct scope {
    size_t *nets, count;
};

static size_t net_of(struct builder *b, struct scope *scope, const json_t *bit)
{
    if (!json_is_integer(bit))
        return GATES_CONSTANT;
    size_t index = (size_t)json_integer_value(bit);
    if (index >= scope->count)
        return GATES_CONSTANT;
    if (!scope->nets[index])
        scope->nets[index] = new_net(b);
    return scope->nets[index];
}

/* Bits of a module are numbered from 2 up. */
static size_t most_bits(const json_t *module)
{
    size_t most = 2;
    const char *name;
    json_t *net;
    json_object_foreach(json_object_get(module, "netnames"), name, net)
    {
        json_t *bits = json_object_get(net, "bits");
        for (size_t i = 0; i < json_array_size(bits); i++) {
            const json_t *bit = json_array_get(bits, i);
            if (json_is_integer(bit) && (size_t)json_integer_value(bit) >= most)
                most = (size_t)json_integer_value(bit) + 1;
        }
    }
    return most;
}

static size_t parameter(const json_t *cell, const char *name)
{
    const char *text =
        json_string_value(json_object_get(json_object_get(cell, "parameters"), name));
    return text ? strtoul(text, NULL, 2) : 0;
}

static void add_cell(struct builder *b, const char *name, const json_t *json, size_t block,
                     struct scope *scope)
{
    const char *type = json_string_value(json_object_get(json, "type")), *pin;
    json_t *connections = json_object_get(json, "connections"), *bits;
    struct gates_cell cell = {.name = arena_strdup(b->arena, name),
                              .cell = liberty_find(b->liberty, type ? type : ""),
                              .block = block};
    if (!cell.cell) {
        cell.width = parameter(json, "WIDTH");
        cell.depth = parameter(json, "DEPTH");
        if (!type || strcmp(type, "ram") != 0 || !cell.width || !cell.depth) {
            wrong(b, "no library cell and no memory is", type ? type : name);
            return;
        }
    }
    size_t room = 0;
    struct gates_pin *pins = NULL;
    json_object_foreach(connections, pin, bits)
    {
        for (size_t i = 0; i < json_array_size(bits); i++) {
            ARENA_GROW(b->arena, pins, cell.pin_count, room);
            pins[cell.pin_count++] = (struct gates_pin){arena_strdup(b->arena, pin),
                                                        net_of(b, scope, json_array_get(bits, i))};
        }
    }
    cell.pins = pins;
    ARENA_GROW(b->arena, b->cells, b->gates->cell_count, b->cell_room);
    b->cells[b->gates->cell_count++] = cell;
}

static void add_names(struct builder *b, const json_t *module, const char *prefix,
                      struct scope *scope)
{
    const char *name;
    json_t *net;
    json_object_foreach(json_object_get(module, "netnames"), name, net)
    {
        json_t *bits = json_object_get(net, "bits");
        const char *whole = arena_printf(b->arena, "%s%s", prefix, name);
        for (size_t i = 0; i < json_array_size(bits); i++) {
            size_t number = net_of(b, scope, json_array_get(bits, i));
            if (number == GATES_CONSTANT)
                continue;
            ARENA_GROW(b->arena, b->names, b->gates->name_count, b->name_room);
            b->names[b->gates->name_count++] = (struct gates_name){whole, i, number};
        }
    }
}

static void add_module(struct builder *b, const json_t *module, const char *name,
                       const char *instance, struct scope *scope, bool top);

static void add_block(struct builder *b, const char *instance, const json_t *cell,
                      struct scope *outer)
{
    const char *type = json_string_value(json_object_get(cell, "type")), *port;
    const json_t *module = json_object_get(b->modules, type);
    struct scope scope = {.count = most_bits(module)};
    scope.nets = ARENA_ARRAY(b->arena, size_t, scope.count);
    json_t *connections = json_object_get(cell, "connections"), *bits;
    json_t *ports = json_object_get(module, "ports");
    json_object_foreach(connections, port, bits)
    {
        json_t *inner = json_object_get(json_object_get(ports, port), "bits");
        for (size_t i = 0; i < json_array_size(bits) && i < json_array_size(inner); i++) {
            size_t outside = net_of(b, outer, json_array_get(bits, i));
            size_t inside = net_of(b, &scope, json_array_get(inner, i));
            if (outside != GATES_CONSTANT && inside != GATES_CONSTANT)
                b->joined[root(b, inside)] = root(b, outside);
        }
    }
    add_module(b, module, type, instance, &scope, false);
}

static void add_module(struct builder *b, const json_t *module, const char *name,
                       const char *instance, struct scope *scope, bool top)
{
    size_t block = b->gates->block_count;
    ARENA_GROW(b->arena, b->blocks, block, b->block_room);
    b->blocks[b->gates->block_count++] =
        (struct gates_block){arena_strdup(b->arena, name), arena_strdup(b->arena, instance)};
    add_names(b, module, top ? "" : arena_printf(b->arena, "%s.", instance), scope);
    const char *cell_name;
    json_t *cell;
    json_object_foreach(json_object_get(module, "cells"), cell_name, cell)
    {
        const char *type = json_string_value(json_object_get(cell, "type"));
        const json_t *inner = type ? json_object_get(b->modules, type) : NULL;
        bool black = json_object_get(json_object_get(inner, "attributes"), "blackbox") != NULL;
        if (top && inner && !black)
            add_block(b, cell_name, cell, scope);
        else
            add_cell(b, cell_name, cell, block, scope);
    }
}

const struct gates *gates_read(struct arena *arena, const char *path, const char *top,
                               const struct liberty *liberty, struct diags *diags)
{
    size_t errors = diags->errors;
    json_error_t error;
    json_t *json = json_load_file(path, 0, &error);
    struct builder b = {.arena = arena,
                        .liberty = liberty,
                        .diags = diags,
                        .path = path,
                        .modules = json_object_get(json, "modules"),
                        .gates = ARENA_NEW(arena, struct gates)};
    const json_t *module = json_object_get(b.modules, top);
    if (!module) {
        wrong(&b, json ? "it has no module" : error.text, top);
        json_decref(json);
        return NULL;
    }
    new_net(&b); /* the constant */
    struct scope scope = {.count = most_bits(module)};
    scope.nets = ARENA_ARRAY(arena, size_t, scope.count);
    add_module(&b, module, top, top, &scope, true);
    for (size_t c = 0; c < b.gates->cell_count; c++)
        for (size_t p = 0; p < b.cells[c].pin_count; p++) {
            size_t *net = (size_t *)&b.cells[c].pins[p].net;
            *net = root(&b, *net);
        }
    for (size_t i = 0; i < b.gates->name_count; i++)
        b.names[i].net = root(&b, b.names[i].net);
    b.gates->blocks = b.blocks;
    b.gates->cells = b.cells;
    b.gates->names = b.names;
    json_decref(json);
    return diags->errors == errors ? b.gates : NULL;
}

size_t gates_memories(const struct gates *gates)
{
    size_t count = 0;
    for (size_t c = 0; c < gates->cell_count; c++)
        count += !gates->cells[c].cell;
    return count;
}

double gates_area_um2(const struct gates *gates, size_t block)
{
    double area = 0;
    for (size_t c = 0; c < gates->cell_count; c++)
        if (gates->cells[c].block == block && gates->cells[c].cell)
            area += gates->cells[c].cell->area_um2;
    return area;
}

size_t gates_cells_of(const struct gates *gates, size_t block)
{
    size_t count = 0;
    for (size_t c = 0; c < gates->cell_count; c++)
        count += gates->cells[c].block == block && gates->cells[c].cell;
    return count;
}
