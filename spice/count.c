/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/count.h"

#include <errno.h>

#include "spice/words.h"

enum { UNSEEN, OPEN, DONE };

struct counter {
    const struct circuit *circuit;
    struct {
        int state;
        size_t elements;
    } * modules; /* as circuit->modules */
};

static int count_module(struct counter *c, const struct circuit_module *module, size_t *elements)
{
    *elements = module->own_elements;
    for (size_t i = 0; i < module->instance_count; i++) {
        const struct circuit_module *inner = circuit_find(c->circuit, module->instances[i].module);
        char bank;
        size_t first;
        if (!inner) /* a tile with its words holds the tile */
            inner = words_tile(c->circuit, module->instances[i].module, &bank, &first);
        if (!inner)
            return -EINVAL;
        size_t at = inner->index;
        if (c->modules[at].state == OPEN)
            return -EINVAL;
        if (c->modules[at].state == UNSEEN) {
            c->modules[at].state = OPEN;
            int error = count_module(c, inner, &c->modules[at].elements);
            if (error)
                return error;
            c->modules[at].state = DONE;
        }
        *elements += c->modules[at].elements;
    }
    return 0;
}

int spice_count_elements(struct arena *arena, const char *deck, size_t *count, const char **unread)
{
    int error;
    *count = 0;
    struct counter c = {.circuit = circuit_read(arena, deck, &error, unread)};
    if (error)
        return error;
    c.modules = arena_alloc(arena, c.circuit->module_count, sizeof *c.modules);
    return count_module(&c, c.circuit->top, count);
}
