/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/device_tiles.h"

#include <string.h>

#include "compiler/map/hardwired.h"
#include "netlist/device_hardwired.h"
#include "netlist/tiles.h"

enum { RAILS = 7, CHAIN = 4 };

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

/* The chain goes through the couplers of a tile in their order. */
static void add_coupler(struct tiles *t, struct net_module *tile, const char *name,
                        const char *cell, const char **nodes, size_t at, size_t link,
                        size_t couplers, int parallel)
{
    memcpy(nodes + at, rails, sizeof rails);
    if (link)
        nodes[at] = arena_printf(t->arena, "c%zu", link - 1);
    if (link + 1 < couplers)
        nodes[at + 1] = arena_printf(t->arena, "c%zu", link);
    net_add(t->arena, tile, name, cell, at + RAILS, nodes,
            parallel > 1 ? arena_printf(t->arena, "m=%d", parallel) : NULL);
}

/* A tile is a link of the array's chain. */
static void add_tile(struct tiles *t, enum chip_section_index kind, const char *name,
                     const char *module, const char **nodes, size_t at, size_t couplers)
{
    struct device_builder *b = t->user;
    (void)couplers;
    memcpy(nodes + at + CHAIN, rails + CHAIN, (RAILS - CHAIN) * sizeof *nodes);
    device_add_link(b, kind == CHIP_DRIVE ? &b->class : &b->configuration, name, module, at + RAILS,
                    nodes, at, NULL);
}

void device_add_couplers(struct device_builder *b)
{
    struct tiles tiles = {.arena = b->arena,
                          .chip = b->chip,
                          .array = b->array,
                          .lines = DEVICE_LINES_EACH,
                          .line_names = line_names,
                          .column = b->bus,
                          .row = b->row,
                          .rail_count = RAILS,
                          .rails = rails,
                          .scale = b->chip->device.scale,
                          .add_coupler = add_coupler,
                          .add_tile = add_tile,
                          .user = b};
    if (b->chip->hardwired) {
        device_add_hardwired(b);
    } else {
        tiles_add_weights(&tiles);
        tiles_add_conditioning(&tiles, CHIP_COND);
    }
    if (!map_has_hardwired_drives(b->chip))
        tiles_add_conditioning(&tiles, CHIP_DRIVE);
}
