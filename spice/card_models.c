/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/card_models.h"

#include <math.h>
#include <string.h>

struct word {
    const char *at;
    size_t length;
};

static bool is_word(struct word word, const char *text)
{
    return strlen(text) == word.length && !memcmp(word.at, text, word.length);
}

static bool is_bin_limit(const struct card_assignment *a)
{
    struct word name = {a->name, a->name_length};
    return is_word(name, "lmin") || is_word(name, "lmax") || is_word(name, "wmin") ||
           is_word(name, "wmax");
}

/* ngspice 39 has two rules. Where the call of a subcircuit gives w and l as numbers, the cards in
 * the subcircuit are sorted out by low <= size < high, in single precision (subckt.c): that
 * decides which side of a limit 0.65 um is on. Else both ends belong to the bin, with 1 nm to
 * spare, and the first bin that fits is taken (inpgmod.c). */
static bool is_within(double value, float own, const double limits[2], const struct card_size *size)
{
    if (size->written)
        return own >= (float)limits[0] && own < (float)limits[1];
    return fabs(value - limits[0]) < 1e-9 || fabs(value - limits[1]) < 1e-9 ||
           (value > limits[0] && value < limits[1]);
}

static bool fits(struct card_context *context, struct card_scope *scope, const char *at,
                 const struct card_size *size)
{
    double limits[4] = {NAN, NAN, NAN, NAN};
    static const char *const names[] = {"lmin", "lmax", "wmin", "wmax"};
    struct card_assignment a;
    while (card_next_assignment(&at, &a))
        for (size_t i = 0; i < 4; i++)
            if (is_word((struct word){a.name, a.name_length}, names[i]))
                limits[i] = card_number(context, scope, a.value, a.value_length);
    return is_within(size->l, size->own_l, limits, size) &&
           is_within(size->w, size->own_w, limits + 2, size);
}

/* ".model name type": whether the line is a card of that name, or of one of its bins. */
static bool is_model(const char *line, struct word name, bool *binned, struct word *type,
                     const char **parameters)
{
    const char *at;
    struct word found;
    if (!card_line_is(line, ".model", &at) || !card_next_word(&at, &found.at, &found.length) ||
        found.length < name.length || memcmp(found.at, name.at, name.length) != 0 ||
        !card_next_word(&at, &type->at, &type->length))
        return false;
    *parameters = at;
    *binned = found.length > name.length;
    const char *dot = found.at + name.length;
    return !*binned || (*dot == '.' && found.length > name.length + 1 &&
                        strspn(dot + 1, "0123456789") == found.length - name.length - 1);
}

/* Searches lines outside of inner subcircuits. */
static const char *search(struct card_context *context, const struct card_library *library,
                          struct card_scope *scope, size_t begin, size_t end, struct word name,
                          const struct card_size *size, struct word *type)
{
    int depth = 0;
    for (size_t i = begin; i < end; i++) {
        const char *line = library->lines[i], *rest, *parameters;
        bool binned;
        if (*line != '.')
            continue;
        depth += card_line_is(line, ".subckt", &rest) - card_line_is(line, ".ends", &rest);
        if (depth == 0 && is_model(line, name, &binned, type, &parameters) &&
            (!binned || fits(context, scope, parameters, size)))
            return parameters;
    }
    return NULL;
}

static void add_break(struct str *line, size_t *start)
{
    if (line->length - *start > 90) {
        str_add(line, "\n+");
        *start = line->length - 1;
    }
}

void card_add_number(struct str *str, double value)
{
    str_addf(str, "%.16g", value);
}

/* "type name=value ...": literals stay as they are written, so that ngspice reads the same. */
static const char *evaluate(struct card_context *context, const struct card_library *library,
                            struct card_scope *scope, struct word type, const char *at)
{
    static const char *const lengths[] = {"dw", "dl", "defw", "defl", "narrow", "short"};
    struct str body = {0};
    size_t start = 0;
    bool scaled = library->scale != 1 && (is_word(type, "r") || is_word(type, "c"));
    str_addf(&body, "%.*s", (int)type.length, type.at);
    struct card_assignment a;
    while (card_next_assignment(&at, &a)) {
        if (is_bin_limit(&a))
            continue;
        for (size_t i = 0; scaled && i < sizeof lengths / sizeof *lengths; i++)
            if (is_word((struct word){a.name, a.name_length}, lengths[i]))
                card_fail(context, "oscc does not know how \"%s\" of a model is scaled",
                          lengths[i]);
        add_break(&body, &start);
        str_addf(&body, " %.*s=", (int)a.name_length, a.name);
        if (card_is_literal(a.value, a.value_length))
            str_add_bytes(&body, a.value, a.value_length);
        else
            card_add_number(&body, card_number(context, scope, a.value, a.value_length));
    }
    const char *word;
    size_t length;
    if (card_next_word(&at, &word, &length))
        card_fail(context, "cannot read \"%.*s\" in a model card", (int)length, word);
    const char *text = arena_strdup(context->arena, str_text(&body));
    str_free(&body);
    return text;
}

static const char *write_once(struct card_models *models, struct arena *arena, const char *device,
                              const char *body)
{
    for (size_t i = 0; i < models->count; i++)
        if (!strcmp(models->list[i].body, body))
            return models->list[i].name;
    ARENA_GROW(arena, models->list, models->count, models->room);
    const char *name = arena_printf(arena, "%s_card%zu", device, models->count + 1);
    models->list[models->count++] = (struct card_written){body, name};
    str_addf(&models->text, ".model %s %s\n", name, body);
    return name;
}

const char *card_models_use(struct card_models *models, struct card_context *context,
                            const struct card_library *library, struct card_scope *scope,
                            size_t begin, size_t end, const struct card_model_request *request)
{
    struct word name = {request->name, request->name_length}, type;
    const char *at = search(context, library, scope, begin, end, name, &request->size, &type);
    return at ? write_once(models, context->arena, request->device,
                           evaluate(context, library, scope, type, at))
              : NULL;
}
