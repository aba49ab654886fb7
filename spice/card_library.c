/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/card_library.h"

#include <errno.h>
#include <string.h>

#include "compiler/base/fs.h"

enum { DEEPEST_INCLUDE = 20 };

struct reader {
    struct arena *arena;
    struct card_library *library;
    struct diags *diags;
    struct str line; /* joined so far */
    int depth;
    bool failed;
};

static void read_file(struct reader *reader, const char *path, const char *section);

static void fail(struct reader *reader, enum diag_code code, const char *path, const char *message)
{
    if (!reader->failed)
        diag_error(reader->diags, code, SPAN_NONE, "%s: %s", path, message);
    reader->failed = true;
}

/* --- words and assignments ------------------------------------------------------------------ */

/* Parentheses around a list of parameters mean nothing. */
static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '(' || *at == ')' || *at == ',')
        at++;
    return at;
}

static size_t word_length(const char *at)
{
    return strcspn(at, " \t=(),");
}

bool card_next_word(const char **at, const char **word, size_t *length)
{
    const char *start = skip_blanks(*at);
    size_t count = *start && strchr("{'\"", *start) ? card_value_length(start) : word_length(start);
    const char *after = start + count + strspn(start + count, " \t");
    if (count == 0 || *after == '=')
        return false;
    *at = start + count;
    *word = start;
    *length = count;
    return true;
}

bool card_next_assignment(const char **at, struct card_assignment *assignment)
{
    const char *start = skip_blanks(*at);
    size_t length = word_length(start);
    const char *after = start + length + strspn(start + length, " \t");
    if (length == 0 || *after != '=')
        return false;
    after += 1 + strspn(after + 1, " \t");
    *assignment = (struct card_assignment){start, after, length, card_value_length(after)};
    *at = after + assignment->value_length;
    return assignment->value_length > 0;
}

bool card_line_is(const char *line, const char *word, const char **rest)
{
    size_t length = strlen(word);
    if (strncmp(line, word, length) != 0 || !(line[length] == '\0' || strchr(" \t", line[length])))
        return false;
    *rest = line + length + strspn(line + length, " \t");
    return true;
}

/* --- lines of files -------------------------------------------------------------------------- */

static void flush(struct reader *reader)
{
    struct card_library *library = reader->library;
    if (reader->line.length == 0)
        return;
    ARENA_GROW(reader->arena, library->lines, library->count, library->room);
    library->lines[library->count++] =
        arena_strndup(reader->arena, reader->line.text, reader->line.length);
    reader->line.length = 0;
}

