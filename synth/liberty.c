/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/liberty.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* name (argument) { groups and attributes }; an attribute has no body, its value is the argument.
 */
struct group {
    const char *name, *argument;
    struct group *first, *last, *next;
};

struct reader {
    struct arena *arena;
    const char *at;
    size_t line;
    bool wrong;
};

static void skip(struct reader *r)
{
    for (;;) {
        if (*r->at == '\n')
            r->line++;
        if (isspace((unsigned char)*r->at) || *r->at == '\\') {
            r->at++;
        } else if (r->at[0] == '/' && r->at[1] == '*') {
            const char *end = strstr(r->at + 2, "*/");
            for (; end && r->at < end; r->at++)
                r->line += *r->at == '\n';
            r->at = end ? end + 2 : r->at + strlen(r->at);
        } else {
            return;
        }
    }
}

/* What stands up to one of the stops, strings' quotes and line joints left out. */
static const char *value(struct reader *r, const char *stops)
{
    struct str text = {0};
    bool quoted = false;
    for (; *r->at && (quoted || !strchr(stops, *r->at)); r->at++) {
        r->line += *r->at == '\n';
        if (*r->at == '"')
            quoted = !quoted;
        else if (*r->at != '\\' && *r->at != '\n')
            str_add_bytes(&text, r->at, 1);
    }
    while (text.length && isspace((unsigned char)text.text[text.length - 1]))
        text.text[--text.length] = '\0';
    char *copy = arena_strdup(r->arena, str_text(&text));
    str_free(&text);
    r->wrong = r->wrong || !*r->at;
    return copy;
}

static struct group *read_group(struct reader *r);

static void read_body(struct reader *r, struct group *group)
{
    for (skip(r); *r->at && *r->at != '}' && !r->wrong; skip(r)) {
        struct group *child = read_group(r);
        if (group->last)
            group->last->next = child;
        else
            group->first = child;
        group->last = child;
    }
    if (*r->at == '}')
        r->at++;
    else
        r->wrong = true;
}

static struct group *read_group(struct reader *r)
{
    struct group *group = ARENA_NEW(r->arena, struct group);
    group->name = value(r, "(:{};");
    group->argument = "";
    if (*r->at == ':') {
        r->at++;
        skip(r);
        group->argument = value(r, ";}\n");
    } else if (*r->at == '(') {
        r->at++;
        skip(r);
        group->argument = value(r, ")");
        if (*r->at == ')')
            r->at++;
        skip(r);
        if (*r->at == '{') {
            r->at++;
            read_body(r, group);
        }
    } else {
        r->wrong = true;
    }
    skip(r);
    if (*r->at == ';')
        r->at++;
    return group;
}

static const struct group *find(const struct group *group, const char *name)
{
    for (const struct group *child = group->first; child; child = child->next)
        if (!strcmp(child->name, name))
            return child;
    return NULL;
}

static double number(const struct group *group, const char *name, double otherwise)
{
    const struct group *found = find(group, name);
    return found ? strtod(found->argument, NULL) : otherwise;
}

static const char *word(const struct group *group, const char *name)
{
    const struct group *found = find(group, name);
    return found ? found->argument : "";
}

static size_t numbers(struct arena *arena, const char *text, const double **list)
{
    double *values = NULL;
    size_t count = 0, room = 0;
    for (;;) {
        text += strspn(text, ", \t");
        char *end;
        double got = strtod(text, &end);
        if (end == text)
            break;
        ARENA_GROW(arena, values, count, room);
        values[count++] = got;
        text = end;
    }
    *list = values;
    return count;
}

/* The row of a table at a slew, by linear interpolation; outside of it, the nearest. */
static void add_row(const double *slew, size_t slews, const double *table, size_t loads, double at,
                    double *sum)
{
    size_t upper = 1;
    while (upper + 1 < slews && slew[upper] < at)
        upper++;
    double part = 0;
    if (slews > 1) {
        part = (at - slew[upper - 1]) / (slew[upper] - slew[upper - 1]);
        part = part < 0 ? 0 : part > 1 ? 1 : part;
    }
    for (size_t l = 0; l < loads; l++)
        sum[l] +=
            table[(upper - 1) * loads + l] +
            (slews > 1 ? part * (table[upper * loads + l] - table[(upper - 1) * loads + l]) : 0);
}

/* rise_power and fall_power of every internal_power of a pin, the mean of their sums. */
static void add_power(struct arena *arena, const struct group *group, double slew_ns,
                      struct liberty_pin *pin)
{
    double *sum = NULL;
    size_t groups = 0;
    for (const struct group *power = group->first; power; power = power->next) {
        if (strcmp(power->name, "internal_power") != 0)
            continue;
        groups++;
        for (const struct group *edge = power->first; edge; edge = edge->next) {
            const double *slew, *load, *table;
            if (strcmp(edge->name, "rise_power") != 0 && strcmp(edge->name, "fall_power") != 0)
                continue;
            size_t slews = numbers(arena, word(edge, "index_1"), &slew);
            size_t loads = numbers(arena, word(edge, "index_2"), &load);
            size_t entries = numbers(arena, word(edge, "values"), &table);
            loads = loads ? loads : 1;
            slews = slews ? slews : 1;
            if (entries != slews * loads || (sum && loads != pin->load_count))
                continue;
            if (!sum) {
                sum = ARENA_ARRAY(arena, double, loads);
                double *f = ARENA_ARRAY(arena, double, loads);
                for (size_t l = 0; loads > 1 && l < loads; l++)
                    f[l] = 1e-12 * load[l];
                pin->load_f = f;
                pin->load_count = loads;
            }
            add_row(slew, slews, table, loads, slew_ns, sum);
        }
    }
    for (size_t l = 0; l < pin->load_count; l++)
        sum[l] *= 1e-12 / (double)groups;
    pin->cycle_j = sum;
}

