/* SPDX-License-Identifier: Apache-2.0
 *
 * A hash table of parameters: open addressing, at most half full.
 */
#include <stdint.h>
#include <string.h>

#include "spice/card_expr.h"

/* The slot that holds the name, or the free one where it belongs. */
static struct card_param **slot_of(const struct card_table *table, const char *name, size_t length)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    for (size_t at = hash & (table->room - 1);; at = (at + 1) & (table->room - 1)) {
        const struct card_param *param = table->slots[at];
        if (!param || (!strncmp(param->name, name, length) && param->name[length] == '\0'))
            return &table->slots[at];
    }
}

struct card_param *card_table_find(const struct card_table *table, const char *name, size_t length)
{
    return table->room ? *slot_of(table, name, length) : NULL;
}

static void grow(struct arena *arena, struct card_table *table)
{
    struct card_table bigger = {.room = table->room ? 2 * table->room : 32, .count = table->count};
    bigger.slots = ARENA_ARRAY(arena, struct card_param *, bigger.room);
    for (size_t i = 0; i < table->room; i++) {
        struct card_param *param = table->slots[i];
        if (param)
            *slot_of(&bigger, param->name, strlen(param->name)) = param;
    }
    *table = bigger;
}

struct card_param *card_table_set(struct arena *arena, struct card_table *table, const char *name,
                                  size_t length)
{
    if (2 * (table->count + 1) > table->room)
        grow(arena, table);
    struct card_param **slot = slot_of(table, name, length);
    if (!*slot) {
        *slot = ARENA_NEW(arena, struct card_param);
        (*slot)->name = arena_strndup(arena, name, length);
        table->count++;
    }
    return *slot;
}
