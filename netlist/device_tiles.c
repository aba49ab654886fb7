/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/device_tiles.h"

#include <string.h>

#include "compiler/map/hardwired.h"
#include "compiler/map/tiles.h"
#include "netlist/device_hardwired.h"

enum { RAILS = 7, CHAIN = 4, COUPLER_NODES = 2 * DEVICE_LINES_EACH + RAILS };
enum { MOST_NODES = 2 * DEVICE_LINES_EACH * MAP_TILE + RAILS };

static const char *const rails[RAILS] = {"si", "so", "ck", "ckb", "vcm", "vdd", "vss"};
static const char *const line_names[DEVICE_LINES_EACH] = {"xp", "xn", "yp", "yn"};

void device_add_link(struct device_builder *b, struct device_chain *chain, const char *name,
                     const char *cell, size_t count, const char **nodes, size_t at,
                     const char *parameters)
{
    nodes[at] = chain->links ? *chain->end : chain->in;
    nodes[at + 1] = arena_printf(b->arena, "%s%zu", chain->prefix, chain->links++);
    nodes[at + 2] = chain->ck;
    nodes[at + 3] = chain->ckb;
    chain->end = net_add(b->arena, b->array, name, cell, count, nodes, parameters)->nodes + at + 1;
}

/* Oscillators that the columns or the sources of a tile belong to. */
struct side {
    size_t count;
    int oscillator[MAP_TILE];
};

static bool is_diagonal(const struct side *columns, const struct side *sources)
{
    return columns->oscillator[0] == sources->oscillator[0];
}

static size_t name_ports(struct arena *arena, const char **ports, char side, size_t count)
{
    for (size_t k = 0; k < count * DEVICE_LINES_EACH; k++)
        ports[k] = arena_printf(arena, "%c%zu%s", side, k / DEVICE_LINES_EACH,
                                line_names[k % DEVICE_LINES_EACH]);
    return count * DEVICE_LINES_EACH;
}

/* The module of a tile: ports are the bus lines of its columns, the row lines of its sources, the
 * chain and the rails. On a diagonal tile no oscillator has a coupler to itself. */
static const struct net_module *define_tile(struct device_builder *b, const char *name,
                                            const char *cell, size_t columns, size_t sources,
                                            bool diagonal)
{
    for (struct net_module *m = b->array->next; m; m = m->next)
        if (!strcmp(m->name, name))
            return m;
    size_t couplers = columns * sources - (diagonal ? columns : 0), link = 0;
    const char **ports = ARENA_ARRAY(b->arena, const char *, MOST_NODES);
    size_t rows = name_ports(b->arena, ports, 'b', columns);
    size_t count = rows + name_ports(b->arena, ports + rows, 'r', sources);
    memcpy(ports + count, rails, sizeof rails);
    struct net_module *tile =
        net_module(b->arena, name, "bus lines of the columns, row lines of the sources, chain",
                   ports, count + RAILS);
    tile->next = b->array->next;
    b->array->next = tile;
    for (size_t i = 0; i < columns; i++) {
        for (size_t j = 0; j < sources; j++) {
            const char *nodes[COUPLER_NODES];
            if (diagonal && i == j)
                continue;
            memcpy(nodes, ports + DEVICE_LINES_EACH * i, DEVICE_LINES_EACH * sizeof *nodes);
            memcpy(nodes + DEVICE_LINES_EACH, ports + rows + DEVICE_LINES_EACH * j,
                   DEVICE_LINES_EACH * sizeof *nodes);
            memcpy(nodes + 2 * DEVICE_LINES_EACH, rails, sizeof rails);
            if (link)
                nodes[2 * DEVICE_LINES_EACH] = arena_printf(b->arena, "c%zu", link - 1);
            if (++link < couplers)
                nodes[2 * DEVICE_LINES_EACH + 1] = arena_printf(b->arena, "c%zu", link - 1);
            net_add(b->arena, tile, arena_printf(b->arena, "k%zu_%zu", i, j), cell, COUPLER_NODES,
                    nodes, NULL);
        }
    }
    return tile;
}