static void read_cell(struct arena *arena, const struct group *group, double slew_s,
                      struct liberty_cell *cell)
{
    size_t room = 0;
    struct liberty_pin *pins = NULL;
    cell->name = group->argument;
    cell->area_um2 = number(group, "area", 0);
    cell->leakage_w = 1e-9 * number(group, "cell_leakage_power", 0);
    for (const struct group *child = group->first; child; child = child->next) {
        if (strcmp(child->name, "pin") != 0)
            continue;
        ARENA_GROW(arena, pins, cell->pin_count, room);
        struct liberty_pin *pin = &pins[cell->pin_count++];
        pin->name = child->argument;
        pin->output = !strcmp(word(child, "direction"), "output");
        pin->capacitance_f = 1e-12 * number(child, "capacitance", 0);
        add_power(arena, child, 1e9 * slew_s, pin);
    }
    cell->pins = pins;
}

const struct liberty *liberty_read(struct arena *arena, const char *text, double slew_s,
                                   size_t *fault)
{
    struct reader reader = {arena, text, 1, false};
    skip(&reader);
    const struct group *root = read_group(&reader);
    skip(&reader);
    *fault = reader.line;
    if (reader.wrong || *reader.at || strcmp(root->name, "library") != 0)
        return NULL;
    struct liberty *liberty = ARENA_NEW(arena, struct liberty);
    struct liberty_cell *cells = NULL;
    size_t room = 0;
    const struct group *conditions = find(root, "operating_conditions");
    liberty->supply_v = conditions ? number(conditions, "voltage", 0) : 0;
    liberty->supply_v = number(root, "nom_voltage", liberty->supply_v);
    for (const struct group *child = root->first; child; child = child->next) {
        if (strcmp(child->name, "cell") != 0)
            continue;
        ARENA_GROW(arena, cells, liberty->cell_count, room);
        read_cell(arena, child, slew_s, &cells[liberty->cell_count++]);
    }
    liberty->cells = cells;
    return liberty;
}

const struct liberty_cell *liberty_find(const struct liberty *liberty, const char *name)
{
    for (size_t i = 0; i < liberty->cell_count; i++)
        if (!strcmp(liberty->cells[i].name, name))
            return &liberty->cells[i];
    return NULL;
}

const struct liberty_pin *liberty_pin(const struct liberty_cell *cell, const char *name)
{
    for (size_t i = 0; i < cell->pin_count; i++)
        if (!strcmp(cell->pins[i].name, name))
            return &cell->pins[i];
    return NULL;
}

double liberty_edge_j(const struct liberty_pin *pin, double load_f)
{
    if (!pin->load_count)
        return 0;
    if (pin->load_count == 1)
        return pin->cycle_j[0] / 2;
    size_t upper = 1;
    while (upper + 1 < pin->load_count && pin->load_f[upper] < load_f)
        upper++;
    double step = pin->load_f[upper] - pin->load_f[upper - 1];
    double part = step > 0 ? (load_f - pin->load_f[upper - 1]) / step : 0;
    part = part < 0 ? 0 : part;
    return (pin->cycle_j[upper - 1] + part * (pin->cycle_j[upper] - pin->cycle_j[upper - 1])) / 2;
}

static bool is_kept(const char *name, size_t length, const char *prefix, const char *const *kept)
{
    size_t before = strlen(prefix), end = length;
    if (length <= before || strncmp(name, prefix, before) != 0)
        return false;
    while (end > before && isdigit((unsigned char)name[end - 1]))
        end--;
    if (end == length || end <= before || name[end - 1] != '_')
        return false;
    for (; *kept; kept++)
        if (strlen(*kept) == end - 1 - before && !strncmp(*kept, name + before, end - 1 - before))
            return true;
    return false;
}

/* Behind the bracket that closes the first one; strings may hold others. */
static const char *behind_body(const char *at)
{
    int depth = 0;
    bool quoted = false;
    for (; *at; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (!quoted && *at == '{')
            depth++;
        else if (!quoted && *at == '}' && --depth == 0)
            return at + 1;
    }
    return at;
}

void liberty_trim(const char *text, const char *prefix, const char *const *kept, struct str *out)
{
    while (*text) {
        const char *line = text + strspn(text, " \t");
        size_t whole = strcspn(text, "\n");
        if (!strncmp(line, "cell", 4) && line[4 + strspn(line + 4, " \t")] == '(') {
            const char *name = strchr(line, '(') + 1;
            name += strspn(name, " \t\"");
            const char *end = behind_body(text);
            if (is_kept(name, strcspn(name, "\") \t"), prefix, kept))
                str_add_bytes(out, text, (size_t)(end - text));
            text = end;
            continue;
        }
        whole += text[whole] == '\n';
        str_add_bytes(out, text, whole);
        text += whole;
    }
}
