/* SPDX-License-Identifier: Apache-2.0
 *
 * The cells of a chip in sliced model cards: the PDK's devices in cells.spice become plain
 * elements.
 */
#include <stdlib.h>
#include <string.h>

#include "compiler/base/str.h"
#include "spice/device_part.h"

enum { MOST_REQUESTS = 256, MOST_MODULES = 256 };

struct writer {
    struct device *device;
    struct card_request requests[MOST_REQUESTS];
    size_t request_count;
    const struct circuit_module *modules[MOST_MODULES]; /* those used, callees first */
    size_t module_count;
    const char *fault;
};

/* 0 where the device has no such size to choose. */
static double size_um(const struct writer *w, const struct circuit_instance *instance, char which)
{
    double um = device_size_um(w->device, which, instance->parameter_count, instance->parameters);
    return um > 0 ? um : 0;
}

static struct card_request request_of(const struct writer *w,
                                      const struct circuit_instance *instance)
{
    return (struct card_request){instance->module, size_um(w, instance, 'w'),
                                 size_um(w, instance, 'l')};
}

/* The index of a device and size among the requests, which is added when it is new. */
static size_t request_index(struct writer *w, const struct circuit_instance *instance)
{
    struct card_request wanted = request_of(w, instance);
    for (size_t i = 0; i < w->request_count; i++)
        if (!strcmp(w->requests[i].device, wanted.device) &&
            !(w->requests[i].w_um < wanted.w_um || w->requests[i].w_um > wanted.w_um) &&
            !(w->requests[i].l_um < wanted.l_um || w->requests[i].l_um > wanted.l_um))
            return i;
    if (w->request_count == MOST_REQUESTS) {
        w->fault = "the cells use too many sizes of devices";
        return 0;
    }
    w->requests[w->request_count] = wanted;
    return w->request_count++;
}

static double resistor_conductance(const struct writer *w, const struct circuit_instance *instance)
{
    return device_conductance(w->device, size_um(w, instance, 'l'));
}

static void gather(struct writer *w, const struct circuit_module *module)
{
    for (size_t i = 0; i < w->module_count; i++)
        if (w->modules[i] == module)
            return;
    if (module->own_elements)
        w->fault = "a cell holds an element that is no device of the process";
    for (size_t i = 0; i < module->instance_count && !w->fault; i++) {
        const struct circuit_module *inner =
            circuit_find(w->device->circuit, module->instances[i].module);
        if (inner)
            gather(w, inner);
        else if (!device_is_resistor(w->device, module->instances[i].module))
            request_index(w, &module->instances[i]);
        else if (!(resistor_conductance(w, &module->instances[i]) > 0))
            w->fault = "a resistor of a cell has no length";
    }
    if (w->module_count == MOST_MODULES)
        w->fault = "there are too many cells";
    else
        w->modules[w->module_count++] = module;
}

/* The name of a module for so many cells in parallel. */
static const char *module_name(struct arena *arena, const char *module, int parallel)
{
    return parallel > 1 ? arena_printf(arena, "%s_by%d", module, parallel) : module;
}

static void write_nodes(const char *kind, const char *name, const struct circuit_module *module,
                        const struct circuit_instance *instance, struct str *out)
{
    str_addf(out, "%s%s", kind, name);
    for (size_t n = 0; n < instance->node_count; n++)
        str_addf(out, " %s", module->nodes[instance->nodes[n]]);
}

/* A device of the process. Transistors stand in the deck directly, without the resistors in their
 * bodies: these cost three nodes each, half the time of a run, and move phases by 0.0001 rad
 * (docs/engine.md). */
static void write_device(struct writer *w, const struct circuit_module *module,
                         const struct circuit_instance *instance, const struct cards *cards,
                         int parallel, struct str *out)
{
    const char *m = circuit_parameter(instance->parameter_count, instance->parameters, "m");
    double times = parallel * (m ? strtod(m, NULL) : 1);
    if (device_is_resistor(w->device, instance->module)) {
        double siemens = times * resistor_conductance(w, instance);
        if (!w->device->released && !strcmp(module->name, "column"))
            siemens /= 1 + siemens * w->device->chip->enable_ohm / times; /* closed */
        str_addf(out, "r%s %s %s ", instance->name, module->nodes[instance->nodes[0]],
                 module->nodes[instance->nodes[1]]);
        str_add_number(out, 1 / siemens);
        str_add(out, "\n");
        return;
    }
    const struct card *card = &cards->list[request_index(w, instance)];
    if (card->direct) {
        write_nodes("m", instance->name, module, instance, out);
        str_addf(out, " %s%s", card->direct, card->body_network ? " rbodymod=0" : "");
        if (times > 1)
            str_addf(out, " m=%g", times);
        str_add(out, "\n");
        return;
    }
    for (int copy = 0; copy < times; copy++) {
        const char *name = arena_printf(w->device->arena, "%s_%d", instance->name, copy);
        write_nodes("", name, module, instance, out);
        str_addf(out, " %s\n", card->name);
    }
}

