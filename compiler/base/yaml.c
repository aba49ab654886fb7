/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/yaml.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

struct builder {
    struct arena *arena;
    const struct source *source;
    struct diags *diags;
    yaml_parser_t parser;
    size_t lead; /* bytes of a byte order mark, which libyaml does not see */
    /* libyaml's marks count characters: the last one that was turned into a byte offset */
    size_t mark_index, mark_offset;
    struct yaml_node *root, *open[YAML_DEEPEST]; /* the collections that are being filled */
    struct yaml_node *last[YAML_DEEPEST], *key[YAML_DEEPEST];
    int depth;
    size_t nodes;
    bool document_seen;
};

/* Marks come nearly in order, so walking from the last one keeps the whole file linear. */
static size_t offset_of(struct builder *b, size_t index)
{
    const char *text = b->source->text;
    size_t at = b->mark_offset, length = b->source->length;
    for (; b->mark_index < index && at < length; b->mark_index++) {
        at++;
        while (at < length && ((unsigned char)text[at] & 0xc0) == 0x80)
            at++;
    }
    for (; b->mark_index > index && at > b->lead; b->mark_index--) {
        at--;
        while (at > b->lead && ((unsigned char)text[at] & 0xc0) == 0x80)
            at--;
    }
    b->mark_offset = at;
    return at;
}

static struct span span_of(struct builder *b, size_t from, size_t to)
{
    size_t offset = offset_of(b, from);
    return (struct span){b->source, offset, to > from ? offset_of(b, to) - offset : 0};
}

/* From a mark to the end of its line. */
static struct span first_line(struct builder *b, size_t from)
{
    size_t offset = offset_of(b, from), left = b->source->length - offset;
    const char *end = left ? memchr(b->source->text + offset, '\n', left) : NULL;
    size_t length = end ? (size_t)(end - (b->source->text + offset)) : left;
    while (length && strchr(" \r", b->source->text[offset + length - 1]))
        length--;
    return (struct span){b->source, offset, length};
}

static void report_syntax(struct builder *b)
{
    const yaml_parser_t *parser = &b->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        arena_out_of_memory();
    if (parser->error == YAML_READER_ERROR) { /* counts bytes, not characters */
        size_t offset = parser->problem_offset + b->lead;
        diag_error(b->diags, DIAG_YAML_SYNTAX, (struct span){b->source, offset, 1}, "%s",
                   parser->problem);
        diag_help(b->diags, "model.yaml is UTF-8 text without control characters");
        return;
    }
    struct span span = span_of(b, parser->problem_mark.index, parser->problem_mark.index + 1);
    diag_error(b->diags, DIAG_YAML_SYNTAX, span, "%s", parser->problem);
    if (parser->context)
        diag_help(b->diags, "%s that starts at line %zu", parser->context,
                  parser->context_mark.line + 1);
    if (span.offset < b->source->length && b->source->text[span.offset] == '\t')
        diag_help(b->diags, "indent with spaces: YAML does not allow tabs");
}

/* A node of the tree, or NULL where the guards say stop. */
static struct yaml_node *new_node(struct builder *b, enum yaml_kind kind, struct span span,
                                  const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor || tag) {
        diag_error(b->diags, DIAG_YAML_LIMIT, span, "%s are not allowed",
                   anchor ? "anchors" : "tags");
        diag_help(b->diags, "write the value itself");
        return NULL;
    }
    if (++b->nodes > YAML_MOST_NODES) {
        diag_error(b->diags, DIAG_YAML_LIMIT, span, "more than %d values", (int)YAML_MOST_NODES);
        diag_help(b->diags, "put large weights into a safetensors or NPY file");
        return NULL;
    }
    struct yaml_node *node = ARENA_NEW(b->arena, struct yaml_node);
    node->kind = kind;
    node->span = span;
    return node;
}

/* Puts a node in its place in the collection that is open. */
static bool place_node(struct builder *b, struct yaml_node *node)
{
    if (!b->depth) {
        b->root = node;
        return true;
    }
    int top = b->depth - 1;
    struct yaml_node *parent = b->open[top];
    if (parent->kind == YAML_MAP && !b->key[top]) {
        if (node->kind != YAML_SCALAR) {
            diag_error(b->diags, DIAG_YAML_SHAPE, node->span, "a key must be a word");
            return false;
        }
        b->key[top] = node;
        return true;
    }
    node->key = b->key[top];
    b->key[top] = NULL;
    if (b->last[top])
        b->last[top]->next = node;
    else
        parent->first = node;
    b->last[top] = node;
    parent->count++;
    return true;
}

static bool open_node(struct builder *b, struct yaml_node *node)
{
    if (!node || !place_node(b, node))
        return false;
    if (b->depth == YAML_DEEPEST) {
        diag_error(b->diags, DIAG_YAML_LIMIT, node->span, "more than %d levels", (int)YAML_DEEPEST);
        return false;
    }
    b->open[b->depth] = node;
    b->last[b->depth] = b->key[b->depth] = NULL;
    b->depth++;
    return true;
}

static int compare_keys(const void *left, const void *right)
{
    const struct yaml_node *a = (*(struct yaml_node *const *)left)->key;
    const struct yaml_node *b = (*(struct yaml_node *const *)right)->key;
    int by_text = strcmp(a->text, b->text);
    if (by_text)
        return by_text;
    return a->span.offset < b->span.offset ? -1 : a->span.offset > b->span.offset;
}

