/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/device_leaves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool device_is_resistor(const struct device *device, const char *name)
{
    return !strcmp(name, device->chip->resistor);
}

bool device_is_leaf(void *user, const char *module)
{
    const struct device_leaves *c = user;
    return !strcmp(module, "oscillator") || !strcmp(module, "driver") ||
           !strcmp(module, "column") || !strcmp(module, "trim") || !strcmp(module, "lag") ||
           !strcmp(module, "hold") || !strcmp(module, "enable") || !strcmp(module, "capture") ||
           !strcmp(module, "midrail") || !strncmp(module, "coupler_", 8) ||
           device_is_resistor(c->device, module);
}

/* The number in "osc12" or "drv12" at the end of a path, or -1. */
static int number_of(const char *path, const char *prefix)
{
    const char *name = strrchr(path, '.');
    name = name ? name + 1 : path;
    size_t length = strlen(prefix);
    return strncmp(name, prefix, length) ? -1 : atoi(name + length);
}

/* How many of a cell stand in parallel. */
static int parallel_of(const struct circuit_leaf *leaf)
{
    const char *m = circuit_parameter(leaf->parameter_count, leaf->parameters, "m");
    return m ? atoi(m) : 1;
}

static void add_cell(struct device_leaves *c, const struct circuit_leaf *leaf)
{
    struct device *d = c->device;
    /* which of its ports name which lines of the oscillator (what hangs on lines names none, so
     * that it counts as it is wired), and whether it is there only where runs start from held cells
     */
    static const struct {
        const char *module, *prefix;
        size_t ports, port;
        int line; /* -1: none */
        bool for_release;
    } kinds[] = {{"oscillator", "xosc", 6, 0, DEVICE_COLUMN, false},
                 {"column", "xcol", 9, 0, DEVICE_BUS, false},
                 {"driver", "xdrv", 10, DEVICE_LINES, DEVICE_ROW, false},
                 {"enable", "xen", 12, 0, DEVICE_BUS, true},
                 {"hold", "xhold", 7, 0, -1, true},
                 {"capture", "xcap", 7, 0, -1, true},
                 {"trim", "xtrim", 10, 0, -1, true},
                 {"lag", "xlag", 9, 0, -1, true}};
    size_t k = 0;
    while (k < sizeof kinds / sizeof *kinds && strcmp(kinds[k].module, leaf->module) != 0)
        k++;
    bool other = k == sizeof kinds / sizeof *kinds, midrail = !strcmp(leaf->module, "midrail");
    int i = midrail ? DEVICE_SHARED
            : other ? DEVICE_BETWEEN
                    : number_of(leaf->path, kinds[k].prefix);
    if (other ? midrail && leaf->node_count != 3
              : i < 0 || i >= d->chip->n + d->chip->m || leaf->node_count != kinds[k].ports) {
        c->fault = "a cell of the array has a name or ports that oscc does not write";
        return;
    }
    if (midrail || d->released || (!other && !kinds[k].for_release)) {
        ARENA_GROW(d->arena, d->cells, d->cell_count, c->cell_room);
        d->cells[d->cell_count++] = (struct device_cell){
            leaf->path, leaf->module, leaf->nodes, leaf->node_count, parallel_of(leaf), i};
    }
    if (other || kinds[k].line < 0)
        return;
    if (!strcmp(leaf->module, "enable")) {
        ARENA_GROW(d->arena, c->gates, c->gate_count, c->gate_room);
        c->gates[c->gate_count++] = (struct device_gate){i, leaf->nodes};
        return;
    }
    memcpy(d->line + DEVICE_NODES * i + (size_t)kinds[k].line, leaf->nodes + kinds[k].port,
           DEVICE_LINES * sizeof *leaf->nodes);
    d->parallel[i] = parallel_of(leaf);
}

/* The cell's ports si and so are those from `port` on. */
static void add_link(struct device_leaves *c, const struct circuit_leaf *leaf, size_t port,
                     bool is_trim, size_t item)
{
    ARENA_GROW(c->device->arena, c->links, c->link_count, c->link_room);
    c->links[c->link_count++] = (struct device_link){leaf->nodes[port],
                                                     leaf->nodes[port + 1],
                                                     leaf->nodes[port + 2],
                                                     leaf->nodes[port + 3],
                                                     is_trim,
                                                     item};
}

/* A number of um, with or without a "u" behind it, or "{name}" for a .param of the array. */
static double um_of(const struct device *d, const char *text)
{
    const struct circuit *circuit = d->circuit;
    if (text && text[0] == '{')
        text = circuit_parameter(circuit->parameter_count, circuit->parameters,
                                 arena_strndup(d->arena, text + 1, strlen(text) - 2));
    char *end = NULL;
    double um = text ? strtod(text, &end) : NAN;
    return text && end != text && (!*end || !strcmp(end, "u")) ? um : NAN;
}

double device_size_um(const struct device *device, char which, size_t count,
                      const struct circuit_parameter *parameters)
{
    static const char *const widths[] = {"w", "r_width", "c_width", NULL};
    static const char *const lengths[] = {"l", "r_length", "c_length", NULL};
    for (const char *const *name = which == 'w' ? widths : lengths; *name; name++) {
        const char *text = circuit_parameter(count, parameters, *name);
        if (text)
            return um_of(device, text);
    }
    return NAN;
}