static void write_module(struct writer *w, const struct circuit_module *module,
                         const struct cards *cards, int parallel, struct str *out)
{
    struct arena *arena = w->device->arena;
    str_addf(out, ".subckt %s", module_name(arena, module->name, parallel));
    for (size_t p = 0; p < module->port_count; p++)
        str_addf(out, " %s", module->nodes[p]);
    str_add(out, "\n");
    for (size_t k = 0; k < module->instance_count; k++) {
        const struct circuit_instance *instance = &module->instances[k];
        if (!circuit_find(w->device->circuit, instance->module)) {
            write_device(w, module, instance, cards, parallel, out);
            continue;
        }
        write_nodes("", instance->name, module, instance, out);
        str_addf(out, " %s\n", module_name(arena, instance->module, parallel));
    }
    str_add(out, ".ends\n");
}

/* Whether cells before this one have its number in parallel. */
static bool is_repeated(const struct device *d, size_t cell)
{
    size_t i = 0;
    while (d->cells[i].parallel != d->cells[cell].parallel)
        i++;
    return i < cell;
}

bool device_write_modules(struct device *device, const char *pdk_root, struct diags *diags)
{
    struct writer w = {.device = device};
    for (size_t i = 0; i < device->cell_count && !w.fault; i++) {
        const struct circuit_module *module =
            circuit_find(device->circuit, device->cells[i].module);
        if (module)
            gather(&w, module);
        else
            w.fault = "cells.spice lacks a cell of the array";
    }
    if (w.fault) {
        diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE, "'%s/spice/cells.spice': %s",
                   device->chip->folder, w.fault);
        return false;
    }
    struct cards_library library;
    struct cards cards;
    if (!cards_library(device->arena, pdk_root, device->chip->process, device->set, device->corner,
                       &library, diags) ||
        !cards_slice(device->arena, &library, w.requests, w.request_count,
                     cards_cache_folder(device->arena), &cards, diags))
        return false;
    device->set = library.set;
    struct str text = {0};
    for (size_t c = 0; c < device->cell_count; c++)
        for (size_t i = 0; i < w.module_count && !is_repeated(device, c); i++)
            write_module(&w, w.modules[i], &cards, device->cells[c].parallel, &text);
    device->models = cards.text;
    device->modules = arena_strdup(device->arena, str_text(&text));
    str_free(&text);
    return true;
}

enum energy_block device_sources(const struct device *device)
{
    return device->released ? ENERGY_BLOCKS : ENERGY_SOURCES;
}

void device_add_cells(const struct device *device, int only, struct str *out)
{
    str_addf(out, "%s\n%s", device->models, device->modules);
    size_t written = 0;
    for (size_t c = 0; c < device->cell_count; c++) {
        const struct device_cell *cell = &device->cells[c];
        if (only >= 0 && cell->oscillator != only && cell->oscillator != DEVICE_SHARED)
            continue;
        str_addf(out, "xcell%zu", written++);
        for (size_t n = 0; n < cell->node_count; n++)
            str_addf(out, " %s",
                     cell->nodes[n] == device->vdd ? energy_node(energy_block_of(cell->module))
                                                   : device->nodes.names[cell->nodes[n]]);
        str_addf(out, " %s\n", module_name(device->arena, cell->module, cell->parallel));
    }
    for (enum energy_block b = 0; b < device_sources(device); b++) {
        bool hold = b == ENERGY_HOLD;
        const char *node = hold ? device->nodes.names[device->vcm] : energy_node(b);
        double volts = hold ? device->chip->mid_v : device->chip->supply_v;
        /* with its voltage at time 0, or the first step would charge all that hangs on it */
        str_addf(out, "%s %s 0 %.15g\n.ic v(%s)=%.15g\n", energy_source(b), node, volts, node,
                 volts);
    }
    str_addf(out, "vground %s 0 0\n", device->nodes.names[device->vss]);
}