/* One tile of couplers of a kind, named after its place. */
static void add_tile(struct device_builder *b, struct device_chain *chain, const char *kind,
                     const char *place, const struct side *columns, const struct side *sources)
{
    bool diagonal = is_diagonal(columns, sources);
    if (!sources->count || (diagonal && columns->count == 1))
        return; /* nothing but an oscillator's coupling to itself */
    const char *module = arena_printf(b->arena, "tile_%s_%zux%zu%s", kind, columns->count,
                                      sources->count, diagonal ? "d" : "");
    define_tile(b, module, arena_printf(b->arena, "coupler_%s", kind), columns->count,
                sources->count, diagonal);
    const char *nodes[MOST_NODES];
    size_t at = 0;
    for (size_t k = 0; k < columns->count; k++, at += DEVICE_LINES_EACH)
        memcpy(nodes + at, b->bus + DEVICE_LINES_EACH * columns->oscillator[k],
               DEVICE_LINES_EACH * sizeof *nodes);
    for (size_t k = 0; k < sources->count; k++, at += DEVICE_LINES_EACH)
        memcpy(nodes + at, b->row + DEVICE_LINES_EACH * sources->oscillator[k],
               DEVICE_LINES_EACH * sizeof *nodes);
    memcpy(nodes + at + CHAIN, rails + CHAIN, (RAILS - CHAIN) * sizeof *nodes);
    device_add_link(b, chain, place, module, at + RAILS, nodes, at, NULL);
}

/* Oscillators first .. first + count - 1 or as many of them as a tile holds. */
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
static void add_square(struct device_builder *b, struct device_chain *chain, const char *kind,
                       int column, int columns_end, int source, int sources_end)
{
    for (int i = column; i < columns_end; i += MAP_TILE) {
        for (int j = source; j < sources_end; j += MAP_TILE) {
            struct side columns = range(i, columns_end), sources = range(j, sources_end);
            add_tile(b, chain, kind,
                     arena_printf(b->arena, "%s%d_%d", kind, i / MAP_TILE, j / MAP_TILE), &columns,
                     &sources);
        }
    }
}

/* Column tiles of one oscillator's couplers from a list of sources. */
static void add_column(struct device_builder *b, struct device_chain *chain, const char *kind,
                       int column, size_t count, const int32_t *source)
{
    struct side columns = range(column, column + 1);
    for (size_t s = 0; s < count; s += MAP_TILE) {
        struct side sources = {0};
        while (sources.count < MAP_TILE && s + sources.count < count) {
            sources.oscillator[sources.count] = source[s + sources.count];
            sources.count++;
        }
        add_tile(b, chain, kind, arena_printf(b->arena, "%s%d_%zu", kind, column, s / MAP_TILE),
                 &columns, &sources);
    }
}

/* Couplers from conditioning oscillators to columns; their words go column by column, so square
 * tiles serve as long as one holds all sources. */
static void add_conditioning(struct device_builder *b, struct device_chain *chain, const char *kind,
                             int column, int columns_end)
{
    int n = b->chip->n, end = n + b->chip->m;
    if (b->chip->m <= MAP_TILE) {
        add_square(b, chain, kind, column, columns_end, n, end);
        return;
    }
    int32_t *sources = ARENA_ARRAY(b->arena, int32_t, (size_t)b->chip->m);
    for (int i = column; i < columns_end; i++) {
        size_t count = 0;
        for (int k = n; k < end; k++)
            if (k != i)
                sources[count++] = k;
        add_column(b, chain, kind, i, count, sources);
    }
}

void device_add_couplers(struct device_builder *b)
{
    const struct chip *chip = b->chip;
    const struct model_couplings *sites = chip->sites;
    if (chip->hardwired) {
        device_add_hardwired(b);
        if (!map_has_hardwired_drives(chip))
            add_conditioning(b, &b->class, "drive", 0, chip->n);
        return;
    }
    if (map_is_square(chip))
        add_square(b, &b->configuration, "weight", 0, chip->n, 0, chip->n);
    for (int i = 0; i < chip->n && !map_is_square(chip); i++)
        add_column(b, &b->configuration, "weight", i, sites->first[i + 1] - sites->first[i],
                   sites->source + sites->first[i]);
    add_conditioning(b, &b->configuration, "cond", chip->n, chip->n + chip->m);
    add_conditioning(b, &b->class, "drive", 0, chip->n);
}
