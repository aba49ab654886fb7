/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/cards.h"

#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "spice/card_flatten.h"

/* Counts up when the same library gives other cards: part of every key. */
#define SLICER "oscc-cards-1"

enum { LARGEST = 64 << 20 };

/* --- names ------------------------------------------------------------------------------------ */

/* "_w0p35": a size as a part of a name */
static void add_size(struct str *str, char letter, double um)
{
    if (um <= 0)
        return;
    str_addf(str, "_%c", letter);
    size_t at = str->length;
    str_add_exact(str, um);
    for (; at < str->length; at++)
        if (str->text[at] == '.')
            str->text[at] = 'p';
        else if (str->text[at] == '-')
            str->text[at] = 'm';
        else if (str->text[at] == '+')
            str->text[at] = '_';
}

static const char *card_name(struct arena *arena, const struct card_request *request)
{
    struct str str = {0};
    str_add(&str, request->device);
    add_size(&str, 'w', request->w_um);
    add_size(&str, 'l', request->l_um);
    for (size_t i = 0; i < str.length; i++)
        if (str.text[i] >= 'A' && str.text[i] <= 'Z')
            str.text[i] = (char)(str.text[i] - 'A' + 'a');
    const char *name = arena_strdup(arena, str_text(&str));
    str_free(&str);
    return name;
}

static int compare(const void *a, const void *b)
{
    const struct card_request *x = a, *y = b;
    int order = strcmp(x->device, y->device);
    if (order == 0)
        order = (x->w_um > y->w_um) - (x->w_um < y->w_um);
    return order ? order : (x->l_um > y->l_um) - (x->l_um < y->l_um);
}

/* Sorted, each once, devices in lower case. */
static struct card_request *sort(struct arena *arena, const struct card_request *requests,
                                 size_t *count)
{
    struct card_request *list = ARENA_ARRAY(arena, struct card_request, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        list[i] = requests[i];
        char *device = arena_strdup(arena, requests[i].device);
        for (char *c = device; *c; c++)
            if (*c >= 'A' && *c <= 'Z')
                *c = (char)(*c - 'A' + 'a');
        list[i].device = device;
    }
    qsort(list, *count, sizeof *list, compare);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (kept == 0 || compare(&list[kept - 1], &list[i]) != 0)
            list[kept++] = list[i];
    *count = kept;
    return list;
}

/* --- the file --------------------------------------------------------------------------------- */

/* Of everything that the cards depend on; not of where the PDK lies. */
static void make_key(const struct cards_library *library, const struct card_library *read,
                     const struct card_request *requests, size_t count, char key[HASH_TEXT])
{
    struct str str = {0};
    str_addf(&str, SLICER "\n%s\n", library->title);
    for (size_t i = 0; i < read->file_count; i++)
        str_addf(&str, "%s\n", read->files[i].hash);
    for (size_t i = 0; i < count; i++) {
        str_addf(&str, "%s ", requests[i].device);
        str_add_exact(&str, requests[i].w_um);
        str_add(&str, " ");
        str_add_exact(&str, requests[i].l_um);
        str_add(&str, "\n");
    }
    hash_bytes(str_text(&str), str.length, key);
    str_free(&str);
}

static void add_head(struct str *file, const struct cards_library *library, const char *key,
                     const char *body, size_t length)
{
    char content[HASH_TEXT];
    hash_bytes(body, length, content);
    str_addf(file,
             "* device cards of %s, evaluated by oscc from the PDK's models, whose licence"
             " applies\n* " SLICER " key %s\n* content %s\n",
             library->title, key, content);
}

static bool write_cards(struct arena *arena, const struct cards_library *library,
                        const struct card_library *read, const struct card_request *requests,
                        size_t count, struct cards *cards, struct diags *diags)
{
    struct card_models models = {0};
    struct str devices = {0}, file = {0};
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good = card_flatten(arena, read, requests[i].device, requests[i].w_um, requests[i].l_um,
                            card_name(arena, &requests[i]), &models, &devices, diags) &&
               good;
    str_add_bytes(&models.text, str_text(&devices), devices.length);
    add_head(&file, library, cards->key, str_text(&models.text), models.text.length);
    str_add_bytes(&file, str_text(&models.text), models.text.length);
    cards->text = arena_strndup(arena, str_text(&file), file.length);
    cards->length = file.length;
    str_free(&models.text);
    str_free(&devices);
    str_free(&file);
    return good;
}

