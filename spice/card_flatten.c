/* SPDX-License-Identifier: Apache-2.0
 *
 * A device of a PDK is a subcircuit: parameters computed from its sizes, model cards with
 * expressions of them (one card for each bin of sizes), and a few elements, some of which are
 * subcircuits again. Flattening evaluates all that for one size.
 */
#include "spice/card_flatten.h"

#include <math.h>
#include <string.h>

enum { DEEPEST_CALL = 20, MOST_WORDS = 16 };

struct flatten {
    struct card_context context;
    const struct card_library *library;
    const char *device;
    struct card_models *models;
    struct str *text;
    size_t elements;
    int depth;
};

struct word {
    const char *at;
    size_t length;
};

/* One use of a subcircuit. */
struct call {
    struct flatten *f;
    const struct call *outer;
    struct card_scope scope;
    size_t begin, end;             /* lines of its body */
    const char *prefix;            /* of its inner nodes, "" at the top */
    struct word ports[MOST_WORDS]; /* its names for them */
    const char *nodes[MOST_WORDS]; /* what they are called outside; NULL: the same */
    size_t port_count;
    double m;     /* how many stand in parallel */
    bool written; /* w and l are numbers in the call */
    double w, l;  /* in the PDK's own unit */
};

static bool flatten_call(struct call *call);

static bool is_word(struct word word, const char *text)
{
    return strlen(text) == word.length && !memcmp(word.at, text, word.length);
}

static const char *copy_word(struct flatten *f, struct word word)
{
    return arena_strndup(f->context.arena, word.at, word.length);
}

/* --- nodes ---------------------------------------------------------------------------------- */

static const char *node_name(void *user, const char *name, size_t length)
{
    const struct call *call = user;
    struct arena *arena = call->f->context.arena;
    for (size_t i = 0; i < call->port_count; i++)
        if (call->ports[i].length == length && !memcmp(call->ports[i].at, name, length))
            return call->nodes[i] ? call->nodes[i] : arena_strndup(arena, name, length);
    if (length == 1 && *name == '0')
        return "0";
    return arena_printf(arena, "%s%.*s", call->prefix, (int)length, name);
}

/* --- parameters ------------------------------------------------------------------------------ */

static void define(struct call *call, const struct card_assignment *a, struct card_scope *scope)
{
    struct arena *arena = call->f->context.arena;
    struct card_param *param = card_table_set(arena, &call->scope.params, a->name, a->name_length);
    if (param->scope && param->scope != scope)
        return; /* what the caller gave stays */
    param->text = a->value;
    param->length = a->value_length;
    param->scope = scope;
}

/* Defaults and .param lines; of a name that stands twice the last counts. */
static void define_own(struct call *call, const char *heading)
{
    struct card_assignment a;
    while (card_next_assignment(&heading, &a))
        define(call, &a, &call->scope);
    for (size_t i = call->begin; i < call->end; i++) {
        const char *at;
        if (card_line_is(call->f->library->lines[i], ".param", &at))
            while (card_next_assignment(&at, &a))
                define(call, &a, &call->scope);
    }
}

static struct card_value evaluate(struct call *call, const struct card_assignment *a)
{
    return card_evaluate(&call->f->context, &call->scope, a->value, a->value_length);
}

static double evaluate_number(struct call *call, struct card_scope *scope,
                              const struct card_assignment *a)
{
    return card_number(&call->f->context, scope, a->value, a->value_length);
}

/* --- model cards ------------------------------------------------------------------------------ */

/* The name of the written card for a model that this call may use, or NULL. */
static const char *use_model(struct call *call, struct word name, double w, double l)
{
    struct flatten *f = call->f;
    const struct card_library *library = f->library;
    struct card_model_request request = {name.at, name.length, f->device, {w, l, false, 0, 0}};
    for (struct call *owner = call; owner; owner = (struct call *)owner->outer) {
        float scale = (float)library->scale;
        request.size.written = owner->written;
        request.size.own_w = scale * (float)owner->w;
        request.size.own_l = scale * (float)owner->l;
        const char *found = card_models_use(f->models, &f->context, library, &owner->scope,
                                            owner->begin, owner->end, &request);
        if (found)
            return found;
    }
    request.size.written = false;
    return card_models_use(f->models, &f->context, library, (struct card_scope *)&library->globals,
                           0, library->count, &request);
}

