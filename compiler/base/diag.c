/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/diag.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "compiler/base/json.h"

static const struct {
    const char *code;
    int status;
    const char *title, *explanation;
} codes[] = {
#define X(name, code, status, title, explanation) {code, status, title, explanation},
#include "compiler/base/diag_codes.def"
#undef X
};

static const char *const severity_names[] = {"error", "warning", "note"};

static void diag_add(struct diags *diags, enum diag_severity severity, enum diag_code code,
                     struct span span, const char *format, va_list args)
{
    if (severity == DIAG_SEVERITY_ERROR) {
        diags->errors++;
        if (codes[code].status > diags->worst_status)
            diags->worst_status = codes[code].status;
    }
    diags->last_dropped = diags->count >= DIAG_MOST;
    if (diags->last_dropped) {
        diags->left_out++;
        return;
    }
    if (diags->count == diags->room) {
        diags->room = diags->room ? 2 * diags->room : 16;
        diags->list = realloc(diags->list, diags->room * sizeof *diags->list);
        if (!diags->list)
            arena_out_of_memory();
    }
    diags->list[diags->count++] = (struct diag){
        .code = code,
        .severity = severity,
        .span = span,
        .message = arena_vprintf(&diags->arena, format, args),
    };
}

void diag_error(struct diags *diags, enum diag_code code, struct span span, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_add(diags, DIAG_SEVERITY_ERROR, code, span, format, args);
    va_end(args);
}

void diag_warning(struct diags *diags, enum diag_code code, struct span span, const char *format,
                  ...)
{
    va_list args;
    va_start(args, format);
    diag_add(diags, DIAG_SEVERITY_WARNING, code, span, format, args);
    va_end(args);
}

void diag_help(struct diags *diags, const char *format, ...)
{
    if (diags->last_dropped || !diags->count)
        return;
    struct diag *last = &diags->list[diags->count - 1];
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(&diags->arena, format, args);
    va_end(args);
    last->help = last->help ? arena_printf(&diags->arena, "%s\n%s", last->help, text) : text;
}

static int compare_place(const void *left, const void *right)
{
    const struct diag *a = *(const struct diag *const *)left;
    const struct diag *b = *(const struct diag *const *)right;
    const struct source *sa = a->span.source, *sb = b->span.source;
    if (!sa != !sb)
        return sa ? 1 : -1;
    if (sa && sa != sb) {
        int by_path = strcmp(sa->path, sb->path);
        if (by_path)
            return by_path;
    }
    if (sa && a->span.offset != b->span.offset)
        return a->span.offset < b->span.offset ? -1 : 1;
    return a < b ? -1 : a > b; /* in the order they were found */
}

/* Bytes of the UTF-8 character that starts here, or 0 where none does that may be printed.
 * Control characters in the user's file must not reach the terminal: not those of ASCII, not the
 * second set (U+0080..9F, where CSI is), and no byte that is not UTF-8. */
static size_t character_length(const char *text, size_t length)
{
    unsigned char c = (unsigned char)text[0];
    size_t need = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (need > length || c < 0x20 || c == 0x7f)
        return 0;
    for (size_t i = 1; i < need; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
    return c == 0xc2 && (unsigned char)text[1] < 0xa0 ? 0 : need;
}

/* Each byte that is not printed is one '?' (a tab one blank), so that columns stay where they are.
 */
static void print_clean(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t size = character_length(text + i, length - i);
        if (size)
            fwrite(text + i, 1, size, out);
        else
            fputc(text[i] == '\t' ? ' ' : '?', out);
        i += size ? size : 1;
    }
}

/* Columns that print_clean fills, taking each character to be one wide. */
static size_t width(const char *text, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; columns++) {
        size_t size = character_length(text + i, length - i);
        i += size ? size : 1;
    }
    return columns;
}

