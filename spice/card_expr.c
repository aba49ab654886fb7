/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/card_expr.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "spice/card_function.h"

enum { DEEPEST = 200 }; /* nested parameters and parentheses */

struct parser {
    struct card_context *context;
    struct card_scope *scope;
    const char *at, *end;
};

static struct card_value choice(struct parser *p);

void card_fail(struct card_context *context, const char *format, ...)
{
    if (context->failed)
        return;
    context->failed = true;
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(context->arena, format, args);
    va_end(args);
    diag_error(context->diags, DIAG_TOOL, SPAN_NONE, "%s: %s", context->what, message);
}

static struct card_value number(double value)
{
    return (struct card_value){.number = value};
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

static bool is_name(char c)
{
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '.';
}

/* Braces and quotes only mark where an expression begins and ends. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '"';
}

static void skip_blanks(struct parser *p)
{
    while (p->at < p->end && is_blank(*p->at))
        p->at++;
}

static bool take(struct parser *p, const char *token)
{
    skip_blanks(p);
    size_t length = strlen(token);
    if ((size_t)(p->end - p->at) < length || memcmp(p->at, token, length) != 0)
        return false;
    p->at += length;
    return true;
}

static struct card_value fail_at(struct parser *p, const char *why)
{
    card_fail(p->context, "cannot read \"%.*s\": %s",
              (int)(p->end - p->at < 60 ? p->end - p->at : 60), p->at, why);
    p->at = p->end;
    return number(0);
}

/* --- operators ----------------------------------------------------------------------------- */

static const char *as_text(struct parser *p, struct card_value value)
{
    if (value.text)
        return value.text;
    if (!isfinite(value.number))
        card_fail(p->context, "a part of an expression is not finite");
    struct str str = {0};
    if (value.number < 0)
        str_add(&str, "(");
    str_add_exact(&str, value.number);
    if (value.number < 0)
        str_add(&str, ")");
    const char *text = arena_strdup(p->context->arena, str_text(&str));
    str_free(&str);
    return text;
}

static bool is_constant(struct card_value value, double number_)
{
    return !value.text && !value.random && value.number == number_;
}

/* numparam's power depends on the compatibility mode where the base is negative */
static double power(struct parser *p, double x, double y)
{
    if (x < 0 || (x == 0 && y <= 0)) {
        card_fail(p->context, "the power %g**%g depends on ngspice's settings", x, y);
        return 0;
    }
    return pow(x, y);
}

static double operate(struct parser *p, const char *op, double x, double y)
{
    switch (op[0]) {
    case '+':
        return x + y;
    case '-':
        return x - y;
    case '*':
        return op[1] ? power(p, x, y) : x * y;
    case '/':
        return x / y;
    case '%':
        return x - y * trunc(x / y);
    case '&':
        return x != 0 && y != 0;
    case '|':
        return x != 0 || y != 0;
    case '=':
        return x == y;
    case '!':
        return x != y;
    case '<':
        return op[1] ? x <= y : x < y;
    default:
        return op[1] ? x >= y : x > y;
    }
}

static struct card_value binary(struct parser *p, const char *op, struct card_value a,
                                struct card_value b)
{
    bool times = !strcmp(op, "*"), over = !strcmp(op, "/");
    if ((times && (is_constant(a, 0) || is_constant(b, 0))) || (over && is_constant(a, 0)))
        return number(0); /* 0 * agauss(...) is no random number */
    struct card_value result = {.random = a.random || b.random};
    if (!a.text && !b.text) {
        result.number = operate(p, op, a.number, b.number);
        return result;
    }
    bool sum = !strcmp(op, "+");
    if ((sum && is_constant(a, 0)) || (times && is_constant(a, 1)))
        return b;
    if (((sum || !strcmp(op, "-")) && is_constant(b, 0)) || ((times || over) && is_constant(b, 1)))
        return a;
    result.text = arena_printf(p->context->arena, "(%s%s%s)", as_text(p, a), op, as_text(p, b));
    return result;
}

/* --- operands ------------------------------------------------------------------------------ */

double card_read_number(const char *text, const char **end)
{
    char *after;
    double value = strtod(text, &after);
    static const struct {
        const char *suffix;
        double factor;
    } units[] = {{"meg", 1e6}, {"t", 1e12}, {"g", 1e9},   {"k", 1e3},   {"m", 1e-3},
                 {"u", 1e-6},  {"n", 1e-9}, {"p", 1e-12}, {"f", 1e-15}, {"a", 1e-18}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!strncmp(after, units[i].suffix, strlen(units[i].suffix))) {
            value *= units[i].factor;
            break;
        }
    while ((*after >= 'a' && *after <= 'z') || (*after >= 'A' && *after <= 'Z'))
        after++;
    *end = after;
    return value;
}

bool card_is_literal(const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || !((*at >= '0' && *at <= '9') || *at == '.'))
        return false;
    card_read_number(text, &at);
    return at == end;
}

