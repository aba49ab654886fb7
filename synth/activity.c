/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/activity.h"

#include <stdlib.h>
#include <string.h>

struct variable {
    const char *code; /* the dump's short name */
    size_t width;
    struct activity_bit *bits;
    char *value; /* of each bit: '0', '1' or 'x' */
    double *since_s;
};

struct name {
    const char *name;
    size_t variable;
};

/* Open addressing; slots hold index + 1. */
struct table {
    size_t *slots, size;
};

struct activity {
    struct arena *arena;
    struct variable *variables;
    struct name *names;
    size_t variable_count, variable_room, name_count, name_room;
    struct table by_code, by_name;
};

struct stream {
    FILE *file;
    size_t line;
    char *word; /* the last one read */
    size_t room;
};

/* The next word between blanks, or NULL at the end. */
static const char *next(struct stream *s)
{
    int c;
    size_t length = 0;
    while ((c = getc_unlocked(s->file)) == ' ' || c == '\n' || c == '\t' || c == '\r')
        s->line += c == '\n';
    if (c == EOF)
        return NULL;
    do {
        if (length + 1 >= s->room) {
            s->room = s->room ? 2 * s->room : 256;
            s->word = realloc(s->word, s->room);
            if (!s->word)
                arena_out_of_memory();
        }
        s->word[length++] = (char)c;
        c = getc_unlocked(s->file);
    } while (c != EOF && c != ' ' && c != '\n' && c != '\t' && c != '\r');
    s->line += c == '\n';
    s->word[length] = '\0';
    return s->word;
}

static size_t hash(const char *text)
{
    uint64_t h = 1469598103934665603u; /* FNV-1a */
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211u;
    return (size_t)(h ^ (h >> 29));
}

static const char *key_of(const struct activity *a, const struct table *table, size_t index)
{
    return table == &a->by_code ? a->variables[index].code : a->names[index].name;
}

static size_t *slot(const struct activity *a, const struct table *table, const char *key)
{
    size_t at = hash(key) & (table->size - 1);
    while (table->slots[at] && strcmp(key_of(a, table, table->slots[at] - 1), key) != 0)
        at = (at + 1) & (table->size - 1);
    return &table->slots[at];
}

static void enter(struct activity *a, struct table *table, const char *key, size_t index)
{
    if (2 * (index + 1) >= table->size) {
        const struct table old = *table;
        table->size = old.size ? 2 * old.size : 1024;
        table->slots = ARENA_ARRAY(a->arena, size_t, table->size);
        for (size_t i = 0; i < old.size; i++)
            if (old.slots[i])
                *slot(a, table, key_of(a, table, old.slots[i] - 1)) = old.slots[i];
    }
    *slot(a, table, key) = index + 1;
}

/* $var kind width code name [range] $end */
static bool read_variable(struct activity *a, struct stream *s, const char *scope)
{
    const char *word = next(s);
    word = word ? next(s) : NULL;
    size_t width = word ? strtoul(word, NULL, 10) : 0;
    word = next(s);
    if (!word || !width)
        return false;
    char *code = arena_strdup(a->arena, word);
    word = next(s);
    if (!word)
        return false;
    word += *word == '\\';
    char *name = arena_printf(a->arena, "%s.%s", scope, word);
    while ((word = next(s)) && strcmp(word, "$end") != 0)
        if (*word == '[' && width == 1 && !strchr(word, ':')) /* one bit of an array of wires */
            name = arena_printf(a->arena, "%s%s", name, word);
    if (a->by_code.size && *slot(a, &a->by_code, code)) {
        width = 0; /* another name of the same */
    } else {
        ARENA_GROW(a->arena, a->variables, a->variable_count, a->variable_room);
        struct variable *v = &a->variables[a->variable_count];
        *v = (struct variable){.code = code,
                               .width = width,
                               .bits = ARENA_ARRAY(a->arena, struct activity_bit, width),
                               .value = ARENA_ARRAY(a->arena, char, width + 1),
                               .since_s = ARENA_ARRAY(a->arena, double, width)};
        memset(v->value, 'x', width);
        enter(a, &a->by_code, code, a->variable_count++);
    }
    ARENA_GROW(a->arena, a->names, a->name_count, a->name_room);
    a->names[a->name_count] = (struct name){name, *slot(a, &a->by_code, code) - 1};
    enter(a, &a->by_name, name, a->name_count++);
    return word != NULL;
}

/* $scope kind name $end; a dump of Icarus writes an escaped name with its backslash. */
static char *inner_scope(struct activity *a, struct stream *s, const char *scope)
{
    const char *word = next(s);
    word = word ? next(s) : NULL;
    if (!word)
        return NULL;
    word += *word == '\\';
    char *inner =
        *scope ? arena_printf(a->arena, "%s.%s", scope, word) : arena_strdup(a->arena, word);
    word = next(s);
    return word ? inner : NULL;
}

