/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "compiler/map/tiles.h"
#include "netlist/array.h"
#include "netlist/device_tiles.h"

enum { LINES = DEVICE_LINES_EACH, RAILS = 15, MOST_NODES = 2 * LINES + 6 };

static const char *const line_names[LINES] = {"xp", "xn", "yp", "yn"};
static const char *const rails[RAILS] = {"si",   "so",   "ck",   "ckb",  "di",  "do",  "dk", "dkb",
                                         "lag3", "lag2", "lag1", "lag0", "vcm", "vdd", "vss"};

static void name_lines(struct device_builder *b)
{
    size_t oscillators = (size_t)b->chip->n + (size_t)b->chip->m;
    b->column = ARENA_ARRAY(b->arena, const char *, RAILS + LINES * oscillators);
    b->bus = ARENA_ARRAY(b->arena, const char *, LINES *oscillators);
    b->row = ARENA_ARRAY(b->arena, const char *, LINES *oscillators);
    memcpy(b->column, rails, sizeof rails);
    b->column += RAILS;
    for (size_t i = 0; i < oscillators; i++) {
        for (size_t l = 0; l < LINES; l++) {
            b->column[LINES * i + l] =
                arena_printf(b->arena, "%c%zu%c", line_names[l][0], i, line_names[l][1]);
            b->bus[LINES * i + l] = arena_printf(b->arena, "b%zu%s", i, line_names[l]);
            b->row[LINES * i + l] = arena_printf(b->arena, "r%zu%s", i, line_names[l]);
        }
    }
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
    memcpy(nodes, b->bus + LINES * i, LINES * sizeof *nodes);
    nodes[2 * LINES] = "vss";
    net_add(b->arena, b->array, arena_printf(b->arena, "col%d", i), "column", 2 * LINES + 1, nodes,
            parallel);
    memcpy(nodes + LINES, rails + 8, PDK_LAG_BITS * sizeof *nodes);
    nodes[2 * LINES] = "vss";
    net_add(b->arena, b->array, arena_printf(b->arena, "lag%d", i), "lag", 2 * LINES + 1, nodes,
            parallel);
    memcpy(nodes, b->column + LINES * i, LINES * sizeof *nodes);
    nodes[LINES + 4] = "vdd";
    nodes[LINES + 5] = "vss";
    device_add_link(b, &b->configuration, arena_printf(b->arena, "trim%d", i), "trim", LINES + 6,
                    nodes, LINES);
}

/* Resistors to mid-rail that a column lacks to the load that all columns have. */
static void add_dummy(struct device_builder *b, size_t i, const char *const *lines, double siemens)
{
    const struct pdk_device *device = b->chip->pdk->device;
    for (size_t l = 0; siemens > 0 && l < LINES; l++) {
        const char *nodes[] = {lines[l], "vcm", "vss"};
        double length_um = 1 / (siemens * device->resistor_ohm_per_um);
        net_add(b->arena, b->array, arena_printf(b->arena, "dum%zu%s", i, line_names[l]),
                device->resistor, 3, nodes, arena_printf(b->arena, "l=%.6g mult=1 m=1", length_um));
    }
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
    b.array = net_module(arena, "array",
                         "configuration chain, class chain, lag code, mid-rail, supply, columns",
                         b.column - RAILS, RAILS + LINES * oscillators);
    for (int i = 0; i < chip->n + chip->m; i++)
        add_oscillator(&b, i);
    device_add_couplers(&b);
    *b.configuration.end = b.configuration.out;
    if (b.class.end)
        *b.class.end = b.class.out;
    for (size_t i = 0; i < oscillators; i++)
        add_dummy(&b, i, b.bus + LINES * i, chip->device.column_dummy_s[i]);
    return b.array;
}

/* Lengths of the couplers' resistors, which the cells name r_<kind><bit>. */
static void add_lengths(const struct chip *chip, const char *kind, double unit_s, struct str *out)
{
    for (int bit = 0; bit < PDK_COUPLER_BITS; bit++) {
        str_addf(out, ".param r_%s%d=", kind, bit);
        str_addf(out, "%.6g $ um\n",
                 1 / (ldexp(unit_s, bit) * chip->pdk->device->resistor_ohm_per_um));
    }
}

/* Sides of the square capacitors that delay the pull on a bus: the fixed one, of which the couplers
 * bring a part, and those of the lag code. */
static void add_lag(const struct chip *chip, struct str *out)
{
    const struct pdk_device *device = chip->pdk->device;
    double couplers = (double)map_couplers(chip) / chip->n + chip->m;
    double load = chip->device.column_load_s;
    double fixed = fmax(chip->device.lag_fixed_s * load - couplers * device->coupler_f, 8e-15);
    str_addf(out, ".param w_lag=%.4g $ um\n", sqrt(fixed / device->mim_f_per_um2));
    for (int bit = 0; bit < PDK_LAG_BITS; bit++)
        str_addf(out, ".param w_lag%d=%.4g $ um\n", bit,
                 sqrt(ldexp(chip->device.lag_step_s * load, bit) / device->mim_f_per_um2));
}

void netlist_write_device_array(const struct chip *chip, const struct net_module *array,
                                struct str *out)
{
    str_addf(out,
             "* %s: array of %d oscillators and %d conditioning oscillators in %s, made by oscc\n",
             chip->name, chip->n, chip->m, chip->pdk->name);
    add_lag(chip, out);
    str_addf(out, ".param r_column=%.6g $ um\n",
             1 / (chip->device.column_s * chip->pdk->device->resistor_ohm_per_um));
    add_lengths(chip, "weight", chip->device.weight_s, out);
    add_lengths(chip, "drive", chip->device.drive_s, out);
    add_lengths(chip, "cond", chip->device.cond_s, out);
    for (const struct net_module *module = array->next; module; module = module->next)
        net_write_spice(module, out);
    net_write_spice(array, out);
}