static void print_excerpt(FILE *out, struct span span, struct source_place place, bool color)
{
    enum { WIDEST = 160, LEAD = 60 };
    size_t first = place.column - 1, skip = first > WIDEST - LEAD ? first - LEAD : 0;
    size_t shown = place.line_length > skip ? place.line_length - skip : 0;
    if (shown > WIDEST)
        shown = WIDEST;
    fprintf(out, "%5zu | %s", place.line, skip ? "..." : "");
    print_clean(out, place.line_text + skip, shown);
    size_t room = skip + shown > first ? skip + shown - first : 0;
    size_t marked = span.length < room ? span.length : room;
    size_t before = first < place.line_length ? first - skip : shown;
    size_t lead = width(place.line_text + skip, before) + (first - skip - before);
    size_t marks = marked ? width(place.line_text + first, marked) : 0;
    fprintf(out, "\n      | %*s%s", (int)(lead + (skip ? 3 : 0)), "", color ? "\033[1;32m^" : "^");
    for (size_t i = 1; i < marks; i++)
        fputc('~', out);
    fprintf(out, "%s\n", color ? "\033[0m" : "");
}

static void print_human(const struct diag *diag, FILE *out, bool color)
{
    static const char *const paint[] = {"\033[1;31m", "\033[1;35m", "\033[1;36m"};
    const struct source *source = diag->span.source;
    struct source_place place = {0};
    const char *path = source ? source->path : "oscc";
    print_clean(out, path, strlen(path));
    if (source && source->text) {
        place = source_locate(source, diag->span.offset);
        fprintf(out, ":%zu:%zu", place.line, place.column);
    }
    fputs(": ", out);
    fprintf(out, "%s%s:%s ", color ? paint[diag->severity] : "", severity_names[diag->severity],
            color ? "\033[0m" : "");
    print_clean(out, diag->message, strlen(diag->message));
    fprintf(out, " [%s]\n", codes[diag->code].code);
    if (place.line)
        print_excerpt(out, diag->span, place, color);
    for (const char *line = diag->help; line;) {
        const char *end = strchr(line, '\n');
        fputs("      = help: ", out);
        print_clean(out, line, end ? (size_t)(end - line) : strlen(line));
        fputc('\n', out);
        line = end ? end + 1 : NULL;
    }
}

static json_t *json_diag(const struct diag *diag)
{
    json_t *object = json_object();
    json_object_set_new(object, "code", json_string(codes[diag->code].code));
    json_object_set_new(object, "severity", json_string(severity_names[diag->severity]));
    json_object_set_new(object, "message", json_text(diag->message));
    const struct source *source = diag->span.source;
    if (source) {
        json_object_set_new(object, "file", json_text(source->path));
        if (source->text) {
            struct source_place place = source_locate(source, diag->span.offset);
            json_object_set_new(object, "line", json_integer((json_int_t)place.line));
            json_object_set_new(object, "column", json_integer((json_int_t)place.column));
        }
    }
    if (diag->help)
        json_object_set_new(object, "help", json_text(diag->help));
    return object;
}

void diag_print(struct diags *diags, FILE *out, enum diag_format format, bool color)
{
    const struct diag **order = calloc(diags->count + 1, sizeof *order);
    if (!order)
        arena_out_of_memory();
    for (size_t i = 0; i < diags->count; i++)
        order[i] = &diags->list[i];
    qsort(order, diags->count, sizeof *order, compare_place);
    if (format == DIAG_JSON) {
        json_t *array = json_array();
        for (size_t i = 0; i < diags->count; i++)
            json_array_append_new(array, json_diag(order[i]));
        json_dumpf(array, out, JSON_INDENT(2));
        fputc('\n', out);
        json_decref(array);
    } else {
        for (size_t i = 0; i < diags->count; i++)
            print_human(order[i], out, color);
        if (diags->left_out)
            fprintf(out, "oscc: %zu more not shown\n", diags->left_out);
    }
    free(order);
}

int diag_exit_status(const struct diags *diags)
{
    return diags->worst_status;
}

void diag_free(struct diags *diags)
{
    free(diags->list);
    arena_free(&diags->arena);
    *diags = (struct diags){0};
}

const char *diag_code_name(enum diag_code code)
{
    return codes[code].code;
}

const char *diag_code_title(enum diag_code code)
{
    return codes[code].title;
}

const char *diag_code_explanation(enum diag_code code)
{
    return codes[code].explanation;
}

enum diag_code diag_code_find(const char *name)
{
    int i = 0;
    while (i < DIAG_CODE_COUNT && strcasecmp(codes[i].code, name) != 0)
        i++;
    return (enum diag_code)i;
}