double device_conductance(const struct device *d, double um)
{
    return 1 / (um * d->chip->resistor_ohm_per_um * d->setting->resistor);
}

static struct device_path *new_path(struct device_leaves *c)
{
    struct device *d = c->device;
    ARENA_GROW(d->arena, d->paths, d->path_count, c->path_room);
    d->paths[d->path_count] = (struct device_path){0};
    return &d->paths[d->path_count++];
}

static void add_coupler(struct device_leaves *c, const struct circuit_leaf *leaf)
{
    struct device *d = c->device;
    struct device_path common = {.parallel = parallel_of(leaf)};
    if (leaf->node_count < 2 * DEVICE_LINES + 4) {
        c->fault = "a coupler has ports that oscc does not write";
        return;
    }
    add_link(c, leaf, 2 * DEVICE_LINES, false, d->path_count);
    for (int b = 0; b < PDK_COUPLER_BITS; b++) {
        const char *name = arena_printf(d->arena, "{r_%s%d}", leaf->module + strlen("coupler_"), b);
        common.bit_s[b] = parallel_of(leaf) * device_conductance(d, um_of(d, name));
        if (!(common.bit_s[b] > 0 && isfinite(common.bit_s[b])))
            c->fault = "the resistors of a coupler have no length";
    }
    for (size_t l = 0; l < DEVICE_LINES; l++) {
        struct device_path *path = new_path(c);
        *path = common;
        path->line = leaf->nodes[l];
        path->positive = leaf->nodes[DEVICE_LINES + l];
        path->negative = leaf->nodes[DEVICE_LINES + (l ^ 1)];
    }
}

static void add_resistor(struct device_leaves *c, const struct circuit_leaf *leaf)
{
    if (leaf->node_count < 2) {
        c->fault = "a resistor has ports that oscc does not write";
        return;
    }
    struct device_path *path = new_path(c);
    path->is_resistor = true;
    path->line = leaf->nodes[0];
    path->positive = leaf->nodes[1];
    path->bit_s[0] = device_conductance(
        c->device, device_size_um(c->device, 'l', leaf->parameter_count, leaf->parameters));
    if (!(path->bit_s[0] > 0 && isfinite(path->bit_s[0])))
        c->fault = "a dummy or hardwired coupling has no length";
}

static void add_trim(struct device_leaves *c, const struct circuit_leaf *leaf)
{
    struct device *d = c->device;
    struct device_trim trim = {0};
    if (leaf->node_count < DEVICE_LINES + 4) {
        c->fault = "a trim has ports that oscc does not write";
        return;
    }
    add_link(c, leaf, DEVICE_LINES, true, d->trim_count);
    memcpy(trim.lines, leaf->nodes, sizeof trim.lines);
    trim.parallel = parallel_of(leaf);
    ARENA_GROW(d->arena, d->trims, d->trim_count, c->trim_room);
    d->trims[d->trim_count++] = trim;
}

/* The capacitance of a lag cell at this corner's code. */
static double lag_capacitance(const struct device *d)
{
    double um2 = 0;
    for (int bit = -1; bit < PDK_LAG_BITS; bit++) {
        double um = um_of(d, bit < 0 ? "{w_lag}" : arena_printf(d->arena, "{w_lag%d}", bit));
        if (bit < 0 || d->setting->lag_code >> bit & 1)
            um2 += um * um;
    }
    return um2 * d->chip->mim_f_per_um2 * d->setting->capacitor;
}

static void add_lag(struct device_leaves *c, const struct circuit_leaf *leaf)
{
    double farad = lag_capacitance(c->device) * parallel_of(leaf);
    if (leaf->node_count < DEVICE_LINES || !(farad > 0 && isfinite(farad))) {
        c->fault = "a lag cell has ports or capacitors that oscc does not write";
        return;
    }
    ARENA_GROW(c->device->arena, c->lags, c->lag_count, c->lag_room);
    c->lags[c->lag_count].farad = farad;
    memcpy(c->lags[c->lag_count++].lines, leaf->nodes, DEVICE_LINES * sizeof *leaf->nodes);
}

void device_take_leaf(void *user, const struct circuit_leaf *leaf)
{
    struct device_leaves *c = user;
    if (!device_is_resistor(c->device, leaf->module) &&
        !circuit_find(c->device->circuit, leaf->module)) {
        c->fault = "the array uses a cell that cells.spice does not define";
        return;
    }
    if (c->device->whole && !device_is_resistor(c->device, leaf->module))
        add_cell(c, leaf);
    if (!strcmp(leaf->module, "trim"))
        add_trim(c, leaf);
    else if (!strcmp(leaf->module, "lag"))
        add_lag(c, leaf);
    else if (!strncmp(leaf->module, "coupler_", 8))
        add_coupler(c, leaf);
    else if (device_is_resistor(c->device, leaf->module))
        add_resistor(c, leaf);
    else if (!c->device->whole)
        add_cell(c, leaf);
}
