/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/tiles.h"

#include <string.h>

static const char *const kind_names[CHIP_SECTIONS] = {
    [CHIP_COUPLING] = "weight", [CHIP_COND] = "cond", [CHIP_DRIVE] = "drive"};

/* Oscillators that the columns or the sources of a tile belong to. */
struct side {
    size_t count;
    int oscillator[MAP_TILE];
};

static bool is_diagonal(const struct side *columns, const struct side *sources)
{
    return columns->oscillator[0] == sources->oscillator[0];
}

static size_t name_ports(const struct tiles *t, const char **ports, char side, size_t count)
{
    for (size_t k = 0; k < count * t->lines; k++)
        ports[k] =
            arena_printf(t->arena, "%c%zu%s", side, k / t->lines, t->line_names[k % t->lines]);
    return count * t->lines;
}

/* The module of a tile: ports are the lines of its columns, the lines of its sources, the rails.
 * On a diagonal tile no oscillator has a coupler to itself. */
static void define_tile(struct tiles *t, const char *name, const char *cell, size_t columns,
                        size_t sources, bool diagonal, int parallel)
{
    for (struct net_module *m = t->array->next; m; m = m->next)
        if (!strcmp(m->name, name))
            return;
    size_t couplers = columns * sources - (diagonal ? columns : 0), link = 0;
    const char **ports = ARENA_ARRAY(t->arena, const char *, TILES_MOST_NODES);
    size_t rows = name_ports(t, ports, 'b', columns);
    size_t count = rows + name_ports(t, ports + rows, 'r', sources);
    if (t->rail_count)
        memcpy(ports + count, t->rails, t->rail_count * sizeof *ports);
    struct net_module *tile = net_module(
        t->arena, name,
        t->rail_count ? "bus lines of the columns, row lines of the sources, chain"
                      : "lines of the columns, row lines of the sources; c<k>: code of coupler k",
        ports, count + t->rail_count);
    tile->next = t->array->next;
    t->array->next = tile;
    for (size_t i = 0; i < columns; i++) {
        for (size_t j = 0; j < sources; j++) {
            const char *nodes[2 * TILES_MOST_LINES + TILES_MOST_RAILS];
            if (diagonal && i == j)
                continue;
            memcpy(nodes, ports + t->lines * i, t->lines * sizeof *nodes);
            memcpy(nodes + t->lines, ports + rows + t->lines * j, t->lines * sizeof *nodes);
            t->add_coupler(t, tile, arena_printf(t->arena, "k%zu_%zu", i, j), cell, nodes,
                           2 * t->lines, link++, couplers, parallel);
        }
    }
}

/* One tile of couplers of a kind, named after its place. A column of cells in parallel takes so
 * many times the current, and stands in a tile of its own. */
static void add_tile(struct tiles *t, enum chip_section_index kind, int column, size_t place,
                     const struct side *columns, const struct side *sources)
{
    bool diagonal = is_diagonal(columns, sources);
    size_t couplers = columns->count * sources->count - (diagonal ? columns->count : 0);
    int parallel = t->scale ? t->scale[columns->oscillator[0]] : 1;
    if (!couplers)
        return; /* nothing, or an oscillator's coupling to itself */
    const char *module = arena_printf(t->arena, "tile_%s_%zux%zu%s", kind_names[kind],
                                      columns->count, sources->count, diagonal ? "d" : "");
    if (parallel > 1)
        module = arena_printf(t->arena, "%s_by%d", module, parallel);
    define_tile(t, module, arena_printf(t->arena, "coupler_%s", kind_names[kind]), columns->count,
                sources->count, diagonal, parallel);
    const char *nodes[TILES_MOST_NODES];
    size_t at = 0;
    for (size_t k = 0; k < columns->count; k++, at += t->lines)
        memcpy(nodes + at, t->column + t->lines * (size_t)columns->oscillator[k],
               t->lines * sizeof *nodes);
    for (size_t k = 0; k < sources->count; k++, at += t->lines)
        memcpy(nodes + at, t->row + t->lines * (size_t)sources->oscillator[k],
               t->lines * sizeof *nodes);
    t->add_tile(t, kind, arena_printf(t->arena, "%s%d_%zu", kind_names[kind], column, place),
                module, nodes, at, couplers);
}

/* Oscillators first .. end - 1 or as many of them as a tile holds. */
static struct side range(int first, int end)
{
    struct side side = {0};
    while (side.count < MAP_TILE && first + (int)side.count < end) {
        side.oscillator[side.count] = first + (int)side.count;
        side.count++;
    }
    return side;
}

/* Square tiles between all of some columns and all of some sources. */
static void add_square(struct tiles *t, enum chip_section_index kind, int column, int columns_end,
                       int source, int sources_end)
{
    for (int i = column; i < columns_end; i += MAP_TILE) {
        for (int j = source; j < sources_end; j += MAP_TILE) {
            struct side columns = range(i, columns_end), sources = range(j, sources_end);
            add_tile(t, kind, i / MAP_TILE, (size_t)(j / MAP_TILE), &columns, &sources);
        }
    }
}

/* Column tiles of one oscillator's couplers from a list of sources. */
static void add_column(struct tiles *t, enum chip_section_index kind, int column, size_t count,
                       const int32_t *source)
{
    struct side columns = range(column, column + 1);
    for (size_t s = 0; s < count; s += MAP_TILE) {
        struct side sources = {0};
        while (sources.count < MAP_TILE && s + sources.count < count) {
            sources.oscillator[sources.count] = source[s + sources.count];
            sources.count++;
        }
        add_tile(t, kind, column, s / MAP_TILE, &columns, &sources);
    }
}

void tiles_add_weights(struct tiles *t)
{
    const struct chip *chip = t->chip;
    const struct model_couplings *sites = chip->sites;
    if (map_is_square(chip))
        add_square(t, CHIP_COUPLING, 0, chip->n, 0, chip->n);
    for (int i = 0; i < chip->n && !map_is_square(chip); i++)
        add_column(t, CHIP_COUPLING, i, sites->first[i + 1] - sites->first[i],
                   sites->source + sites->first[i]);
}

/* The words go column by column, so square tiles serve as long as one holds all sources. Columns of
 * conditioning oscillators are of different numbers of cells. */
void tiles_add_conditioning(struct tiles *t, enum chip_section_index kind)
{
    int n = t->chip->n, end = n + t->chip->m;
    if (kind == CHIP_DRIVE && t->chip->m <= MAP_TILE) {
        add_square(t, kind, 0, n, n, end);
        return;
    }
    int32_t *sources = ARENA_ARRAY(t->arena, int32_t, (size_t)t->chip->m);
    for (int i = kind == CHIP_COND ? n : 0; i < (kind == CHIP_COND ? end : n); i++) {
        size_t count = 0;
        for (int k = n; k < end; k++)
            if (k != i)
                sources[count++] = k;
        add_column(t, kind, i, count, sources);
    }
}