/* --- elements --------------------------------------------------------------------------------- */

/* What a parameter of an instance is multiplied by under `.option scale`. */
static double scale_of(const struct flatten *f, char letter, const struct card_assignment *a)
{
    static const char *const lengths[] = {"w", "l", "pd", "ps", "sa", "sb", "sd"};
    struct word name = {a->name, a->name_length};
    double scale = f->library->scale;
    if (letter == 'm' && (is_word(name, "ad") || is_word(name, "as")))
        return scale * scale;
    for (size_t i = 0; i < (letter == 'm' ? sizeof lengths / sizeof *lengths : 2); i++)
        if (is_word(name, lengths[i]))
            return scale;
    return 1;
}

static double size_of(struct call *call, const char *at, const char *name)
{
    struct card_assignment a;
    while (card_next_assignment(&at, &a))
        if (is_word((struct word){a.name, a.name_length}, name))
            return evaluate_number(call, &call->scope, &a) * call->f->library->scale;
    return NAN;
}

static void add_value(struct call *call, const struct card_assignment *a, double factor)
{
    struct card_value value = evaluate(call, a);
    struct str *text = call->f->text;
    if (!value.text)
        card_add_number(text, factor * evaluate_number(call, &call->scope, a));
    else if (factor != 1)
        card_fail(&call->f->context, "a length depends on voltages");
    else if (value.random)
        evaluate_number(call, &call->scope, a); /* says so */
    else
        str_addf(text, "{%s}", value.text);
}

static void add_element(struct call *call, const char *line)
{
    struct flatten *f = call->f;
    struct word words[MOST_WORDS];
    const char *at = line;
    size_t count = 0, nodes = *line == 'm' ? 4 : 2;
    while (count < MOST_WORDS && card_next_word(&at, &words[count].at, &words[count].length))
        count++;
    if (count < nodes + 1 || count > nodes + 2) {
        card_fail(&f->context, "cannot read the element \"%.60s\"", line);
        return;
    }
    str_addf(f->text, "%c%zu", *line, ++f->elements);
    for (size_t i = 1; i <= nodes; i++)
        str_addf(f->text, " %s", node_name(call, words[i].at, words[i].length));
    if (count == nodes + 2) {
        struct word word = words[nodes + 1];
        const char *model = use_model(call, word, size_of(call, at, "w"), size_of(call, at, "l"));
        struct card_assignment value = {word.at, word.at, word.length, word.length};
        if (model)
            str_addf(f->text, " %s", model);
        else if (*line == 'm' || f->context.failed)
            card_fail(&f->context, "no model card \"%.*s\" is for this size", (int)word.length,
                      word.at);
        else
            str_add(f->text, " "), add_value(call, &value, 1);
    }
    bool has_m = false;
    struct card_assignment a;
    while (card_next_assignment(&at, &a)) {
        double factor = scale_of(f, *line, &a);
        if (a.name_length == 1 && *a.name == 'm') {
            has_m = true;
            factor = call->m;
        }
        str_addf(f->text, " %.*s=", (int)a.name_length, a.name);
        add_value(call, &a, factor);
    }
    if (!has_m && call->m != 1) {
        str_add(f->text, " m=");
        card_add_number(f->text, call->m);
    }
    str_add(f->text, "\n");
}

/* --- calls ------------------------------------------------------------------------------------ */

/* Finds the subcircuit and its ports; what the caller gave must be defined already. */
static bool open_call(struct call *call, const char *name)
{
    struct flatten *f = call->f;
    call->begin = card_library_subckt(f->library, name);
    if (call->begin == f->library->count) {
        card_fail(&f->context, "the library has no subcircuit \"%s\"", name);
        return false;
    }
    const char *at, *heading = f->library->lines[call->begin - 1];
    struct word word;
    card_line_is(heading, ".subckt", &at);
    card_next_word(&at, &word.at, &word.length);
    while (call->port_count < MOST_WORDS && card_next_word(&at, &word.at, &word.length))
        call->ports[call->port_count++] = word;
    int depth = 1;
    for (call->end = call->begin; call->end < f->library->count; call->end++) {
        const char *rest, *line = f->library->lines[call->end];
        depth += card_line_is(line, ".subckt", &rest) - card_line_is(line, ".ends", &rest);
        if (depth == 0)
            break;
    }
    define_own(call, at);
    call->scope.node = node_name;
    call->scope.user = call;
    return true;
}