/* Everything up to $enddefinitions. */
static bool read_head(struct activity *a, struct stream *s, double *unit_s)
{
    enum { DEEPEST = 64 };
    const char *scopes[DEEPEST] = {""}, *word;
    size_t depth = 0;
    while ((word = next(s))) {
        if (!strcmp(word, "$scope")) {
            if (depth + 1 == DEEPEST || !(scopes[depth + 1] = inner_scope(a, s, scopes[depth])))
                return false;
            depth++;
            continue;
        }
        if (!strcmp(word, "$var")) {
            if (!read_variable(a, s, scopes[depth]))
                return false;
            continue;
        }
        bool timescale = !strcmp(word, "$timescale"), end = !strcmp(word, "$enddefinitions");
        if (!strcmp(word, "$upscope")) {
            if (!depth--)
                return false;
        } else if (*word != '$') {
            return false;
        }
        double number = 1;
        while ((word = next(s)) && strcmp(word, "$end") != 0) {
            if (!timescale)
                continue;
            char *rest;
            double read = strtod(word, &rest);
            number = rest != word ? read : number;
            if (*rest)
                *unit_s = number * (!strcmp(rest, "fs")   ? 1e-15
                                    : !strcmp(rest, "ps") ? 1e-12
                                    : !strcmp(rest, "ns") ? 1e-9
                                    : !strcmp(rest, "us") ? 1e-6
                                                          : 1);
        }
        if (end)
            return word != NULL;
    }
    return false;
}

static void change(struct variable *v, size_t bit, char value, size_t window, size_t windows,
                   double now_s)
{
    char old = v->value[bit];
    if (value == old)
        return;
    if (window < windows) {
        v->bits[bit].toggles[window] +=
            (old == '0' && value == '1') || (old == '1' && value == '0');
        if (old == '1')
            v->bits[bit].high_s[window] += now_s - v->since_s[bit];
    }
    v->value[bit] = value;
    v->since_s[bit] = now_s;
}

/* At the end of a window, what is high has been so in it. */
static void close_window(struct activity *a, size_t window, double end_s)
{
    for (size_t i = 0; i < a->variable_count; i++) {
        struct variable *v = &a->variables[i];
        for (size_t b = 0; b < v->width; b++) {
            if (v->value[b] == '1')
                v->bits[b].high_s[window] += end_s - v->since_s[b];
            v->since_s[b] = end_s;
        }
    }
}

static char level(char c)
{
    return c == '0' || c == '1' ? c : 'x';
}

/* Values are written without leading zeros, or x or z. */
static void change_all(struct variable *v, const char *digits, size_t window, size_t windows,
                       double now_s)
{
    size_t length = strlen(digits);
    char fill = level(*digits) == 'x' ? 'x' : '0';
    for (size_t b = 0; b < v->width; b++)
        change(v, b, b < length ? level(digits[length - 1 - b]) : fill, window, windows, now_s);
}

static bool read_changes(struct activity *a, struct stream *s, double unit_s, size_t windows,
                         const double *end_s)
{
    size_t window = 0;
    double now_s = 0;
    const char *word;
    struct str digits = {0};
    bool good = true;
    while (good && (word = next(s))) {
        if (*word == '#') {
            now_s = strtod(word + 1, NULL) * unit_s;
            for (; window < windows && now_s >= end_s[window]; window++)
                close_window(a, window, end_s[window]);
        } else if (*word == 'b' || *word == 'B') {
            digits.length = 0;
            str_add(&digits, word + 1);
            word = next(s);
            size_t *found = word ? slot(a, &a->by_code, word) : NULL;
            good = found && *found;
            if (good)
                change_all(&a->variables[*found - 1], str_text(&digits), window, windows, now_s);
        } else if (*word == 'r' || *word == 'R') {
            good = next(s) != NULL; /* real numbers are of no use here */
        } else if (*word != '$') {
            size_t *found = slot(a, &a->by_code, word + 1);
            good = *found && strchr("01xXzZ", *word);
            if (good)
                change(&a->variables[*found - 1], 0, level(*word), window, windows, now_s);
        }
    }
    for (; good && window < windows; window++)
        close_window(a, window, now_s < end_s[window] ? now_s : end_s[window]);
    str_free(&digits);
    return good;
}

struct activity *activity_read(struct arena *arena, FILE *file, size_t windows, const double *end_s,
                               size_t *fault)
{
    struct activity *a = ARENA_NEW(arena, struct activity);
    struct stream s = {.file = file, .line = 1};
    double unit_s = 1e-9;
    a->arena = arena;
    bool good = read_head(a, &s, &unit_s) && a->variable_count &&
                read_changes(a, &s, unit_s, windows, end_s);
    *fault = s.line;
    free(s.word);
    return good ? a : NULL;
}

const struct activity_bit *activity_find(const struct activity *activity, const char *name,
                                         size_t bit)
{
    const size_t *found = slot(activity, &activity->by_name, name);
    if (!*found)
        return NULL;
    const struct variable *v = &activity->variables[activity->names[*found - 1].variable];
    return bit < v->width ? &v->bits[bit] : NULL;
}