static struct card_value param_value(struct card_context *context, struct card_scope *scope,
                                     const char *name, size_t length)
{
    for (; scope; scope = scope->outer) {
        struct card_param *param = card_table_find(&scope->params, name, length);
        if (!param || param->state == CARD_BUSY) /* l={l} means the caller's l */
            continue;
        if (param->state == CARD_NEW) {
            param->state = CARD_BUSY;
            param->value = card_evaluate(context, param->scope, param->text, param->length);
            param->state = CARD_KNOWN;
        }
        return param->value;
    }
    card_fail(context, "the parameter \"%.*s\" is not defined", (int)length, name);
    return number(0);
}

/* v(a,b) and i(vsense): the names of nodes as they are called outside */
static struct card_value probe(struct parser *p, char letter)
{
    struct str str = {0};
    str_addf(&str, "%c(", letter);
    for (bool more = true; more;) {
        skip_blanks(p);
        const char *name = p->at;
        while (p->at < p->end && !strchr(" \t,)", *p->at))
            p->at++;
        size_t length = (size_t)(p->at - name);
        if (letter == 'v' && p->scope->node)
            str_add(&str, p->scope->node(p->scope->user, name, length));
        else
            str_add_bytes(&str, name, length);
        more = take(p, ",");
        str_add(&str, more ? "," : ")");
    }
    const char *text = arena_strdup(p->context->arena, str_text(&str));
    str_free(&str);
    if (!take(p, ")"))
        return fail_at(p, "\")\" is missing");
    return (struct card_value){.text = text};
}

static struct card_value call(struct parser *p, const char *name, size_t length)
{
    if (length == 1 && (*name == 'v' || *name == 'i'))
        return probe(p, *name);
    struct card_value args[CARD_ARGUMENTS] = {{0}};
    size_t count = 0;
    do {
        if (count == CARD_ARGUMENTS)
            return fail_at(p, "too many arguments");
        args[count++] = choice(p);
    } while (take(p, ","));
    if (!take(p, ")"))
        return fail_at(p, "\")\" is missing");

    const struct card_function *function = card_function_find(name, length, count);
    if (!function) {
        card_fail(p->context, "the function \"%.*s\" of %zu is not known", (int)length, name,
                  count);
        return number(0);
    }
    struct card_value result = {.random = function->draws};
    bool constant = true;
    double numbers[CARD_ARGUMENTS];
    for (size_t i = 0; i < count; i++) {
        result.random = result.random || args[i].random;
        constant = constant && !args[i].text;
        numbers[i] = args[i].number;
    }
    if (constant) {
        result.number = function->apply(numbers);
        return result;
    }
    struct str str = {0};
    str_addf(&str, "%s(", function->name);
    for (size_t i = 0; i < count; i++)
        str_addf(&str, "%s%s", i ? "," : "", as_text(p, args[i]));
    str_add(&str, ")");
    result.text = arena_strdup(p->context->arena, str_text(&str));
    str_free(&str);
    return result;
}

static struct card_value operand(struct parser *p)
{
    static const char *const closing[] = {"(", ")", "{", "}", "'", "'"};
    for (size_t i = 0; i < 6; i += 2)
        if (take(p, closing[i])) {
            struct card_value value = choice(p);
            return take(p, closing[i + 1]) ? value : fail_at(p, "a bracket is not closed");
        }
    if (p->at == p->end)
        return fail_at(p, "an operand is missing");
    if ((*p->at >= '0' && *p->at <= '9') || *p->at == '.') {
        double value = card_read_number(p->at, &p->at);
        return number(value);
    }
    if (!is_name_start(*p->at))
        return fail_at(p, "this is no operand");
    const char *name = p->at;
    while (p->at < p->end && is_name(*p->at))
        p->at++;
    size_t length = (size_t)(p->at - name);
    if (take(p, "("))
        return call(p, name, length);
    if ((length == 6 && !memcmp(name, "temper", 6)) || (length == 4 && !memcmp(name, "time", 4)))
        return (struct card_value){.text = arena_strndup(p->context->arena, name, length)};
    return param_value(p->context, p->scope, name, length);
}

