/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/inventory.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *inventory_block_name(enum inventory_block block)
{
    static const char *const names[INVENTORY_BLOCKS] = {
        [INVENTORY_OSCILLATORS] = "oscillators",
        [INVENTORY_DRIVERS] = "drivers",
        [INVENTORY_COUPLERS] = "couplers",
        [INVENTORY_TRIMS] = "trims",
        [INVENTORY_COLUMNS] = "columns",
        [INVENTORY_LAG] = "lag",
        [INVENTORY_HOLDS] = "holds",
        [INVENTORY_ENABLES] = "enables",
        [INVENTORY_CAPTURES] = "captures",
        [INVENTORY_MIDRAIL] = "mid-rail",
        [INVENTORY_DUMMIES] = "dummies",
        [INVENTORY_OTHERS] = "others",
    };
    return names[block];
}

/* The block that everything in a module belongs to; INVENTORY_BLOCKS: its parts say. */
static enum inventory_block block_of(const char *module)
{
    static const struct {
        const char *module;
        enum inventory_block block;
    } known[] = {{"oscillator", INVENTORY_OSCILLATORS},
                 {"driver", INVENTORY_DRIVERS},
                 {"trim", INVENTORY_TRIMS},
                 {"column", INVENTORY_COLUMNS},
                 {"lag", INVENTORY_LAG},
                 {"dummy", INVENTORY_DUMMIES},
                 {"hold", INVENTORY_HOLDS},
                 {"enable", INVENTORY_ENABLES},
                 {"capture", INVENTORY_CAPTURES},
                 {"midrail", INVENTORY_MIDRAIL}};
    if (!strncmp(module, "coupler_", 8))
        return INVENTORY_COUPLERS;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(module, known[i].module))
            return known[i].block;
    return INVENTORY_BLOCKS;
}

/* A PDK's device by the parts that such names have; INVENTORY_KINDS: none. */
static enum inventory_kind kind_of(const char *device)
{
    static const struct {
        const char *part;
        enum inventory_kind kind;
    } known[] = {{"nfet", INVENTORY_TRANSISTORS},   {"pfet", INVENTORY_TRANSISTORS},
                 {"nmos", INVENTORY_TRANSISTORS},   {"pmos", INVENTORY_TRANSISTORS},
                 {"cap_mim", INVENTORY_CAPACITORS}, {"res_", INVENTORY_RESISTORS},
                 {"ppoly", INVENTORY_RESISTORS},    {"npoly", INVENTORY_RESISTORS}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(device, known[i].part))
            return known[i].kind;
    return INVENTORY_KINDS;
}

double inventory_device_area(enum inventory_kind kind, double w_um, double l_um, double gate_um)
{
    const double scale = gate_um / 0.15; /* the rules below are of a gate of 0.15 um */
    switch (kind) {
    case INVENTORY_TRANSISTORS:
        /* endcaps of the gate and its distance to the next one; contacts of source and drain,
         * shared with neighbours; then what sky130_fd_sc_hd's cells have beyond that */
        return 1.5 * (w_um + 0.47 * scale) * (l_um + 0.28 * scale);
    case INVENTORY_RESISTORS: /* distance to the next one; two heads with their contacts */
        return (w_um + 0.48 * scale) * (l_um + 4.32 * scale);
    case INVENTORY_CAPACITORS: /* distance of bottom plates, and their rim */
        return (w_um + 1.48 * scale) * (l_um + 1.48 * scale);
    case INVENTORY_KINDS:
        break;
    }
    return NAN;
}

enum { UNSEEN, OPEN, DONE };

struct counter {
    struct arena *arena;
    const struct circuit *circuit;
    double gate_um;
    struct {
        int state;
        struct inventory inventory;
    } * modules; /* as circuit->modules */
    const char *fault;
};

/* A number of an instance; {name} stands for a .param of the array. NAN where there is none. A
 * length may carry u, as um without one. */
static double parameter(const struct counter *c, const struct circuit_instance *instance,
                        const char *name)
{
    const char *text = circuit_parameter(instance->parameter_count, instance->parameters, name);
    if (text && text[0] == '{')
        text = circuit_parameter(c->circuit->parameter_count, c->circuit->parameters,
                                 arena_strndup(c->arena, text + 1, strlen(text) - 2));
    if (!text)
        return NAN;
    char *end;
    double value = strtod(text, &end);
    return end == text || (*end && strcmp(end, "u") != 0) ? NAN : value;
}

/* The first of several names that the instance has. */
static double any_parameter(const struct counter *c, const struct circuit_instance *instance,
                            const char *const *names)
{
    double value = NAN;
    for (; *names && isnan(value); names++)
        value = parameter(c, instance, *names);
    return value;
}

/* "..._0p35": the width in the name of a device that has only one. */
static double width_in_name(const char *device)
{
    const char *tail = strrchr(device, '_');
    char *end;
    double whole = tail ? strtod(tail + 1, &end) : NAN;
    if (isnan(whole) || end == tail + 1 || *end != 'p')
        return NAN;
    const char *digits = end + 1;
    double part = strtod(digits, &end);
    return *end ? NAN : whole + part * pow(10, -(double)(end - digits));
}

