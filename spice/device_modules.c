/* SPDX-License-Identifier: Apache-2.0
 *
 * The cells of a chip in sliced model cards: the PDK's devices in cells.spice become plain
 * elements.
 */
#include <stdlib.h>
#include <string.h>

#include "compiler/base/str.h"
#include "spice/device_part.h"
#include "spice/energy.h"

enum { MOST_REQUESTS = 256, MOST_MODULES = 256 };

struct writer {
    struct device *device;
    struct card_request requests[MOST_REQUESTS];
    size_t request_count;
    const struct circuit_module *modules[MOST_MODULES]; /* those used, callees first */
    size_t module_count;
    const char *fault;
};

/* A number of an instance; {name} stands for a .param of the array. */
static double parameter(const struct writer *w, const struct circuit_instance *instance,
                        const char *name, double otherwise)
{
    const struct circuit *circuit = w->device->circuit;
    const char *text = circuit_parameter(instance->parameter_count, instance->parameters, name);
    if (text && text[0] == '{')
        text = circuit_parameter(circuit->parameter_count, circuit->parameters,
                                 arena_strndup(w->device->arena, text + 1, strlen(text) - 2));
    return text ? strtod(text, NULL) : otherwise;
}

static struct card_request request_of(const struct writer *w,
                                      const struct circuit_instance *instance)
{
    return (struct card_request){instance->module, parameter(w, instance, "w", 0),
                                 parameter(w, instance, "l", 0)};
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
        else
            request_index(w, &module->instances[i]);
    }
    if (w->module_count == MOST_MODULES)
        w->fault = "there are too many cells";
    else
        w->modules[w->module_count++] = module;
}

static void write_instance(struct writer *w, const struct circuit_module *module,
                           const struct circuit_instance *instance, const struct cards *cards,
                           struct str *out)
{
    const char *name = instance->module, *kind = "";
    double times = 1;
    if (!circuit_find(w->device->circuit, instance->module)) {
        const struct card *card = &cards->list[request_index(w, instance)];
        name = card->direct ? card->direct : card->name;
        kind = card->direct ? "m" : "";
        times = parameter(w, instance, "m", 1);
    }
    str_addf(out, "%s%s", kind, instance->name);
    for (size_t n = 0; n < instance->node_count; n++)
        str_addf(out, " %s", module->nodes[instance->nodes[n]]);
    str_addf(out, " %s", name);
    if (times > 1)
        str_addf(out, " m=%g", times);
    str_add(out, "\n");
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
    struct str text = {0};
    for (size_t i = 0; i < w.module_count; i++) {
        const struct circuit_module *module = w.modules[i];
        str_addf(&text, ".subckt %s", module->name);
        for (size_t p = 0; p < module->port_count; p++)
            str_addf(&text, " %s", module->nodes[p]);
        str_add(&text, "\n");
        for (size_t k = 0; k < module->instance_count; k++)
            write_instance(&w, module, &module->instances[k], &cards, &text);
        str_addf(&text, ".ends\n");
    }
    device->models = cards.text;
    device->modules = arena_strdup(device->arena, str_text(&text));
    str_free(&text);
    return true;
}

void device_add_cells(const struct device *device, int only, struct str *out)
{
    str_addf(out, "%s\n%s", device->models, device->modules);
    size_t written = 0;
    for (size_t c = 0; c < device->cell_count; c++) {
        const struct device_cell *cell = &device->cells[c];
        const uint32_t *lines = only < 0 ? NULL : device->line + DEVICE_NODES * only;
        if (lines && cell->nodes[0] != lines[DEVICE_COLUMN] && cell->nodes[0] != lines[DEVICE_BUS])
            continue;
        for (int p = 0; p < cell->parallel; p++) {
            str_addf(out, "xcell%zu", written++);
            for (size_t n = 0; n < cell->node_count; n++)
                str_addf(out, " %s",
                         cell->nodes[n] == device->vdd ? energy_node(energy_block_of(cell->module))
                                                       : device->nodes.names[cell->nodes[n]]);
            str_addf(out, " %s\n", cell->module);
        }
    }
    for (enum energy_block b = 0; b < ENERGY_BLOCKS; b++) {
        const char *node = b == ENERGY_MIDRAIL ? device->nodes.names[device->vcm] : energy_node(b);
        double volts = b == ENERGY_MIDRAIL ? device->chip->mid_v : device->chip->supply_v;
        /* with its voltage at time 0, or the first step would charge all that hangs on it */
        str_addf(out, "%s %s 0 %.15g\n.ic v(%s)=%.15g\n", energy_source(b), node, volts, node,
                 volts);
    }
    str_addf(out, "vground %s 0 0\n", device->nodes.names[device->vss]);
}
