/* SPDX-License-Identifier: Apache-2.0
 *
 * From the netlists of a chip to cells, crossbar and trims.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "spice/device_chain.h"
#include "spice/device_part.h"

/* A cell `enable`. */
struct gate {
    int oscillator;
    const uint32_t *nodes;
};

/* What the visit of the flattened array fills. */
struct collector {
    struct device *device;
    size_t cell_room, path_room, trim_room;
    struct {
        uint32_t lines[DEVICE_LINES];
        double farad;
    } * lags;
    size_t lag_count, lag_room;
    struct gate *gates;
    size_t gate_count, gate_room;
    struct device_link *links; /* an item is a trim, or the first of a coupler's paths */
    size_t link_count, link_room;
    const char *fault; /* the first thing that is not as oscc writes it */
};

bool device_is_resistor(const struct device *device, const char *name)
{
    return !strcmp(name, device->chip->resistor);
}

static bool is_leaf(void *user, const char *module)
{
    const struct collector *c = user;
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

static void add_cell(struct collector *c, const struct circuit_leaf *leaf)
{
    struct device *d = c->device;
    /* which of its ports name which lines of the oscillator, and whether it is there only where
     * runs start from held cells */
    static const struct {
        const char *module, *prefix;
        size_t ports, port;
        int line; /* -1: none */
        bool for_release;
    } kinds[] = {{"oscillator", "xosc", 6, 0, DEVICE_COLUMN, false},
                 {"column", "xcol", 9, 0, DEVICE_BUS, false},
                 {"driver", "xdrv", 10, DEVICE_LINES, DEVICE_ROW, false},
                 {"enable", "xen", 12, 0, DEVICE_BUS, true},
                 {"hold", "xhold", 7, 0, DEVICE_COLUMN, true},
                 {"capture", "xcap", 7, 0, DEVICE_COLUMN, true},
                 {"trim", "xtrim", 10, 0, DEVICE_COLUMN, true},
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
        c->gates[c->gate_count++] = (struct gate){i, leaf->nodes};
        return;
    }
    memcpy(d->line + DEVICE_NODES * i + (size_t)kinds[k].line, leaf->nodes + kinds[k].port,
           DEVICE_LINES * sizeof *leaf->nodes);
    d->parallel[i] = parallel_of(leaf);
}

/* An enable stands between the bus of the couplers and a column. Its bus lines are the oscillator's
 * then; where runs start from the orbit it is always closed, its switches are resistors of the
 * column, and the column's lines are the bus. */
static void join_gates(struct collector *c)
{
    struct device *d = c->device;
    uint32_t *bus = ARENA_ARRAY(d->arena, uint32_t, d->nodes.count); /* of a column's lines */
    for (size_t g = 0; g < c->gate_count; g++) {
        uint32_t *line = d->line + DEVICE_NODES * c->gates[g].oscillator + DEVICE_BUS;
        const uint32_t *nodes = c->gates[g].nodes;
        if (memcmp(line, nodes + DEVICE_LINES, DEVICE_LINES * sizeof *line) != 0)
            c->fault = "an enable and its column are not on the same lines";
        memcpy(line, nodes, DEVICE_LINES * sizeof *line);
        for (size_t l = 0; l < DEVICE_LINES; l++)
            bus[nodes[DEVICE_LINES + l]] = nodes[l];
        for (size_t l = 0; l < DEVICE_LINES && !d->released; l++)
            d->lag_f[nodes[l]] += d->chip->enable_f * d->parallel[c->gates[g].oscillator];
    }
    for (size_t k = 0; k < d->cell_count && c->gate_count && !d->released; k++) {
        struct device_cell *cell = &d->cells[k];
        if (strcmp(cell->module, "column") != 0)
            continue;
        uint32_t *nodes = ARENA_ARRAY(d->arena, uint32_t, cell->node_count);
        memcpy(nodes, cell->nodes, cell->node_count * sizeof *nodes);
        for (size_t l = 0; l < DEVICE_LINES; l++)
            nodes[l] = bus[nodes[l]] ? bus[nodes[l]] : nodes[l];
        cell->nodes = nodes;
    }
    if (c->gate_count && c->gate_count != (size_t)d->chip->n + (size_t)d->chip->m)
        c->fault = "an enable is missing";
    if ((c->gate_count == 0) != !(d->chip->enable_ohm > 0))
        c->fault = "chip.json and the array do not agree whether there are enables";
}

/* The cell's ports si and so are those from `port` on. */
static void add_link(struct collector *c, const struct circuit_leaf *leaf, size_t port,
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

static struct device_path *new_path(struct collector *c)
{
    struct device *d = c->device;
    ARENA_GROW(d->arena, d->paths, d->path_count, c->path_room);
    d->paths[d->path_count] = (struct device_path){0};
    return &d->paths[d->path_count++];
}

static void add_coupler(struct collector *c, const struct circuit_leaf *leaf)
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

static void add_resistor(struct collector *c, const struct circuit_leaf *leaf)
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

static void add_trim(struct collector *c, const struct circuit_leaf *leaf)
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

static void add_lag(struct collector *c, const struct circuit_leaf *leaf)
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

static void visit(void *user, const struct circuit_leaf *leaf)
{
    struct collector *c = user;
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

/* Couplers and dummies must end at bus and row lines, which is where the crossbar meets the cells,
 * resistors at mid-rail too. */
static void check_paths(struct collector *c, size_t oscillators)
{
    struct device *d = c->device;
    bool *boundary = ARENA_ARRAY(d->arena, bool, d->nodes.count);
    for (size_t k = 0; k < DEVICE_NODES * oscillators; k++)
        boundary[d->line[k]] = k % DEVICE_NODES >= DEVICE_BUS;
    for (size_t p = 0; p < d->path_count; p++) {
        const struct device_path *path = &d->paths[p];
        bool good = boundary[path->line] && path->line != path->positive;
        if (path->is_resistor)
            good = good && (boundary[path->positive] || path->positive == d->vcm);
        else
            good = good && boundary[path->positive] && boundary[path->negative];
        if (!good)
            c->fault = "a coupler or dummy ends at a node that is no bus or row line";
    }
}

static uint32_t find_node(struct collector *c, const char *name)
{
    struct circuit_nodes *nodes = &c->device->nodes;
    for (uint32_t i = 0; i < nodes->count; i++)
        if (!strcmp(nodes->names[i], name))
            return i;
    c->fault = "top.spice lacks a supply or an end of a chain";
    return 0;
}

/* Gives the four paths of a coupler their word. */
static void set_word(struct device_path *path, size_t word, bool is_drive)
{
    for (size_t l = 0; l < DEVICE_LINES; l++) {
        path[l].word = word;
        path[l].is_drive = is_drive;
    }
}

/* Words of trims and couplers, from their places in the chains (netlist/memory.h). */
static void follow_chains(struct collector *c)
{
    struct device *d = c->device;
    const struct under_test *chip = d->chip;
    size_t drives = under_test_chain_drives(chip);
    size_t words = chip->trim.count + under_test_chain_couplings(chip);
    size_t *order = ARENA_ARRAY(d->arena, size_t, words + drives);
    uint32_t si = find_node(c, "si"), so = find_node(c, "so");
    uint32_t di = find_node(c, "di"), dout = find_node(c, "do");
    if (c->link_count != words + drives)
        c->fault = "there are not as many trims and couplers as words for them";
    if (!c->fault)
        c->fault = device_follow_chain(d->arena, c->links, c->link_count, d->nodes.count, si, so,
                                       words, order);
    if (!c->fault)
        c->fault = device_follow_chain(d->arena, c->links, c->link_count, d->nodes.count, di, dout,
                                       drives, order + words);
    for (size_t k = 0; k < words + drives && !c->fault; k++) {
        const struct device_link *link = &c->links[order[k]];
        const struct under_test_section *section = &chip->trim;
        size_t at = k;
        if (k >= chip->trim.count)
            section = &chip->coupling, at = k - chip->trim.count;
        if (section == &chip->coupling && at >= chip->coupling.count)
            section = &chip->cond, at -= chip->coupling.count;
        if (link->is_trim != (section == &chip->trim))
            c->fault = "a trim stands in a chain where a coupler belongs, or the reverse";
        else if (link->is_trim)
            d->trims[link->item].word = section->base + at;
        else
            set_word(d->paths + link->item, k < words ? section->base + at : k - words, k >= words);
    }
}

static struct device *open_at(struct arena *arena, const struct under_test *chip,
                              const char *pdk_root, const char *set, const char *corner,
                              bool released, bool whole, struct diags *diags)
{
    struct device *d = ARENA_NEW(arena, struct device);
    struct collector c = {.device = d};
    size_t oscillators = (size_t)chip->n + (size_t)chip->m;
    const char *top = fs_join(arena, chip->folder, "spice/top.spice"), *unread;
    int error;
    d->arena = arena;
    d->chip = chip;
    d->set = set;
    d->corner = corner;
    d->released = released;
    d->whole = whole;
    for (size_t i = 0; i < chip->corner_count; i++)
        if (!strcmp(chip->corners[i].name, corner))
            d->setting = &chip->corners[i];
    if (!d->setting) {
        diag_error(diags, DIAG_USAGE, SPAN_NONE, "the chip has no setting for the corner '%s'",
                   corner);
        return NULL;
    }
    d->line = ARENA_ARRAY(arena, uint32_t, DEVICE_NODES * oscillators);
    d->parallel = ARENA_ARRAY(arena, int, oscillators);
    d->circuit = circuit_read(arena, top, &error, &unread);
    if (!error)
        error = circuit_visit(arena, d->circuit, is_leaf, visit, &c, &d->nodes);
    if (error) {
        diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE, "cannot read '%s': %s",
                   unread ? unread : top, strerror(-error));
        diag_help(diags, "a cell may be missing or have other ports; compile the model again");
        return NULL;
    }
    d->lag_f = ARENA_ARRAY(arena, double, d->nodes.count);
    for (size_t i = 0; i < c.lag_count && !d->whole; i++)
        for (size_t l = 0; l < DEVICE_LINES; l++)
            d->lag_f[c.lags[i].lines[l]] += c.lags[i].farad;
    d->vcm = find_node(&c, "vcm");
    d->vdd = find_node(&c, "vdd");
    d->vss = find_node(&c, "vss");
    for (size_t i = 0; i < oscillators && !c.fault; i++)
        for (size_t l = 0; l < DEVICE_NODES; l++)
            if (!d->line[DEVICE_NODES * i + l])
                c.fault = "an oscillator, its column or its driver is missing";
    if (!c.fault)
        join_gates(&c);
    if (!c.fault)
        check_paths(&c, oscillators);
    if (!c.fault)
        follow_chains(&c);
    if (c.fault) {
        diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE, "'%s': %s", top, c.fault);
        diag_help(diags, "compile the model again");
        return NULL;
    }
    return device_write_modules(d, pdk_root, diags) ? d : NULL;
}

struct device *device_open(struct arena *arena, const struct under_test *chip, const char *pdk_root,
                           const char *set, const char *corner, struct diags *diags)
{
    return open_at(arena, chip, pdk_root, set, corner, false, false, diags);
}

static bool has_start(const struct under_test *chip, struct diags *diags)
{
    if (!(chip->enable_ohm > 0))
        diag_error(diags, DIAG_USAGE, SPAN_NONE,
                   "the array has no cells that hold and release its oscillators");
    return chip->enable_ohm > 0;
}

struct device *device_open_released(struct arena *arena, const struct under_test *chip,
                                    const char *pdk_root, const char *set, const char *corner,
                                    struct diags *diags)
{
    if (has_start(chip, diags))
        return open_at(arena, chip, pdk_root, set, corner, true, false, diags);
    return NULL;
}

struct device *device_open_whole(struct arena *arena, const struct under_test *chip,
                                 const char *pdk_root, const char *set, const char *corner,
                                 struct diags *diags)
{
    if (has_start(chip, diags))
        return open_at(arena, chip, pdk_root, set, corner, true, true, diags);
    return NULL;
}