/* Whether the text is as write_cards() left it, for this library and these requests. */
static bool is_intact(const struct cards_library *library, const char *key, const char *text,
                      size_t length)
{
    const char *body = text;
    for (int i = 0; i < 3; i++) {
        body = memchr(body, '\n', length - (size_t)(body - text));
        if (!body)
            return false;
        body++;
    }
    struct str head = {0};
    add_head(&head, library, key, body, length - (size_t)(body - text));
    bool same = head.length == (size_t)(body - text) && !memcmp(head.text, text, head.length);
    str_free(&head);
    return same;
}

/* --- what an instance needs to know ------------------------------------------------------------
 */

static double parameter(const char *direct, const char *name, double otherwise)
{
    const char *at = direct ? strstr(direct, name) : NULL;
    return at ? strtod(at + strlen(name), NULL) : otherwise;
}

/* Whether a card says rbodymod=1; its parameters go on in lines that begin with +. */
static bool has_body_network(struct arena *arena, const char *text, const char *direct)
{
    size_t length = direct ? strcspn(direct, " ") : 0;
    const char *name = arena_strndup(arena, direct ? direct : "", length);
    const char *at = strstr(text, arena_printf(arena, "\n.model %s ", name));
    while (length && at) {
        const char *end = strchr(at + 1, '\n');
        const char *found = strstr(at, " rbodymod=");
        if (found && end && found < end)
            return strtod(found + strlen(" rbodymod="), NULL) > 0;
        at = end && end[1] == '+' ? end : NULL;
    }
    return false;
}

static bool describe(struct arena *arena, const char *text, const struct card_request *request,
                     struct card *card)
{
    card->name = card_name(arena, request);
    const char *at = strstr(text, arena_printf(arena, "\n.subckt %s ", card->name));
    if (!at)
        return false;
    const char *line = strchr(at + 1, '\n') + 1;
    const char *first = line;
    for (card->elements = 0; *line && *line != '.'; card->elements++)
        line = strchr(line, '\n') + 1;
    const char *ports = at + strlen("\n.subckt ") + strlen(card->name);
    size_t length = strcspn(ports, "\n");
    const char *nodes = first + strcspn(first, " ");
    if (card->elements == 1 && *first == 'm' && strncmp(nodes, ports, length) == 0 &&
        nodes[length] == ' ')
        card->direct = arena_strndup(arena, nodes + length + 1, strcspn(nodes + length + 1, "\n"));
    card->body_network = has_body_network(arena, text, card->direct);
    card->delvto_v = parameter(card->direct, " delvto=", 0);
    card->mulu0 = parameter(card->direct, " mulu0=", 1);
    return true;
}

const char *cards_cache_folder(struct arena *arena)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && *cache == '/')
        return fs_join(arena, cache, "oscc");
    return home && *home ? fs_join(arena, home, ".cache/oscc") : NULL;
}

bool cards_slice(struct arena *arena, const struct cards_library *library,
                 const struct card_request *requests, size_t count, const char *cache,
                 struct cards *cards, struct diags *diags)
{
    *cards = (struct cards){.list = ARENA_ARRAY(arena, struct card, count + 1)};
    struct card_library read;
    if (!card_library_read(arena, library->sources, library->source_count, &read, diags))
        return false;
    size_t kept = count;
    struct card_request *sorted = sort(arena, requests, &kept);
    make_key(library, &read, sorted, kept, cards->key);

    char *path =
        cache ? fs_join(arena, cache, arena_printf(arena, "cards-%s.spice", cards->key)) : NULL;
    char *text;
    if (path && !fs_read_text(arena, path, LARGEST, &text, &cards->length)) {
        bool intact = is_intact(library, cards->key, text, cards->length);
        cards->origin = intact ? CARDS_CACHED : CARDS_REPAIRED;
        cards->text = text;
    }
    if (cards->origin != CARDS_CACHED || !cards->text) {
        if (!write_cards(arena, library, &read, sorted, kept, cards, diags))
            return false;
        /* a cache that cannot be written is no fault of the cards */
        if (path && !fs_make_folders(cache))
            (void)fs_write(path, cards->text, cards->length);
    }
    bool whole = true;
    for (size_t i = 0; i < count; i++)
        whole = describe(arena, cards->text, &requests[i], &cards->list[i]) && whole;
    if (!whole)
        diag_error(diags, DIAG_TOOL, SPAN_NONE, "%s: a sliced device is missing", library->title);
    return whole;
}