/* Sorting keeps a map of many keys cheap, where comparing all pairs would not be. */
static void check_duplicates(struct builder *b, const struct yaml_node *map)
{
    if (map->count < 2)
        return;
    struct yaml_node **sorted = malloc(map->count * sizeof(struct yaml_node *));
    if (!sorted)
        arena_out_of_memory();
    size_t count = 0;
    for (struct yaml_node *child = map->first; child; child = child->next)
        sorted[count++] = child;
    qsort(sorted, count, sizeof(struct yaml_node *), compare_keys);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (strcmp(sorted[i]->key->text, sorted[first]->key->text) != 0) {
            first = i;
            continue;
        }
        diag_error(b->diags, DIAG_DUPLICATE_KEY, sorted[i]->key->span, "the key \"%s\" again",
                   sorted[i]->key->text);
        if (!b->diags->last_dropped) /* finding a line costs a walk over the file */
            diag_help(b->diags, "it was first given at line %zu",
                      source_locate(b->source, sorted[first]->key->span.offset).line);
    }
    free(sorted);
}

static bool add_scalar(struct builder *b, const yaml_event_t *event)
{
    struct span span = span_of(b, event->start_mark.index, event->end_mark.index);
    struct yaml_node *node =
        new_node(b, YAML_SCALAR, span, event->data.scalar.anchor, event->data.scalar.tag);
    if (!node)
        return false;
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (memchr(text, '\0', length)) {
        diag_error(b->diags, DIAG_YAML_SYNTAX, span, "text with a NUL character");
        return false;
    }
    node->text = arena_strndup(b->arena, text, length);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return place_node(b, node);
}

/* One event of libyaml; false ends the reading, with the reason in diags. */
static bool take_event(struct builder *b, const yaml_event_t *event)
{
    size_t from = event->start_mark.index;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->document_seen) {
            diag_error(b->diags, DIAG_YAML_LIMIT, first_line(b, from), "a second document");
            diag_help(b->diags, "one file holds one model: remove what follows \"---\"");
            return false;
        }
        b->document_seen = true;
        return true;
    case YAML_ALIAS_EVENT:
        diag_error(b->diags, DIAG_YAML_LIMIT, first_line(b, from), "aliases are not allowed");
        diag_help(b->diags, "write the value itself");
        return false;
    case YAML_SCALAR_EVENT:
        return add_scalar(b, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_node(b, new_node(b, YAML_LIST, first_line(b, from),
                                     event->data.sequence_start.anchor,
                                     event->data.sequence_start.tag));
    case YAML_MAPPING_START_EVENT:
        return open_node(b,
                         new_node(b, YAML_MAP, first_line(b, from),
                                  event->data.mapping_start.anchor, event->data.mapping_start.tag));
    case YAML_MAPPING_END_EVENT:
        check_duplicates(b, b->open[b->depth - 1]);
        b->depth--;
        return true;
    case YAML_SEQUENCE_END_EVENT:
        b->depth--;
        return true;
    default:
        return true;
    }
}

static bool read_events(struct builder *b)
{
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&b->parser, &event)) {
            report_syntax(b);
            return false;
        }
        more = event.type != YAML_STREAM_END_EVENT;
        bool good = take_event(b, &event);
        yaml_event_delete(&event);
        if (!good)
            return false;
    }
    return true;
}

struct yaml_node *yaml_parse(struct arena *arena, const struct source *source, struct diags *diags)
{
    struct builder b = {.arena = arena, .source = source, .diags = diags};
    struct span start = {source, 0, 0};
    if (source->length > YAML_MOST_BYTES) {
        diag_error(diags, DIAG_YAML_LIMIT, start, "more than %d bytes", (int)YAML_MOST_BYTES);
        diag_help(diags, "put large weights into a safetensors or NPY file");
        return NULL;
    }
    if (source->length >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0)
        b.lead = b.mark_offset = 3;
    if (!yaml_parser_initialize(&b.parser))
        arena_out_of_memory();
    /* said, not guessed: a file in UTF-16 would have other offsets than its marks */
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)source->text + b.lead,
                                 source->length - b.lead);
    bool good = read_events(&b);
    yaml_parser_delete(&b.parser);
    if (!good)
        return NULL;
    if (!b.root) {
        diag_error(diags, DIAG_YAML_SHAPE, start, "the file is empty");
    } else if (b.root->kind == YAML_SCALAR) {
        diag_error(diags, DIAG_YAML_SHAPE, b.root->span, "one value and no keys");
        return NULL;
    }
    return b.root;
}

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    struct yaml_node *child = map->first;
    while (child && strcmp(child->key->text, key) != 0)
        child = child->next;
    return child;
}

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* The number forms of YAML 1.2's core schema; strtod alone would also take hexadecimal, "nan" and
 * leading space. */
static bool is_number(const char *text)
{
    text += *text == '-' || *text == '+';
    size_t whole = digits(text), part = 0;
    text += whole;
    if (*text == '.') {
        part = digits(++text);
        text += part;
    }
    if (!whole && !part)
        return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '-' || *text == '+';
        size_t power = digits(text);
        if (!power)
            return false;
        text += power;
    }
    return !*text;
}

bool yaml_number(const struct yaml_node *node, double *value)
{
    if (!node || node->kind != YAML_SCALAR || node->quoted)
        return false;
    const char *text = node->text;
    if (is_number(text)) {
        *value = strtod(text, NULL);
        return true;
    }
    bool minus = *text == '-';
    text += minus || *text == '+';
    if (!strcasecmp(text, ".inf")) {
        *value = minus ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    if (!strcasecmp(node->text, ".nan")) {
        *value = (double)NAN;
        return true;
    }
    return false;
}

bool yaml_integer(const struct yaml_node *node, long long *value)
{
    if (!node || node->kind != YAML_SCALAR || node->quoted)
        return false;
    const char *text = node->text + (*node->text == '-' || *node->text == '+');
    if (!*text || text[digits(text)])
        return false;
    *value = strtoll(node->text, NULL, 10);
    return true;
}
