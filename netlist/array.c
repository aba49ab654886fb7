/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/array.h"

#include <math.h>

#include "compiler/map/tiles.h"

/* The names of all lines, made once: column lines are ports, row lines are inner nodes. */
struct lines {
    const char **column; /* x0 y0 x1 y1 ... */
    const char **row;    /* rx0 ry0 rx1 ry1 ... */
};

static struct lines name_lines(struct arena *arena, int oscillators)
{
    struct lines lines = {ARENA_ARRAY(arena, const char *, 2 * (size_t)oscillators),
                          ARENA_ARRAY(arena, const char *, 2 * (size_t)oscillators)};
    for (int i = 0; i < oscillators; i++) {
        lines.column[2 * i] = arena_printf(arena, "x%d", i);
        lines.column[2 * i + 1] = arena_printf(arena, "y%d", i);
        lines.row[2 * i] = arena_printf(arena, "rx%d", i);
        lines.row[2 * i + 1] = arena_printf(arena, "ry%d", i);
    }
    return lines;
}

/* Column i gets a coupler from row j with the code in a parameter. */
static void add_coupler(struct arena *arena, struct net_module *array, const struct lines *lines,
                        int i, int j, const char *kind, char bank, size_t word)
{
    const char *nodes[] = {lines->column[2 * i], lines->column[2 * i + 1], lines->row[2 * j],
                           lines->row[2 * j + 1]};
    net_add(arena, array, arena_printf(arena, "k%d_%d", i, j),
            arena_printf(arena, "coupler_%s", kind), 4, nodes,
            arena_printf(arena, "code={%c%zu}", bank, word));
}

static void add_couplers(struct arena *arena, struct net_module *array, const struct lines *lines,
                         const struct chip *chip)
{
    int n = chip->n, m = chip->m;
    for (int i = 0; i < n; i++) {
        size_t base = chip->memory[CHIP_COUPLING].base;
        for (int j = 0; j < n && map_is_square(chip); j++)
            if (j != i)
                add_coupler(arena, array, lines, i, j, "weight", 'w',
                            base + map_square_word((size_t)n, MAP_TILE, (size_t)i, (size_t)j));
        for (size_t s = chip->sites->first[i];
             s < chip->sites->first[i + 1] && !map_is_square(chip); s++)
            add_coupler(arena, array, lines, i, chip->sites->source[s], "weight", 'w', base + s);
        for (int k = 0; k < m; k++)
            add_coupler(arena, array, lines, i, n + k, "drive", 'd',
                        (size_t)i * (size_t)m + (size_t)k);
    }
    size_t word = chip->memory[CHIP_COND].base;
    for (int k = 0; k < m; k++)
        for (int l = 0; l < m; l++)
            if (l != k)
                add_coupler(arena, array, lines, n + k, n + l, "cond", 'w', word++);
}

struct net_module *netlist_array(struct arena *arena, const struct chip *chip)
{
    int oscillators = chip->n + chip->m;
    struct lines lines = name_lines(arena, oscillators);
    struct net_module *array =
        net_module(arena, "array", "column lines in order of oscillators; conditioning ones last",
                   lines.column, 2 * (size_t)oscillators);
    for (int i = 0; i < oscillators; i++) {
        const char *nodes[] = {lines.column[2 * i], lines.column[2 * i + 1], lines.row[2 * i],
                               lines.row[2 * i + 1]};
        net_add(arena, array, arena_printf(arena, "osc%d", i), "oscillator", 2, nodes,
                arena_printf(arena, "trim={w%u}", chip->memory[CHIP_TRIM].base + (unsigned)i));
        net_add(arena, array, arena_printf(arena, "drv%d", i), "driver", 4, nodes, NULL);
        net_add(arena, array, arena_printf(arena, "dum%d", i), "dummy", 2, nodes,
                arena_printf(arena, "load=%.12g", chip->dummy_s[i]));
    }
    add_couplers(arena, array, &lines, chip);
    return array;
}

static void parameter(struct str *out, const char *name, double value, const char *comment)
{
    str_addf(out, ".param %s=", name);
    str_add_number(out, value);
    str_addf(out, " $ %s\n", comment);
}

void netlist_write_array(const struct chip *chip, const struct net_module *array, struct str *out)
{
    const double pi = acos(-1);
    double per_rate = map_conductance_per_rate(chip);
    str_addf(out, "* %s: array of %d oscillators and %d conditioning oscillators, made by oscc\n",
             chip->name, chip->n, chip->m);
    parameter(out, "c_cell", chip->capacitor_f, "F");
    parameter(out, "w_carrier", 2 * pi * chip->carrier_hz, "rad/s");
    parameter(out, "w_trim", chip->omega.lsb * chip->model_time / chip->run_s, "rad/s per code");
    parameter(out, "g_load", chip->load_s, "S, load of every column");
    parameter(out, "g_margin", chip->margin_s, "S, amplitude control");
    parameter(out, "swing", chip->swing_v, "V, amplitude");
    parameter(out, "unit_weight", chip->weight.lsb * per_rate, "S per code of a coupling");
    parameter(out, "full_weight", chip->weight.full, "largest code");
    parameter(out, "unit_drive", chip->drive.lsb * per_rate, "S per code of a class drive");
    parameter(out, "full_drive", chip->drive.full, "largest code");
    parameter(out, "unit_cond", chip->cond.lsb * per_rate, "S per code between conditioning ones");
    parameter(out, "full_cond", chip->cond.full, "largest code");
    net_write_spice(array, out);
}

void netlist_write_top(struct arena *arena, const struct chip *chip, const struct net_module *array,
                       struct str *out)
{
    str_addf(out, "* %s: the chip's analog part\n", chip->name);
    str_add(out,
            "* set w<address> and d<word> from verilog/weights.hex before including this file\n"
            ".include cells.spice\n.include array.spice\n");
    struct net_module *top = net_module(arena, "top", NULL, NULL, 0);
    net_write_instance(
        net_add(arena, top, "chip", array->name, array->port_count, array->ports, NULL), out);
}
