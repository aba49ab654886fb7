/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/count.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "compiler/base/fs.h"

/* One .subckt; the outermost level is a module without a name. */
struct module {
    const char *name;
    size_t own; /* elements that are not instances */
    struct instance *instances;
    size_t total; /* known when done */
    enum { UNSEEN, OPEN, DONE } state;
    struct module *next;
};

struct instance {
    const char *module;
    size_t times;
    struct instance *next;
};

struct reader {
    struct arena *arena;
    struct module top, *modules, *current;
    int depth;          /* of included files */
    const char *unread; /* the file that could not be read */
};

static struct module *find(struct reader *r, const char *name)
{
    for (struct module *m = r->modules; m; m = m->next)
        if (!strcasecmp(m->name, name))
            return m;
    return NULL;
}

/* The next word of a line, copied; NULL at its end. */
static char *word(struct reader *r, const char **line)
{
    *line += strspn(*line, " \t");
    size_t length = strcspn(*line, " \t");
    const char *start = *line;
    *line += length;
    return length ? arena_strndup(r->arena, start, length) : NULL;
}

static void add_instance(struct reader *r, const char *line)
{
    char *module = NULL;
    for (char *w; (w = word(r, &line)) && !strchr(w, '=') && strcasecmp(w, "params:") != 0;)
        module = w;
    struct instance *i = r->current->instances;
    while (i && strcasecmp(i->module, module ? module : "") != 0)
        i = i->next;
    if (!i) {
        i = ARENA_NEW(r->arena, struct instance);
        i->module = module ? module : "";
        i->next = r->current->instances;
        r->current->instances = i;
    }
    i->times++;
}

static int read_file(struct reader *r, const char *path);

static int read_line(struct reader *r, const char *path, const char *line)
{
    const char *rest = line;
    char *first = word(r, &rest);
    if (!first || first[0] == '*')
        return 0;
    if (!strcasecmp(first, ".subckt")) {
        struct module *m = ARENA_NEW(r->arena, struct module);
        m->name = word(r, &rest);
        if (!m->name)
            return -EINVAL;
        m->next = r->modules;
        r->modules = r->current = m;
    } else if (!strcasecmp(first, ".ends")) {
        r->current = &r->top;
    } else if (!strcasecmp(first, ".include")) {
        char *name = word(r, &rest);
        size_t length = name ? strlen(name) : 0;
        if (length > 1 && name[0] == '"')
            name = arena_strndup(r->arena, name + 1, length - 2);
        return name ? read_file(r, fs_beside(r->arena, path, name)) : -EINVAL;
    } else if (tolower((unsigned char)first[0]) == 'x') {
        add_instance(r, rest);
    } else if (first[0] != '.') {
        r->current->own++;
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
    char *text;
    size_t length;
    if (++r->depth > DEEPEST)
        return -ELOOP;
    int error = fs_read_text(r->arena, path, (size_t)1 << 32, &text, &length);
    if (error)
        r->unread = path;
    char *pending = NULL; /* a logical line, its continuations joined in place */
    for (char *line = text; !error && line && *line;) {
        char *end = strchr(line, '\n'), *next = end ? end + 1 : NULL;
        if (end)
            *end = '\0';
        cut_comment(line);
        if (pending && line[0] == '+') {
            size_t used = strlen(pending);
            pending[used] = ' '; /* what lies between was cut off, so there is room */
            memmove(pending + used + 1, line + 1, strlen(line + 1) + 1);
        } else if (line[0] != '*') {
            if (pending)
                error = read_line(r, path, pending);
            pending = line;
        }
        line = next;
    }
    if (!error && pending)
        error = read_line(r, path, pending);
    r->depth--;
    return error;
}

static int total(struct reader *r, struct module *m)
{
    if (m->state == DONE)
        return 0;
    if (m->state == OPEN)
        return -EINVAL;
    m->state = OPEN;
    m->total = m->own;
    for (struct instance *i = m->instances; i; i = i->next) {
        struct module *used = find(r, i->module);
        int error = used ? total(r, used) : -EINVAL;
        if (error)
            return error;
        m->total += i->times * used->total;
    }
    m->state = DONE;
    return 0;
}

int spice_count_elements(struct arena *arena, const char *deck, size_t *count, const char **unread)
{
    struct reader r = {.arena = arena};
    r.current = &r.top;
    int error = read_file(&r, deck);
    if (!error)
        error = total(&r, &r.top);
    *count = r.top.total;
    if (unread)
        *unread = r.unread;
    return error;
}
