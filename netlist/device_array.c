/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "compiler/map/device_corners.h"
#include "compiler/map/tiles.h"
#include "netlist/array.h"
#include "netlist/device_hardwired.h"
#include "netlist/device_tiles.h"

enum { LINES = DEVICE_LINES_EACH, RAILS = 16, MOST_NODES = 2 * LINES + 6, CELLS_PER_MIDRAIL = 16 };

static const char *const line_names[LINES] = {"xp", "xn", "yp", "yn"};
static const char *const rails[RAILS] = {"si",   "so",   "ck",   "ckb",  "di", "do",  "dk",  "dkb",
                                         "lag3", "lag2", "lag1", "lag0", "en", "vcm", "vdd", "vss"};

static void name_lines(struct device_builder *b)
{
    size_t oscillators = (size_t)b->chip->n + (size_t)b->chip->m;
    /* ports: rails, columns, and of each oscillator its hold and its captured phase */
    b->column = ARENA_ARRAY(b->arena, const char *, RAILS + (LINES + 2) * oscillators);
    bool gated = b->chip->pdk->device->enable_ohm > 0;
    b->bus = ARENA_ARRAY(b->arena, const char *, LINES *oscillators);
    b->row = ARENA_ARRAY(b->arena, const char *, LINES *oscillators);
    b->gated = gated ? ARENA_ARRAY(b->arena, const char *, LINES *oscillators) : b->bus;
    memcpy(b->column, rails, sizeof rails);
    b->column += RAILS;
    for (size_t i = 0; i < oscillators; i++) {
        for (size_t l = 0; l < LINES; l++) {
            b->column[LINES * i + l] =
                arena_printf(b->arena, "%c%zu%c", line_names[l][0], i, line_names[l][1]);
            b->bus[LINES * i + l] = arena_printf(b->arena, "b%zu%s", i, line_names[l]);
            b->row[LINES * i + l] = arena_printf(b->arena, "r%zu%s", i, line_names[l]);
            if (gated)
                b->gated[LINES * i + l] = arena_printf(b->arena, "k%zu%s", i, line_names[l]);
        }
        b->column[LINES * oscillators + i] = arena_printf(b->arena, "h%zu", i);
        b->column[(LINES + 1) * oscillators + i] = arena_printf(b->arena, "q%zu", i);
    }
}

/* Nodes of an instance: lines and single nodes, one after the other. */
struct nodes {
    const char *list[MOST_NODES];
    size_t count;
};

static void put(struct nodes *nodes, size_t count, const char *const *names)
{
    memcpy(nodes->list + nodes->count, names, count * sizeof *names);
    nodes->count += count;
}

/* What starts and reads an oscillator: hold, enable of its couplers, capture of its phase. */
static void add_start(struct device_builder *b, int i, const char *parallel)
{
    size_t oscillators = (size_t)b->chip->n + (size_t)b->chip->m;
    const char *const *lines = b->column + LINES * i, *const supply[] = {"vdd", "vss"};
    struct nodes hold = {0}, enable = {0}, capture = {0};
    put(&hold, LINES, lines);
    put(&hold, 1, b->column + LINES * oscillators + i);
    put(&hold, 2, supply);
    net_add(b->arena, b->array, arena_printf(b->arena, "hold%d", i), "hold", hold.count, hold.list,
            parallel);
    put(&enable, LINES, b->bus + LINES * i);
    put(&enable, LINES, b->gated + LINES * i);
    put(&enable, 4, rails + 12);
    net_add(b->arena, b->array, arena_printf(b->arena, "en%d", i), "enable", enable.count,
            enable.list, parallel);
    put(&capture, LINES, lines);
    put(&capture, 1, b->column + (LINES + 1) * oscillators + i);
    put(&capture, 2, supply);
    net_add(b->arena, b->array, arena_printf(b->arena, "cap%d", i), "capture", capture.count,
            capture.list, parallel);
}

static void add_oscillator(struct device_builder *b, int i)
{
    const char *nodes[MOST_NODES] = {0};
    int scale = b->chip->device.scale[i];
    const char *parallel = scale > 1 ? arena_printf(b->arena, "m=%d", scale) : NULL;
    memcpy(nodes, b->column + LINES * i, LINES * sizeof *nodes);
    nodes[LINES] = "vdd";
    nodes[LINES + 1] = "vss";
    net_add(b->arena, b->array, arena_printf(b->arena, "osc%d", i), "oscillator", LINES + 2, nodes,
            parallel);
    memcpy(nodes + LINES, b->row + LINES * i, LINES * sizeof *nodes);
    nodes[2 * LINES] = "vdd";
    nodes[2 * LINES + 1] = "vss";
    net_add(b->arena, b->array, arena_printf(b->arena, "drv%d", i), "driver", 2 * LINES + 2, nodes,
            parallel);
    memcpy(nodes + LINES, nodes, LINES * sizeof *nodes);
    memcpy(nodes, b->gated + LINES * i, LINES * sizeof *nodes);
    nodes[2 * LINES] = "vss";
    net_add(b->arena, b->array, arena_printf(b->arena, "col%d", i), "column", 2 * LINES + 1, nodes,
            parallel);
    memcpy(nodes, b->bus + LINES * i, LINES * sizeof *nodes);
    memcpy(nodes + LINES, rails + 8, PDK_LAG_BITS * sizeof *nodes);
    nodes[2 * LINES] = "vss";
    net_add(b->arena, b->array, arena_printf(b->arena, "lag%d", i), "lag", 2 * LINES + 1, nodes,
            parallel);
    memcpy(nodes, b->column + LINES * i, LINES * sizeof *nodes);
    nodes[LINES + 4] = "vdd";
    nodes[LINES + 5] = "vss";
    device_add_link(b, &b->configuration, arena_printf(b->arena, "trim%d", i), "trim", LINES + 6,
                    nodes, LINES, parallel);
    if (b->gated != b->bus)
        add_start(b, i, parallel);
}

