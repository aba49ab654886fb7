/* SPDX-License-Identifier: Apache-2.0
 *
 * From the netlists of a chip to cells, crossbar and trims: what the cells of the array are joined
 * to each other by.
 */
#include <string.h>

#include "compiler/base/fs.h"
#include "spice/device_leaves.h"

/* An enable stands between the bus of the couplers and a column. Its bus lines are the oscillator's
 * then; where runs start from the orbit it is always closed, its switches are resistors of the
 * column, and the column's lines are the bus. */
static void join_gates(struct device_leaves *c)
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

/* Couplers and dummies must end at bus and row lines, which is where the crossbar meets the cells,
 * resistors at mid-rail too. */
static void check_paths(struct device_leaves *c, size_t oscillators)
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

static uint32_t find_node(struct device_leaves *c, const char *name)
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
static void follow_chains(struct device_leaves *c)
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
    struct device_leaves c = {.device = d};
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
        error = circuit_visit(arena, d->circuit, device_is_leaf, device_take_leaf, &c, &d->nodes);
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
