/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "spice/circuit.h"

/* A list that grows in the arena. */
struct list {
    void *items;
    size_t count, room;
};

static void *list_add(struct arena *arena, struct list *list, size_t size)
{
    list->items = arena_grow(arena, list->items, list->count, &list->room, size);
    return (char *)list->items + list->count++ * size;
}

/* A module being read; the table finds a node's index by its name (open addressing). */
struct open_module {
    const char *name;
    size_t port_count, own_elements;
    struct list nodes, instances;
    uint32_t *table; /* index + 1, 0 is empty */
    size_t table_size;
};

struct reader {
    struct arena *arena;
    struct list modules;    /* struct open_module * */
    struct list parameters; /* struct circuit_parameter */
    struct open_module *top, *current;
    int depth; /* of included files */
    const char *unread;
};

static size_t hash(const char *text)
{
    size_t h = 1469598103934665603u; /* FNV-1a */
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return h;
}

static void insert(struct open_module *m, const char *name, uint32_t index)
{
    size_t at = hash(name) & (m->table_size - 1);
    while (m->table[at])
        at = (at + 1) & (m->table_size - 1);
    m->table[at] = index + 1;
}

/* The index of a node in the module, which is new when the name is. */
static uint32_t node_index(struct reader *r, struct open_module *m, const char *name)
{
    const char **names = m->nodes.items;
    for (size_t at = m->table_size ? hash(name) & (m->table_size - 1) : 0;
         m->table_size && m->table[at]; at = (at + 1) & (m->table_size - 1))
        if (!strcmp(names[m->table[at] - 1], name))
            return m->table[at] - 1;
    uint32_t index = (uint32_t)m->nodes.count;
    *(const char **)list_add(r->arena, &m->nodes, sizeof(char *)) = name;
    if (2 * m->nodes.count > m->table_size) {
        m->table_size = m->table_size ? 2 * m->table_size : 32;
        m->table = ARENA_ARRAY(r->arena, uint32_t, m->table_size);
        names = m->nodes.items;
        for (uint32_t i = 0; i < index; i++)
            insert(m, names[i], i);
    }
    insert(m, name, index);
    return index;
}

static struct open_module *open_module(struct reader *r, const char *name)
{
    struct open_module *m = ARENA_NEW(r->arena, struct open_module);
    m->name = name;
    *(struct open_module **)list_add(r->arena, &r->modules, sizeof m) = m;
    return m;
}

/* The next word of a line, copied in lower case; NULL at its end. */
static char *word(struct reader *r, const char **line)
{
    *line += strspn(*line, " \t\r");
    size_t length = strcspn(*line, " \t\r");
    if (!length)
        return NULL;
    char *copy = arena_strndup(r->arena, *line, length);
    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    *line += length;
    return copy;
}

static void add_instance(struct reader *r, const char *name, const char *rest)
{
    struct list words = {0}, parameters = {0};
    for (char *w; (w = word(r, &rest));) {
        char *equals = strchr(w, '=');
        if (equals) {
            struct circuit_parameter *p = list_add(r->arena, &parameters, sizeof *p);
            *p = (struct circuit_parameter){arena_strndup(r->arena, w, (size_t)(equals - w)),
                                            equals + 1};
        } else if (strcmp(w, "params:") != 0) {
            *(char **)list_add(r->arena, &words, sizeof w) = w;
        }
    }
    char **text = words.items;
    size_t count = words.count ? words.count - 1 : 0;
    uint32_t *nodes = ARENA_ARRAY(r->arena, uint32_t, count);
    for (size_t i = 0; i < count; i++)
        nodes[i] = node_index(r, r->current, text[i]);
    struct circuit_instance *instance =
        list_add(r->arena, &r->current->instances, sizeof *instance);
    *instance = (struct circuit_instance){.name = name,
                                          .module = words.count ? text[count] : "",
                                          .node_count = count,
                                          .nodes = nodes,
                                          .parameter_count = parameters.count,
                                          .parameters = parameters.items};
}

static void add_parameters(struct reader *r, const char *rest, struct list *list)
{
    for (char *w; list && (w = word(r, &rest));) {
        char *equals = strchr(w, '=');
        if (equals) {
            struct circuit_parameter *p = list_add(r->arena, list, sizeof *p);
            *p = (struct circuit_parameter){arena_strndup(r->arena, w, (size_t)(equals - w)),
                                            equals + 1};
        }
    }
}

static int read_file(struct reader *r, const char *path);