/* Resistors to mid-rail that a column lacks to the load that all columns have. */
static void add_dummy(struct device_builder *b, size_t i, const char *const *lines, double siemens)
{
    for (size_t l = 0; siemens > 0 && l < LINES; l++)
        device_add_resistor(b, arena_printf(b->arena, "dum%zu%s", i, line_names[l]), lines[l],
                            "vcm", siemens);
}

struct net_module *netlist_device_array(struct arena *arena, const struct chip *chip)
{
    struct device_builder b = {
        .arena = arena,
        .chip = chip,
        .configuration = {"si", "so", "ck", "ckb", "c", 0, NULL},
        .class = {"di", "do", "dk", "dkb", "d", 0, NULL},
    };
    size_t oscillators = (size_t)chip->n + (size_t)chip->m;
    name_lines(&b);
    bool gated = chip->pdk->device->enable_ohm > 0;
    b.array = net_module(arena, "array",
                         gated ? "configuration chain, class chain, lag code, enable, mid-rail, "
                                 "supply, columns, holds, captured phases"
                               : "configuration chain, class chain, lag code, mid-rail, supply, "
                                 "columns",
                         b.column - RAILS, RAILS + (gated ? LINES + 2 : LINES) * oscillators);
    for (int i = 0; i < chip->n + chip->m; i++)
        add_oscillator(&b, i);
    device_add_couplers(&b);
    *b.configuration.end = b.configuration.out;
    if (b.class.end)
        *b.class.end = b.class.out;
    if (gated)
        net_add(arena, b.array, "mid", "midrail", 3, rails + 13,
                arena_printf(arena, "m=%zu",
                             (oscillators + CELLS_PER_MIDRAIL - 1) / CELLS_PER_MIDRAIL));
    for (size_t i = 0; i < oscillators; i++)
        add_dummy(&b, i, b.bus + LINES * i, chip->device.column_dummy_s[i]);
    return b.array;
}

/* Lengths of the couplers' resistors, which the cells name r_<kind><bit>. */
static void add_lengths(const struct chip *chip, const char *kind, double unit_s, struct str *out)
{
    for (int bit = 0; bit < PDK_COUPLER_BITS; bit++) {
        str_addf(out, ".param r_%s%d=", kind, bit);
        str_addf(out, "%.6g%s $ um\n",
                 1 / (ldexp(unit_s, bit) * chip->pdk->device->resistor_ohm_per_um),
                 chip->pdk->device->size_unit);
    }
}

/* Sides of the square capacitors that delay the pull on a bus: the fixed one, of which couplers and
 * enable bring a part, and those of the lag code. */
static void add_lag(const struct chip *chip, struct str *out)
{
    const struct pdk_device *device = chip->pdk->device;
    double load = chip->device.column_load_s;
    double fixed =
        fmax(chip->device.lag_fixed_s * load - device_bus_least_f(chip), device_lag_least_f);
    str_addf(out, ".param w_lag=%.4g%s $ um\n", sqrt(fixed / device->mim_f_per_um2),
             device->size_unit);
    for (int bit = 0; bit < PDK_LAG_BITS; bit++)
        str_addf(out, ".param w_lag%d=%.4g%s $ um\n", bit,
                 sqrt(ldexp(chip->device.lag_step_s * load, bit) / device->mim_f_per_um2),
                 device->size_unit);
}

void netlist_write_device_array(const struct chip *chip, const struct net_module *array,
                                struct str *out)
{
    str_addf(out,
             "* %s: array of %d oscillators and %d conditioning oscillators in %s, made by oscc\n",
             chip->name, chip->n, chip->m, chip->pdk->name);
    add_lag(chip, out);
    /* the enable's switch is in series */
    str_addf(out, ".param r_column=%.6g%s $ um\n",
             (1 / chip->device.column_s - chip->pdk->device->enable_ohm) /
                 chip->pdk->device->resistor_ohm_per_um,
             chip->pdk->device->size_unit);
    add_lengths(chip, "weight", chip->device.weight_s, out);
    add_lengths(chip, "drive", chip->device.drive_s, out);
    add_lengths(chip, "cond", chip->device.cond_s, out);
    for (const struct net_module *module = array->next; module; module = module->next)
        net_write_spice(module, out);
    net_write_spice(array, out);
}
