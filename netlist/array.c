/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/array.h"

#include <math.h>

#include "netlist/tiles.h"

static const char *const line_names[] = {"x", "y"};

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

/* A coupler takes its code from a parameter of its tile. */
static void add_coupler(struct tiles *t, struct net_module *tile, const char *name,
                        const char *cell, const char **nodes, size_t at, size_t link,
                        size_t couplers, int parallel)
{
    (void)couplers, (void)parallel;
    net_add(t->arena, tile, name, cell, at, nodes, arena_printf(t->arena, "code={c%zu}", link));
}

/* The words that come next: addresses in the memory, and places in a bank of drives. */
struct words {
    size_t address, drive;
};

/* A tile is instantiated with its words. */
static void add_tile(struct tiles *t, enum chip_section_index kind, const char *name,
                     const char *module, const char **nodes, size_t at, size_t couplers)
{
    struct words *words = t->user;
    size_t *next = kind == CHIP_DRIVE ? &words->drive : &words->address;
    net_add(t->arena, t->array, name,
            arena_printf(t->arena, "%s_%c%zu", module, kind == CHIP_DRIVE ? 'd' : 'w', *next), at,
            nodes, NULL);
    *next += couplers;
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
    struct words words = {.address = chip->memory[CHIP_COUPLING].base};
    struct tiles tiles = {.arena = arena,
                          .chip = chip,
                          .array = array,
                          .lines = 2,
                          .line_names = line_names,
                          .column = lines.column,
                          .row = lines.row,
                          .add_coupler = add_coupler,
                          .add_tile = add_tile,
                          .user = &words};
    tiles_add_weights(&tiles);
    words.address = chip->memory[CHIP_COND].base;
    tiles_add_conditioning(&tiles, CHIP_COND);
    tiles_add_conditioning(&tiles, CHIP_DRIVE);
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
    str_add(
        out,
        "* codes from verilog/weights.hex: w<address> of a trim; those of a tile by a module\n"
        "* <tile>_w<first address> (_d<first word of the bank> for drives) with the tile's\n"
        "* ports, which sets c<k> to the k-th code and holds the tile; a run's deck has them\n");
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
    for (const struct net_module *module = array->next; module; module = module->next)
        net_write_spice(module, out);
    net_write_spice(array, out);
}

void netlist_write_top(struct arena *arena, const struct chip *chip, const struct net_module *array,
                       struct str *out)
{
    str_addf(out, "* %s: the chip's analog part\n", chip->name);
    str_add(out, ".include cells.spice\n.include array.spice\n");
    struct net_module *top = net_module(arena, "top", NULL, NULL, 0);
    net_write_instance(
        net_add(arena, top, "chip", array->name, array->port_count, array->ports, NULL), out);
}
