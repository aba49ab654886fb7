/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/bench_deck.h"

#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "spice/circuit.h"

/* A device of the flattened bench. */
struct leaf {
    const char *device;
    const uint32_t *nodes;
    size_t node_count, request;
    double w_um, l_um, times;
};

struct flattener {
    struct arena *arena;
    const struct circuit *circuit;
    struct leaf *leaves;
    size_t count, room;
    const char *fault;
};

static double number(struct flattener *f, const struct circuit_leaf *leaf, const char *name,
                     double otherwise)
{
    const char *text = circuit_parameter(leaf->parameter_count, leaf->parameters, name);
    if (text && text[0] == '{') {
        const char *parameter = arena_strndup(f->arena, text + 1, strlen(text) - 2);
        text = circuit_parameter(f->circuit->parameter_count, f->circuit->parameters, parameter);
        if (!text)
            f->fault = arena_printf(f->arena, "the cells want a parameter '%s'", parameter);
    }
    return text ? strtod(text, NULL) : otherwise;
}

/* A size in um, under the first of the names that the device has for it; 0 where it has none. */
static double size_um(struct flattener *f, const struct circuit_leaf *leaf,
                      const char *const names[3])
{
    for (size_t i = 0; i < 3; i++)
        if (circuit_parameter(leaf->parameter_count, leaf->parameters, names[i]))
            return number(f, leaf, names[i], 0);
    return 0;
}

static void visit(void *user, const struct circuit_leaf *found)
{
    static const char *const widths[] = {"w", "r_width", "c_width"};
    static const char *const lengths[] = {"l", "r_length", "c_length"};
    struct flattener *f = user;
    if (f->count == f->room) {
        size_t room = f->room ? 2 * f->room : 256;
        struct leaf *more = ARENA_ARRAY(f->arena, struct leaf, room);
        if (f->count)
            memcpy(more, f->leaves, f->count * sizeof *more);
        f->leaves = more;
        f->room = room;
    }
    f->leaves[f->count++] = (struct leaf){.device = found->module,
                                          .nodes = found->nodes,
                                          .node_count = found->node_count,
                                          .w_um = size_um(f, found, widths),
                                          .l_um = size_um(f, found, lengths),
                                          .times = number(f, found, "m", 1)};
}

static bool same_size(const struct card_request *a, const struct leaf *b)
{
    return !strcmp(a->device, b->device) && !(a->w_um < b->w_um || a->w_um > b->w_um) &&
           !(a->l_um < b->l_um || a->l_um > b->l_um);
}

/* One request for each device and size; leaves learn theirs. */
static struct card_request *gather(struct flattener *f, size_t *count)
{
    struct card_request *requests = ARENA_ARRAY(f->arena, struct card_request, f->count + 1);
    *count = 0;
    for (size_t i = 0; i < f->count; i++) {
        struct leaf *leaf = &f->leaves[i];
        size_t r = 0;
        while (r < *count && !same_size(&requests[r], leaf))
            r++;
        if (r == *count)
            requests[(*count)++] = (struct card_request){leaf->device, leaf->w_um, leaf->l_um};
        leaf->request = r;
    }
    return requests;
}

static void add_leaf(const struct bench *bench, const struct leaf *leaf, size_t index,
                     const struct card *card, const struct circuit_nodes *nodes, struct str *deck)
{
    str_addf(deck, "%s%zu", card->direct ? "m" : "x", index);
    for (size_t n = 0; n < leaf->node_count; n++)
        str_addf(deck, " %s", nodes->names[leaf->nodes[n]]);
    str_addf(deck, " %s", card->direct ? card->direct : card->name);
    if (leaf->times > 1)
        str_addf(deck, " m=%g", leaf->times);
    if (bench->mismatch && card->direct) {
        double shift = 0, factor = 1;
        bool is_p = strstr(leaf->device, "pfet") != NULL || strstr(leaf->device, "pmos") != NULL;
        bench->mismatch(bench->user, index, leaf->w_um, leaf->l_um, is_p, &shift, &factor);
        str_add(deck, " delvto=");
        str_add_number(deck, card->delvto_v + shift);
        str_add(deck, " mulu0=");
        str_add_number(deck, card->mulu0 * factor);
    }
    str_add(deck, "\n");
}

/* The bench as a hierarchical netlist, read back. */
static bool flatten(struct bench *bench, const char *folder, struct flattener *f,
                    struct circuit_nodes *nodes)
{
    struct bench_lab *lab = bench->lab;
    struct str text = {0};
    str_addf(&text, "* testbench %s\n%s%s\n%s.end\n", bench->name, str_text(&bench->params),
             lab->cells, str_text(&bench->cells));
    const char *path = fs_join(f->arena, folder, "bench.spice"), *unread;
    int error = fs_write(path, str_text(&text), text.length);
    str_free(&text);
    if (!error)
        f->circuit = circuit_read(f->arena, path, &error, &unread);
    if (!error)
        error = circuit_visit(f->arena, f->circuit, NULL, visit, f, nodes);
    if (error)
        f->fault = strerror(-error);
    if (f->fault)
        diag_error(lab->diags, DIAG_TOOL, SPAN_NONE, "the testbench '%s' of the cells '%s': %s",
                   path, lab->pdk->device->cells, f->fault);
    return !f->fault;
}

bool bench_write_deck(struct bench *bench, const char *folder, struct str *deck)
{
    struct bench_lab *lab = bench->lab;
    struct flattener f = {.arena = lab->arena};
    struct circuit_nodes nodes;
    if (!flatten(bench, folder, &f, &nodes))
        return false;
    size_t count;
    const struct card_request *requests = gather(&f, &count);
    struct cards_library library;
    struct cards cards;
    if (!cards_library(lab->arena, lab->root, lab->pdk->name, lab->set, lab->corner, &library,
                       lab->diags) ||
        !cards_slice(lab->arena, &library, requests, count, cards_cache_folder(lab->arena), &cards,
                     lab->diags))
        return false;
    str_addf(deck, "* testbench %s, %s\n%s\n", bench->name, library.title, cards.text);
    for (size_t i = 0; i < f.count; i++)
        add_leaf(bench, &f.leaves[i], i, &cards.list[f.leaves[i].request], &nodes, deck);
    str_add(deck, str_text(&bench->ideal));
    for (size_t v = 0; v < bench->vector_count; v++)
        str_addf(deck, ".save %s\n", bench->vectors[v]);
    str_add(deck, ".tran ");
    str_add_number(deck, bench->step_s);
    str_add(deck, " ");
    str_add_number(deck, bench->stop_s);
    str_add(deck, " 0 ");
    str_add_number(deck, bench->step_s);
    str_add(deck, " uic\n.options method=trap reltol=1e-5 trtol=100\n.end\n");
    return true;
}