/* --- precedence: ** above signs, then * / %, + -, comparisons, && and ||, ?: ----------------- */

static struct card_value raised(struct parser *p)
{
    struct card_value value = operand(p);
    while (take(p, "**") || take(p, "^")) {
        bool minus = take(p, "-");
        struct card_value exponent = operand(p);
        value = binary(p, "**", value, minus ? binary(p, "-", number(0), exponent) : exponent);
    }
    return value;
}

static struct card_value sign(struct parser *p)
{
    if (p->context->depth > DEEPEST)
        return fail_at(p, "it is nested too deeply");
    p->context->depth++;
    struct card_value value;
    if (take(p, "-"))
        value = binary(p, "-", number(0), sign(p));
    else if (take(p, "+"))
        value = sign(p);
    else if (take(p, "!"))
        value = binary(p, "==", sign(p), number(0));
    else
        value = raised(p);
    p->context->depth--;
    return value;
}

static struct card_value level(struct parser *p, size_t index)
{
    static const char *const operators[][7] = {
        {"||", NULL},     {"&&", NULL},          {"<=", ">=", "==", "!=", "<", ">", NULL},
        {"+", "-", NULL}, {"*", "/", "%", NULL},
    };
    if (index == sizeof operators / sizeof *operators)
        return sign(p);
    struct card_value value = level(p, index + 1);
    for (size_t i = 0; operators[index][i];) {
        const char *op = operators[index][i];
        if (!take(p, op)) {
            i++;
            continue;
        }
        value = binary(p, op, value, level(p, index + 1));
        i = 0;
    }
    return value;
}

static struct card_value choice(struct parser *p)
{
    struct card_value condition = level(p, 0);
    if (!take(p, "?"))
        return condition;
    struct card_value yes = choice(p);
    if (!take(p, ":"))
        return fail_at(p, "\":\" is missing");
    struct card_value no = choice(p);
    if (condition.text)
        return (struct card_value){.text =
                                       arena_printf(p->context->arena, "(%s?%s:%s)", condition.text,
                                                    as_text(p, yes), as_text(p, no)),
                                   .random = yes.random || no.random};
    struct card_value value = condition.number != 0 ? yes : no;
    value.random = value.random || condition.random;
    return value;
}

struct card_value card_evaluate(struct card_context *context, struct card_scope *scope,
                                const char *text, size_t length)
{
    struct parser p = {context, scope, text, text + length};
    if (context->depth > DEEPEST)
        return fail_at(&p, "its parameters are nested too deeply");
    context->depth++;
    struct card_value value = choice(&p);
    context->depth--;
    skip_blanks(&p);
    return p.at == p.end || context->failed ? value : fail_at(&p, "an operator is missing");
}

double card_number(struct card_context *context, struct card_scope *scope, const char *text,
                   size_t length)
{
    struct card_value value = card_evaluate(context, scope, text, length);
    if (value.text)
        card_fail(context, "\"%.*s\" depends on voltages or on the temperature", (int)length, text);
    else if (value.random)
        card_fail(context, "\"%.*s\" draws a random number; choose a corner without mismatch",
                  (int)length, text);
    else if (!isfinite(value.number))
        card_fail(context, "\"%.*s\" is not finite", (int)length, text);
    return value.number;
}

/* --- where a value ends ---------------------------------------------------------------------- */

static const char *skip_group(const char *at)
{
    char open = *at, close = (char)(open == '{' ? '}' : open == '(' ? ')' : open);
    int depth = 0;
    do {
        if (*at == open && (open != close || depth == 0))
            depth++;
        else if (*at == close)
            depth--;
        at++;
    } while (depth > 0 && *at);
    return at;
}

static const char *skip_operand(const char *at)
{
    while (*at && strchr(" \t-+!", *at))
        at++;
    if (*at && strchr("{'\"(", *at))
        return skip_group(at);
    if ((*at >= '0' && *at <= '9') || *at == '.') {
        card_read_number(at, &at);
        return at;
    }
    while (is_name(*at))
        at++;
    const char *next = at + strspn(at, " \t");
    return *next == '(' ? skip_group(next) : at;
}

size_t card_value_length(const char *text)
{
    const char *at = text;
    for (;;) {
        at = skip_operand(at);
        const char *next = at + strspn(at, " \t");
        size_t run = strspn(next, "+-*/^%<>=!&|?:");
        if (run == 0 || (run == 1 && *next == '='))
            return (size_t)(at - text);
        at = next + run;
    }
}
