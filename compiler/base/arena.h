/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory of one compilation: everything is freed at once, nothing is freed alone.
 *
 * Invariants: memory comes zeroed and aligned to 16 bytes; it stays where it is until
 * arena_free(); an allocation never fails (out of memory ends the program with exit 70).
 */
#ifndef OSCC_BASE_ARENA_H
#define OSCC_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
};

/* Zeroed room for count objects of the given size; count * size is checked for overflow. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* One zeroed object, or an array of them, of a type. */
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), (count), sizeof(type)))

/* Lets a list take one object more: items itself while count is below *room, else a place with room
 * for twice as many (8 at first), into which the objects are copied; what is behind them is
 * zero. There is always one object behind the room, so a list of pointers ends with NULL. The old
 * place stays as it was. items may be NULL while count and *room are 0. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *room, size_t size);

/* The same for a list of any type, its room a size_t. */
#define ARENA_GROW(arena, items, count, room)                                                      \
    ((items) = arena_grow((arena), (items), (count), &(room), sizeof *(items)))

/* Copies of strings, owned by the arena. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Gives everything back; the arena can be used again. */
void arena_free(struct arena *arena);

/* Ends the program as out of memory does. */
_Noreturn void arena_out_of_memory(void);

#endif