static uint64_t multiplicity(const struct counter *c, const struct circuit_instance *instance)
{
    static const char *const names[] = {"m", "mult", NULL}; /* both say the same */
    double times = any_parameter(c, instance, names);
    return times >= 1 && times < 1e9 ? (uint64_t)times : 1;
}

static void add_device(struct counter *c, const struct circuit_instance *instance,
                       struct inventory *sum)
{
    static const char *const widths[] = {"w", "c_width", "r_width", NULL};
    static const char *const lengths[] = {"l", "c_length", "r_length", NULL};
    enum inventory_kind kind = kind_of(instance->module);
    double w = any_parameter(c, instance, widths), l = any_parameter(c, instance, lengths);
    if (isnan(w))
        w = width_in_name(instance->module);
    if (kind == INVENTORY_KINDS) {
        c->fault = arena_printf(c->arena, "'%s' is neither a module nor a device that is known",
                                instance->module);
    } else if (!(w > 0 && l > 0 && isfinite(w * l))) {
        c->fault =
            arena_printf(c->arena, "'%s' (%s) has no size", instance->name, instance->module);
    } else {
        bool dummy = kind == INVENTORY_RESISTORS && !strncmp(instance->name, "xdum", 4);
        bool hardwired = kind == INVENTORY_RESISTORS && !strncmp(instance->name, "xk", 2);
        enum inventory_block block = dummy       ? INVENTORY_DUMMIES
                                     : hardwired ? INVENTORY_COUPLERS
                                                 : INVENTORY_OTHERS;
        uint64_t times = multiplicity(c, instance);
        sum->count[block][kind] += times;
        sum->area_um2[block][kind] += (double)times * inventory_device_area(kind, w, l, c->gate_um);
    }
}

static void add_times(struct inventory *sum, const struct inventory *part, uint64_t times)
{
    for (size_t b = 0; b < INVENTORY_BLOCKS; b++) {
        for (size_t k = 0; k < INVENTORY_KINDS; k++) {
            sum->count[b][k] += times * part->count[b][k];
            sum->area_um2[b][k] += (double)times * part->area_um2[b][k];
        }
    }
}

/* All blocks' devices become those of one. */
static void gather(struct inventory *inventory, enum inventory_block block)
{
    struct inventory whole = {0};
    for (size_t b = 0; b < INVENTORY_BLOCKS; b++) {
        for (size_t k = 0; k < INVENTORY_KINDS; k++) {
            whole.count[block][k] += inventory->count[b][k];
            whole.area_um2[block][k] += inventory->area_um2[b][k];
        }
    }
    *inventory = whole;
}

static void count_module(struct counter *c, const struct circuit_module *module,
                         struct inventory *sum)
{
    if (module->own_elements)
        c->fault = arena_printf(c->arena, "'%s' holds an element that is no device of the process",
                                module->name);
    for (size_t i = 0; i < module->instance_count && !c->fault; i++) {
        const struct circuit_instance *instance = &module->instances[i];
        const struct circuit_module *inner = circuit_find(c->circuit, instance->module);
        if (!inner) {
            add_device(c, instance, sum);
            continue;
        }
        size_t at = inner->index;
        if (c->modules[at].state == OPEN)
            c->fault = arena_printf(c->arena, "'%s' contains itself", inner->name);
        if (c->modules[at].state == UNSEEN) {
            c->modules[at].state = OPEN;
            count_module(c, inner, &c->modules[at].inventory);
            c->modules[at].state = DONE;
        }
        add_times(sum, &c->modules[at].inventory, multiplicity(c, instance));
    }
    enum inventory_block block = block_of(module->name);
    if (block != INVENTORY_BLOCKS)
        gather(sum, block);
}

int inventory_count(struct arena *arena, const struct circuit *circuit, double gate_um,
                    struct inventory *inventory, const char **fault)
{
    struct counter c = {.arena = arena, .circuit = circuit, .gate_um = gate_um};
    c.modules = arena_alloc(arena, circuit->module_count, sizeof *c.modules);
    *inventory = (struct inventory){0};
    count_module(&c, circuit->top, inventory);
    *fault = c.fault;
    return c.fault ? -EINVAL : 0;
}

uint64_t inventory_transistors(const struct inventory *inventory)
{
    uint64_t sum = 0;
    for (size_t b = 0; b < INVENTORY_BLOCKS; b++)
        sum += inventory->count[b][INVENTORY_TRANSISTORS];
    return sum;
}

double inventory_area_um2(const struct inventory *inventory)
{
    double sum = 0;
    for (size_t b = 0; b < INVENTORY_BLOCKS; b++)
        for (size_t k = 0; k < INVENTORY_KINDS; k++)
            sum += inventory->area_um2[b][k];
    return sum;
}