static int read_line(struct reader *r, const char *path, const char *line)
{
    const char *rest = line;
    char *first = word(r, &rest);
    if (!first || first[0] == '*')
        return 0;
    if (!strcmp(first, ".subckt")) {
        const char *name = word(r, &rest);
        if (!name)
            return -EINVAL;
        r->current = open_module(r, name);
        for (char *w; (w = word(r, &rest)) && !strchr(w, '=');)
            node_index(r, r->current, w);
        r->current->port_count = r->current->nodes.count;
    } else if (!strcmp(first, ".ends")) {
        r->current = r->top;
    } else if (!strcmp(first, ".include")) {
        rest += strspn(rest, " \t\"");
        size_t length = strcspn(rest, "\"\r");
        while (length && isspace((unsigned char)rest[length - 1]))
            length--;
        const char *name = arena_strndup(r->arena, rest, length);
        return length ? read_file(r, fs_beside(r->arena, path, name)) : -EINVAL;
    } else if (!strcmp(first, ".param")) {
        add_parameters(r, rest, r->current == r->top ? &r->parameters : NULL);
    } else if (first[0] == 'x') {
        add_instance(r, first, rest);
    } else if (first[0] != '.') {
        r->current->own_elements++;
    }
    return 0;
}

/* Cuts the end-of-line comment, which begins with '$' after a blank. */
static void cut_comment(char *line)
{
    char *comment = strstr(line, " $ ");
    if (comment)
        *comment = '\0';
}

static int read_file(struct reader *r, const char *path)
{
    enum { DEEPEST = 16 };
    char *text = NULL;
    size_t length;
    if (++r->depth > DEEPEST)
        return -ELOOP;
    int error = fs_read_text(r->arena, path, (size_t)1 << 32, &text, &length);
    if (error)
        r->unread = path;
    char *pending = NULL; /* a logical line, its continuations joined in place */
    size_t used = 0;      /* its length */
    for (char *line = text; !error && line && *line;) {
        char *end = strchr(line, '\n'), *next = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        cut_comment(line);
        size_t now = strlen(line);
        if (pending && line[0] == '+') {
            pending[used] = ' '; /* what lies between was cut off, so there is room */
            memmove(pending + used + 1, line + 1, now);
            used += now;
        } else if (line[0] != '*') {
            if (pending)
                error = read_line(r, path, pending);
            pending = line;
            used = now;
        }
        line = next;
    }
    if (!error && pending)
        error = read_line(r, path, pending);
    r->depth--;
    return error;
}

static struct circuit_module *close_module(struct reader *r, const struct open_module *open)
{
    struct circuit_module *m = ARENA_NEW(r->arena, struct circuit_module);
    *m = (struct circuit_module){.name = open->name,
                                 .port_count = open->port_count,
                                 .node_count = open->nodes.count,
                                 .nodes = open->nodes.items,
                                 .instance_count = open->instances.count,
                                 .instances = open->instances.items,
                                 .own_elements = open->own_elements};
    return m;
}

static int compare_modules(const void *a, const void *b)
{
    const struct circuit_module *const *ma = a, *const *mb = b;
    return strcmp((*ma)->name, (*mb)->name);
}

struct circuit *circuit_read(struct arena *arena, const char *path, int *error, const char **unread)
{
    struct reader r = {.arena = arena};
    r.top = r.current = open_module(&r, "");
    *error = read_file(&r, path);
    if (unread)
        *unread = r.unread;
    if (*error)
        return NULL;
    struct circuit *circuit = ARENA_NEW(arena, struct circuit);
    struct open_module **open = r.modules.items;
    circuit->module_count = r.modules.count - 1;
    circuit->parameter_count = r.parameters.count;
    circuit->parameters = r.parameters.items;
    struct circuit_module **modules =
        ARENA_ARRAY(arena, struct circuit_module *, circuit->module_count);
    circuit->top = close_module(&r, open[0]);
    for (size_t i = 0; i < circuit->module_count; i++)
        modules[i] = close_module(&r, open[i + 1]);
    qsort(modules, circuit->module_count, sizeof *modules, compare_modules);
    for (size_t i = 0; i < circuit->module_count; i++) {
        modules[i]->index = i;
        if (i > 0 && !strcmp(modules[i - 1]->name, modules[i]->name))
            *error = -EINVAL; /* ngspice would take one of the two */
    }
    circuit->modules = (const struct circuit_module *const *)modules;
    return *error ? NULL : circuit;
}

static int compare_name(const void *name, const void *module)
{
    return strcmp(name, (*(const struct circuit_module *const *)module)->name);
}

const struct circuit_module *circuit_find(const struct circuit *circuit, const char *name)
{
    const struct circuit_module *const *found =
        circuit->module_count ? bsearch(name, circuit->modules, circuit->module_count,
                                        sizeof *circuit->modules, compare_name)
                              : NULL;
    return found ? *found : NULL;
}