/* Where the line's comment begins: at ";", "//", or a "$" behind a blank. */
static size_t text_length(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (line[i] == ';' || (line[i] == '/' && i + 1 < length && line[i + 1] == '/') ||
            (line[i] == '$' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')))
            return i;
    return length;
}

static void add_lower(struct str *str, const char *text, size_t length)
{
    size_t at = str->length;
    str_add_bytes(str, text, length);
    for (; at < str->length; at++)
        if (str->text[at] >= 'A' && str->text[at] <= 'Z')
            str->text[at] = (char)(str->text[at] - 'A' + 'a');
}

/* The word at the place, without quotes; the place moves behind it. NULL at the end. */
static char *take_path(struct arena *arena, const char **at)
{
    const char *start = *at + strspn(*at, " \t");
    char quote = *start;
    if (quote == '\'' || quote == '"') {
        const char *end = strchr(++start, quote);
        if (!end)
            return NULL;
        *at = end + 1;
        return arena_strndup(arena, start, (size_t)(end - start));
    }
    size_t length = strcspn(start, " \t");
    *at = start + length;
    return length ? arena_strndup(arena, start, length) : NULL;
}

static void lower(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

/* What decides which lines count: .include, .lib and .endl. True when the line was one of them.
 * in_section says whether what follows belongs to the section that was asked for. */
static bool obey(struct reader *reader, const char *path, const char *section, bool *in_section,
                 const char *text, size_t length)
{
    if (*text != '.' || length < 4 || !strchr("iIlLeE", text[1]))
        return false;
    char *line = arena_strndup(reader->arena, text, length);
    char *lowered = arena_strdup(reader->arena, line);
    lower(lowered);
    const char *rest;
    if (*in_section && card_line_is(lowered, ".if", &rest)) {
        fail(reader, DIAG_TOOL, path, "oscc does not read \".if\" in model files");
        return true;
    }
    if (card_line_is(lowered, ".endl", &rest)) {
        *in_section = section == NULL;
        return true;
    }
    bool lib = card_line_is(lowered, ".lib", &rest);
    if (!lib && !card_line_is(lowered, ".include", &rest) && !card_line_is(lowered, ".inc", &rest))
        return false;
    const char *at = line + (rest - lowered);
    const char *file = take_path(reader->arena, &at);
    char *chosen = lib ? take_path(reader->arena, &at) : NULL;
    if (lib && !chosen) { /* .lib NAME: here it begins */
        if (file)
            *in_section =
                section && !strcmp(arena_strndup(reader->arena, rest, strlen(file)), section);
        return true;
    }
    if (*in_section && file) {
        flush(reader);
        if (chosen)
            lower(chosen);
        read_file(reader, fs_beside(reader->arena, path, file), chosen);
    }
    return true;
}

static void remember(struct reader *reader, const char *path, const struct fs_map *map)
{
    struct card_library *library = reader->library;
    for (size_t i = 0; i < library->file_count; i++)
        if (!strcmp(library->files[i].path, path))
            return;
    ARENA_GROW(reader->arena, library->files, library->file_count, library->file_room);
    struct card_file *file = &library->files[library->file_count++];
    file->path = path;
    hash_bytes(map->bytes, map->length, file->hash);
}

static void read_lines(struct reader *reader, const char *path, const char *section,
                       const char *text, size_t length)
{
    bool in_section = section == NULL;
    for (size_t at = 0; at < length && !reader->failed;) {
        const char *line = text + at, *end = memchr(line, '\n', length - at);
        size_t count = end ? (size_t)(end - line) : length - at;
        at += count + 1;
        while (count && (*line == ' ' || *line == '\t'))
            line++, count--;
        if (count == 0 || *line == '*')
            continue;
        bool goes_on = *line == '+';
        if (!in_section && *line != '.')
            continue;
        count = text_length(line, count);
        while (count && strchr(" \t\r", line[count - 1]))
            count--;
        if (count == 0 || obey(reader, path, section, &in_section, line, count) || !in_section)
            continue;
        if (goes_on) {
            add_lower(&reader->line, " ", 1);
            add_lower(&reader->line, line + 1, count - 1);
        } else {
            flush(reader);
            add_lower(&reader->line, line, count);
        }
    }
    flush(reader);
}

static void read_file(struct reader *reader, const char *path, const char *section)
{
    if (reader->depth == DEEPEST_INCLUDE) {
        fail(reader, DIAG_TOOL, path, "model files include each other without an end");
        return;
    }
    struct fs_map map;
    int error = fs_map(path, &map);
    if (error) {
        fail(reader, DIAG_IO, path, strerror(-error));
        return;
    }
    remember(reader, path, &map);
    reader->depth++;
    read_lines(reader, path, section, (const char *)map.bytes, map.length);
    reader->depth--;
    fs_unmap(&map);
}

/* --- what stands outside subcircuits ---------------------------------------------------------- */

static void read_params(struct arena *arena, struct card_scope *scope, const char *at)
{
    struct card_assignment a;
    while (card_next_assignment(&at, &a)) {
        struct card_param *param = card_table_set(arena, &scope->params, a.name, a.name_length);
        param->text = a.value;
        param->length = a.value_length;
        param->scope = scope;
    }
}

static void read_globals(struct reader *reader)
{
    struct card_library *library = reader->library;
    struct card_context context = {.arena = reader->arena, .diags = reader->diags, .what = "scale"};
    int depth = 0;
    for (size_t i = 0; i < library->count; i++) {
        const char *at = library->lines[i], *rest;
        if (*at != '.')
            continue;
        if (card_line_is(at, ".subckt", &rest)) {
            depth++;
        } else if (card_line_is(at, ".ends", &rest)) {
            depth--;
        } else if (depth == 0 && card_line_is(at, ".param", &rest)) {
            read_params(reader->arena, &library->globals, rest);
        } else if (card_line_is(at, ".option", &rest) || card_line_is(at, ".options", &rest)) {
            struct card_assignment a;
            const char *word;
            size_t length;
            for (;;)
                if (card_next_assignment(&rest, &a)) {
                    if (a.name_length == 5 && !strncmp(a.name, "scale", 5))
                        library->scale =
                            card_number(&context, &library->globals, a.value, a.value_length);
                } else if (!card_next_word(&rest, &word, &length)) {
                    break;
                }
        }
    }
    reader->failed = reader->failed || context.failed;
}

bool card_library_read(struct arena *arena, const struct card_source *sources, size_t count,
                       struct card_library *library, struct diags *diags)
{
    *library = (struct card_library){.scale = 1};
    struct reader reader = {.arena = arena, .library = library, .diags = diags};
    for (size_t i = 0; i < count && !reader.failed; i++)
        read_file(&reader, sources[i].path, sources[i].section);
    if (!reader.failed)
        read_globals(&reader);
    str_free(&reader.line);
    return !reader.failed;
}

size_t card_library_subckt(const struct card_library *library, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < library->count; i++) {
        const char *rest;
        if (card_line_is(library->lines[i], ".subckt", &rest) && !strncmp(rest, name, length) &&
            strchr(" \t", rest[length]))
            return i + 1;
    }
    return library->count;
}