static void add_inner_call(struct call *outer, const char *line)
{
    struct flatten *f = outer->f;
    struct word words[MOST_WORDS];
    const char *at = line;
    size_t count = 0;
    while (count < MOST_WORDS && card_next_word(&at, &words[count].at, &words[count].length))
        count++;
    if (count < 3 || f->depth == DEEPEST_CALL) {
        card_fail(&f->context, "cannot follow \"%.60s\"", line);
        return;
    }
    struct call call = {.f = f, .outer = outer, .m = outer->m, .scope.outer = &outer->scope};
    call.prefix = arena_printf(f->context.arena, "%s%s_", outer->prefix, copy_word(f, words[0]));
    struct card_assignment a;
    while (card_next_assignment(&at, &a))
        if (a.name_length == 1 && *a.name == 'm')
            call.m *= evaluate_number(outer, &outer->scope, &a);
        else
            define(&call, &a, &outer->scope);
    if (!open_call(&call, copy_word(f, words[count - 1])))
        return;
    if (call.port_count != count - 2) {
        card_fail(&f->context, "\"%.60s\" has not as many nodes as its subcircuit", line);
        return;
    }
    for (size_t i = 0; i < call.port_count; i++)
        call.nodes[i] = node_name(outer, words[i + 1].at, words[i + 1].length);
    f->depth++;
    flatten_call(&call);
    f->depth--;
}

static bool flatten_call(struct call *call)
{
    struct flatten *f = call->f;
    for (size_t i = call->begin; i < call->end && !f->context.failed; i++) {
        const char *line = f->library->lines[i], *rest;
        if (strchr("mrc", *line))
            add_element(call, line);
        else if (*line == 'x')
            add_inner_call(call, line);
        else if (!card_line_is(line, ".param", &rest) && !card_line_is(line, ".model", &rest))
            card_fail(&f->context, "oscc cannot slice a device with \"%.60s\"", line);
    }
    return !f->context.failed;
}

/* A size, under the first of the names that the device has for it, in the PDK's own unit: um
 * where it sets .option scale, else m. 0 where the device has none. */
static double set_size(struct call *call, const char *const *names, double value_um)
{
    struct flatten *f = call->f;
    for (size_t i = 0; names[i]; i++) {
        struct card_param *param = card_table_find(&call->scope.params, names[i], strlen(names[i]));
        if (!param)
            continue;
        if (!(value_um > 0 && isfinite(value_um)))
            card_fail(&f->context, "its %s must be given", names[0]);
        double own = f->library->scale != 1 ? value_um : value_um * 1e-6;
        param->state = CARD_KNOWN;
        param->value = (struct card_value){.number = own};
        return own;
    }
    if (value_um != 0)
        card_fail(&f->context, "its %s cannot be chosen", names[0]);
    return 0;
}

bool card_flatten(struct arena *arena, const struct card_library *library, const char *device,
                  double w_um, double l_um, const char *name, struct card_models *models,
                  struct str *text, struct diags *diags)
{
    static const char *const widths[] = {"w", "r_width", "c_width", NULL};
    static const char *const lengths[] = {"l", "r_length", "c_length", NULL};
    struct flatten f = {
        .context = {.arena = arena, .diags = diags, .what = name},
        .library = library,
        .device = device,
        .models = models,
        .text = text,
    };
    struct call call = {
        .f = &f, .prefix = "", .m = 1, .scope.outer = (struct card_scope *)&library->globals};
    if (!open_call(&call, device))
        return false;
    call.w = set_size(&call, widths, w_um);
    call.l = set_size(&call, lengths, l_um);
    call.written = call.w > 0 && call.l > 0;
    str_addf(text, ".subckt %s", name);
    for (size_t i = 0; i < call.port_count; i++)
        str_addf(text, " %.*s", (int)call.ports[i].length, call.ports[i].at);
    str_add(text, "\n");
    flatten_call(&call);
    str_add(text, ".ends\n");
    return !f.context.failed;
}
