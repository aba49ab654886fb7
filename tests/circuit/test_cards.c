/* SPDX-License-Identifier: Apache-2.0
 *
 * Sliced model cards against the library they come from, for every device, corner and set of
 * models: currents, operating points and transients must agree to 1e-6, and a card with one digit
 * changed must not. Needs a PDK: $PDK_ROOT, or one beside the project; says so and passes without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "pdk/pdk.h"
#include "spice/cards.h"
#include "tests/circuit/cards_worker.h"

#define SKY "sky130_fd_pr__"
#define TOLERANCE 1e-6

struct fixture {
    struct arena arena;
    struct diags diags;
    char folder[64];
    const char *root; /* NULL: no PDK */
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/oscc-cards-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    static const char beside[] = OSCC_TEST_DATA "/../../shared/pdk";
    const char *root = getenv("PDK_ROOT");
    if (root && *root)
        f->root = arena_strdup(&f->arena, root);
    else if (fs_is_folder(beside))
        f->root = beside;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fs_remove_tree(f->folder);
    diag_free(&f->diags);
    arena_free(&f->arena);
    free(f);
    return 0;
}

static const char *root_of(struct fixture *f, const char *process)
{
    return !strcmp(process, "generic") ? pdk_root(&f->arena, process) : f->root;
}

static bool has_pdk(struct fixture *f, const char *process)
{
    const char *root = root_of(f, process);
    bool found = root && fs_is_folder(fs_join(&f->arena, root, process));
    if (!found)
        printf("  skipped: no %s in $PDK_ROOT or beside the project\n", process);
    return found;
}

/* --- what is compared ------------------------------------------------------------------------ */

enum kind { NFET, PFET, RESISTOR, CAPACITOR };

struct subject {
    enum kind kind;
    const char *device;
    double w_um, l_um;
};

/* one size on the edge of a bin, in each list */
static const struct subject sky130_discrete[] = {
    {NFET, SKY "nfet_01v8", 0.42, 0.15},
    {NFET, SKY "nfet_01v8", 0.65, 0.15},
    {NFET, SKY "nfet_01v8", 0.45, 1},
    {NFET, SKY "nfet_01v8", 0.7, 1},
    {NFET, SKY "nfet_01v8", 1, 1},
    {NFET, SKY "nfet_01v8", 7, 8},
    {NFET, SKY "nfet_01v8", 0.52, 1},
    {NFET, SKY "nfet_01v8", 0.84, 0.5},
    {PFET, SKY "pfet_01v8", 0.55, 0.15},
    {PFET, SKY "pfet_01v8", 1.8, 1},
    {PFET, SKY "pfet_01v8", 4, 1},
    {PFET, SKY "pfet_01v8", 7, 8},
    {NFET, SKY "nfet_01v8_lvt", 1, 0.15},
    {NFET, SKY "nfet_01v8_lvt", 3, 1},
    {PFET, SKY "pfet_01v8_lvt", 1, 0.35},
    {PFET, SKY "pfet_01v8_lvt", 3, 1},
    {NFET, SKY "special_nfet_01v8", 0.36, 0.15},
    {RESISTOR, SKY "res_xhigh_po", 0.35, 10},
    {RESISTOR, SKY "res_xhigh_po_0p69", 0, 20},
    {RESISTOR, SKY "res_high_po", 1, 5},
    {RESISTOR, SKY "res_high_po_0p35", 0, 3},
    {RESISTOR, SKY "res_xhigh_po_1p41", 0, 7},
    {RESISTOR, SKY "res_high_po_5p73", 0, 12},
    {CAPACITOR, SKY "cap_mim_m3_1", 10, 10},
    {CAPACITOR, SKY "cap_mim_m3_2", 5, 7},
};

static const struct subject sky130_continuous[] = {
    {NFET, SKY "nfet_01v8", 0.42, 0.15},
    {NFET, SKY "nfet_01v8", 0.65, 0.15},
    {NFET, SKY "nfet_01v8", 0.45, 1},
    {NFET, SKY "nfet_01v8", 0.7, 1},
    {NFET, SKY "nfet_01v8", 1, 1},
    {NFET, SKY "nfet_01v8", 7, 8},
    {PFET, SKY "pfet_01v8", 0.55, 0.15},
    {PFET, SKY "pfet_01v8", 1.8, 1},
    {PFET, SKY "pfet_01v8", 4, 1},
    {PFET, SKY "pfet_01v8", 7, 8},
    {NFET, SKY "nfet_01v8_lvt", 1, 0.15},
    {NFET, SKY "nfet_01v8_lvt", 3, 1},
    {PFET, SKY "pfet_01v8_lvt", 1, 0.35},
    {PFET, SKY "pfet_01v8_lvt", 3, 1},
    {PFET, SKY "pfet_01v8_hvt", 1, 0.15},
    {RESISTOR, SKY "res_xhigh_po", 0.35, 10},
    {RESISTOR, SKY "res_xhigh_po_0p69", 0, 20},
    {RESISTOR, SKY "res_high_po", 1, 5},
    {RESISTOR, SKY "res_high_po_0p35", 0, 3},
    {CAPACITOR, SKY "cap_mim_m3_1", 10, 10},
    {CAPACITOR, SKY "cap_mim_m3_2", 5, 7},
};

static const struct subject generic[] = {
    {NFET, "nmos_1v8", 0.4, 0.18}, {NFET, "nmos_1v8", 1.1, 2},       {PFET, "pmos_1v8", 8, 0.2},
    {PFET, "pmos_1v8", 4.4, 2},    {RESISTOR, "res_poly", 0.4, 100}, {CAPACITOR, "cap_mim", 10, 10},
};

static const struct subject gf180[] = {
    {NFET, "nfet_03v3", 0.22, 0.28},
    {NFET, "nfet_03v3", 0.5, 0.5},
    {NFET, "nfet_03v3", 0.3, 0.5005},
    {NFET, "nfet_03v3", 1, 1},
    {NFET, "nfet_03v3", 10, 5},
    {PFET, "pfet_03v3", 0.22, 0.28},
    {PFET, "pfet_03v3", 1.2, 0.5},
    {PFET, "pfet_03v3", 4, 1},
    {PFET, "pfet_03v3", 10, 5},
    {RESISTOR, "ppolyf_u_1k", 1, 10},
    {RESISTOR, "ppolyf_u_2k", 2, 30},
    {RESISTOR, "ppolyf_u_3k", 1, 10},
    {CAPACITOR, "cap_mim_1f5_m2m3_noshield", 10, 10},
    {CAPACITOR, "cap_mim_2f0_m4m5_noshield", 5, 7},
};

struct set {
    const char *process, *set;
    const struct subject *subjects;
    size_t count;
    double supply_v;
    const char *corners[10];
};

#define LIST(list) list, sizeof(list) / sizeof *(list)
static const struct set sets[] = {
    {"sky130A", "discrete", LIST(sky130_discrete), 1.8, {"tt", "ss", "ff", "sf", "fs"}},
    {"sky130A",
     "continuous",
     LIST(sky130_continuous),
     1.8,
     {"tt", "ss", "ff", "sf", "fs", "ll", "hh", "hl", "lh"}},
    {"gf180mcuD", NULL, LIST(gf180), 3.3, {"tt", "ss", "ff", "sf", "fs"}},
    {"generic", NULL, LIST(generic), 1.8, {"tt", "ss", "ff", "sf", "fs"}},
};

/* --- decks ------------------------------------------------------------------------------------ */

enum form { LIBRARY, SLICED, DIRECT };

struct deck {
    struct fixture *f;
    const struct set *set;
    const struct cards *cards;
    enum form form;
    struct str text, saves;
};

static void add_device(struct deck *deck, const char *name, const char *nodes, size_t i)
{
    const struct subject *s = &deck->set->subjects[i];
    struct str *text = &deck->text;
    if (deck->form == DIRECT && deck->cards->list[i].direct) {
        str_addf(text, "m%s %s %s\n", name, nodes, deck->cards->list[i].direct);
    } else if (deck->form != LIBRARY) {
        str_addf(text, "x%s %s %s\n", name, nodes, deck->cards->list[i].name);
    } else {
        bool sky = !strcmp(deck->set->process, "sky130A");
        bool plain = s->kind <= PFET || strcmp(deck->set->process, "gf180mcuD") != 0;
        const char *prefix = plain ? "" : s->kind == RESISTOR ? "r_" : "c_";
        const char *w = plain ? "w" : "width", *unit = sky ? "" : "u";
        const char *l = plain ? "l" : "length";
        str_addf(text, "x%s %s %s %s%s=%.17g%s", name, nodes, s->device, prefix, l, s->l_um, unit);
        if (s->w_um > 0)
            str_addf(text, " %s%s=%.17g%s", prefix, w, s->w_um, unit);
        str_add(text, "\n");
    }
}

/* What ngspice calls a transistor of the deck, for its operating point. */
static const char *element_of(const struct deck *deck, const char *name, size_t i)
{
    struct arena *arena = &deck->f->arena;
    const char *device = deck->set->subjects[i].device;
    if (deck->form == DIRECT)
        return arena_printf(arena, "m%s", name);
    if (deck->form == SLICED)
        return arena_printf(arena, "m.x%s.m1", name);
    if (!strncmp(device, SKY "special", strlen(SKY "special")))
        return arena_printf(arena, "m.x%s.x" SKY "nfet_01v8.m" SKY "nfet_01v8", name);
    return arena_printf(arena, "m.x%s.m%s", name,
                        !strcmp(deck->set->process, "sky130A") ? device : "0");
}

static void add_transistor(struct deck *deck, size_t i, int bulk)
{
    bool p = deck->set->subjects[i].kind == PFET;
    struct arena *arena = &deck->f->arena;
    const char *name = arena_printf(arena, "%zu%c", i, 'a' + bulk);
    const char *nodes =
        arena_printf(arena, "d%s %s %s b%s", name, p ? "gp" : "g", p ? "vdd" : "0", name);
    str_addf(&deck->text, "vd%s %s d%s 0\nvb%s %s%d b%s 0\n", name, p ? "dp" : "d", name, name,
             p ? "bp" : "b", bulk, name);
    add_device(deck, name, nodes, i);
    str_addf(&deck->saves, ".save i(vd%s) i(vb%s)\n", name, name);
    static const char *const points[] = {"gm", "gds", "gmbs", "vth", "cgg", "cgd", "cgs", "cbd"};
    static const char *const level1[] = {"gm", "gds", "gmbs", "von", "vdsat", "cbd", "cbs", "id"};
    bool own = !strcmp(deck->set->process, "generic");
    for (size_t k = 0; k < sizeof points / sizeof *points; k++)
        str_addf(&deck->saves, ".save @%s[%s]\n", element_of(deck, name, i),
                 (own ? level1 : points)[k]);
}

static void add_passive(struct deck *deck, size_t i)
{
    bool r = deck->set->subjects[i].kind == RESISTOR;
    struct arena *arena = &deck->f->arena;
    /* a resistor's drop is swept and pulsed; a capacitor is charged through 10 kOhm */
    const char *name = arena_printf(arena, "%zu", i);
    str_addf(&deck->text, "vr%s %s a%s 0\n", name, r ? "rr" : "rc", name);
    if (!r)
        str_addf(&deck->text, "rs%s a%s c%s 10k\n", name, name, name);
    add_device(deck, name, arena_printf(arena, r ? "a%s 0 sub" : "c%s 0", name), i);
    str_addf(&deck->saves, ".save i(vr%s)\n", name);
    if (!r)
        str_addf(&deck->saves, ".save v(c%s)\n", name);
}

/* Rings of five inverters from every n and the p in the same place of the list. */
static void add_rings(struct deck *deck)
{
    const struct set *set = deck->set;
    struct arena *arena = &deck->f->arena;
    size_t p = 0, ring = 0;
    for (size_t n = 0; n < set->count; n++) {
        if (set->subjects[n].kind != NFET || set->subjects[n].l_um > 0.5)
            continue;
        do
            p = (p + 1) % set->count;
        while (set->subjects[p].kind != PFET || set->subjects[p].l_um > 0.5);
        for (int k = 0; k < 5; k++) {
            const char *in = arena_printf(arena, "q%zu_%d", ring, k);
            const char *out = arena_printf(arena, "q%zu_%d", ring, (k + 1) % 5);
            add_device(deck, arena_printf(arena, "n%zu_%d", ring, k),
                       arena_printf(arena, "%s %s 0 0", out, in), n);
            add_device(deck, arena_printf(arena, "p%zu_%d", ring, k),
                       arena_printf(arena, "%s %s vdd vdd", out, in), p);
        }
        str_addf(&deck->text, ".ic v(q%zu_0)=0 v(q%zu_1)=%g\n", ring, ring, set->supply_v);
        str_addf(&deck->saves, ".save v(q%zu_0)\n", ring);
        ring++;
    }
}

static void add_models(struct deck *deck, const struct cards_library *library)
{
    if (deck->form != LIBRARY) {
        str_add_bytes(&deck->text, deck->cards->text, deck->cards->length);
        return;
    }
    for (size_t i = 0; i < library->source_count; i++) {
        const struct card_source *source = &library->sources[i];
        str_addf(&deck->text, "%s \"%s\" %s\n", source->section ? ".lib" : ".include", source->path,
                 source->section ? source->section : "");
    }
}

static struct outcome run_form(struct fixture *f, const struct set *set,
                               const struct cards_library *library, const struct cards *cards,
                               enum form form, const char *behaviour, const char *extra)
{
    struct deck deck = {.f = f, .set = set, .cards = cards, .form = form};
    double v = set->supply_v;
    str_addf(&deck.text, "* devices of %s\n", library->title);
    add_models(&deck, library);
    str_addf(&deck.text,
             "vdd vdd 0 %g\nvg g 0 0\nvd d 0 %g\negp gp 0 vdd g 1\nedp dp 0 vdd d 1\n"
             "vb0 b0 0 0\nvb1 b1 0 -0.6\nvbp0 bp0 0 %g\nvbp1 bp1 0 %g\n"
             "err rr 0 d g 2\nvrc rc 0 pulse(0 %g 0.1n 20p 20p 1n 5n)\nvsub sub 0 -0.3\n",
             v, v, v, v + 0.6, v);
    for (size_t i = 0; i < set->count; i++)
        if (set->subjects[i].kind <= PFET)
            add_transistor(&deck, i, 0), add_transistor(&deck, i, 1);
        else
            add_passive(&deck, i);
    add_rings(&deck);
    /* not vd = 0: source and drain change places there, and their capacitances with them */
    str_addf(&deck.text, ".dc vg 0 %g %g vd 0.05 %g %g\n.dc vd %g %g %g vg %g %g %g\n", v, v / 30,
             v, (v - 0.05) / 2, v / 30, v, v / 30, v / 2, v, v / 4);
    str_addf(&deck.text, ".tran 1p 2n 0 1p\n%s", extra);
    str_add(&deck.text, ".options reltol=1e-6 abstol=1e-13 vntol=1e-8 method=trap trtol=1e6\n");
    str_add(&deck.text, str_text(&deck.saves));
    str_add(&deck.text, ".end\n");
    struct outcome outcome =
        run_deck(&f->arena, f->folder, behaviour, str_text(&deck.text), deck.text.length);
    str_free(&deck.text);
    str_free(&deck.saves);
    return outcome;
}

/* --- comparison ------------------------------------------------------------------------------- */

struct deviation {
    double dc, point, transient; /* the worst, relative */
    const char *where;
    double worst;
    size_t values;
};

/* The name that a vector of the library's run has in the run of the cards. */
static const char *other_name(struct fixture *f, const struct set *set, enum form form,
                              const char *name)
{
    if (*name != '@')
        return name;
    struct deck from = {.f = f, .set = set, .form = LIBRARY},
                to = {.f = f, .set = set, .form = form};
    for (size_t i = 0; i < set->count; i++)
        for (int bulk = 0; bulk < 2; bulk++) {
            const char *device = arena_printf(&f->arena, "%zu%c", i, 'a' + bulk);
            const char *element = element_of(&from, device, i);
            size_t length = strlen(element);
            if (!strncmp(name + 1, element, length) && name[1 + length] == '[')
                return arena_printf(&f->arena, "@%s%s", element_of(&to, device, i),
                                    name + 1 + length);
        }
    return name;
}

/* Rounding: a branch current is what is left in the equation of its node, whose terms (2 V times up
 * to 1 S) are rounded at 1e-16; the differences seen are multiples of 2^-57 A = 6.9e-18 A. */
static void compare_vector(const struct vector *a, const struct vector *b, struct deviation *d)
{
    bool transient = !strncmp(a->plot, "tran", 4), point = *a->name == '@';
    bool current = strstr(a->name, "#branch") != NULL;
    if (transient && (point || !strncmp(a->name, "vd", 2) || !strncmp(a->name, "vb", 2)))
        return; /* these stand still there */
    /* below these a difference counts as one of them: 1 pA, 1 pS, 0.1 aF, 1 V */
    double floor_ = point ? (strstr(a->name, "[c") ? 1e-19 : 1e-12) : current ? 1e-12 : 1;
    double rounding = current ? 1e-16 : 0; /* A */
    if (transient && current)              /* they swing through zero: 1e-6 of what flows */
        for (size_t k = 0; k < a->length; k++)
            floor_ = fmax(floor_, fabs(a->values[k]));
    if (!strcmp(a->name, "time"))
        floor_ = 1e-9;
    double *kind = transient ? &d->transient : point ? &d->point : &d->dc;
    for (size_t k = 0; k < a->length; k++, d->values++) {
        double relative = k >= b->length ? INFINITY
                                         : fmax(0, fabs(a->values[k] - b->values[k]) - rounding) /
                                               fmax(fabs(a->values[k]), floor_);
        if (!(relative <= *kind))
            *kind = relative;
        if (!(relative <= d->worst)) {
            d->worst = relative;
            d->where = a->name;
        }
    }
}

static void compare(struct fixture *f, const struct set *set, enum form form,
                    const struct outcome *reference, const struct outcome *cards,
                    struct deviation *d)
{
    for (size_t i = 0; i < reference->count; i++) {
        const struct vector *a = &reference->vectors[i];
        const struct vector *b = find_vector(cards, a->plot, other_name(f, set, form, a->name));
        if (!b)
            fail_msg("the cards have no %s of %s", a->name, a->plot);
        compare_vector(a, b, d);
    }
}

/* Two runs of the same form. */
static void compare_same(const struct outcome *right, const struct outcome *other,
                         struct deviation *d)
{
    for (size_t i = 0; i < right->count; i++) {
        const struct vector *b = find_vector(other, right->vectors[i].plot, right->vectors[i].name);
        assert_non_null(b);
        compare_vector(&right->vectors[i], b, d);
    }
}

static struct card_request *requests_of(struct fixture *f, const struct set *set)
{
    struct card_request *list = ARENA_ARRAY(&f->arena, struct card_request, set->count);
    for (size_t i = 0; i < set->count; i++)
        list[i] = (struct card_request){set->subjects[i].device, set->subjects[i].w_um,
                                        set->subjects[i].l_um};
    return list;
}

static void slice(struct fixture *f, const struct set *set, const char *corner,
                  struct cards_library *library, struct cards *cards)
{
    bool good =
        cards_library(&f->arena, root_of(f, set->process), set->process, set->set, corner, library,
                      &f->diags) &&
        cards_slice(&f->arena, library, requests_of(f, set), set->count, NULL, cards, &f->diags);
    if (!good)
        diag_print(&f->diags, stdout, DIAG_HUMAN, false);
    assert_true(good);
}

static void test_exact(void **state)
{
    struct fixture *f = *state;
    for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
        if (!has_pdk(f, sets[s].process))
            continue;
        for (size_t c = 0; c < 10 && sets[s].corners[c]; c++) {
            struct cards_library library;
            struct cards cards;
            double begin = process_now();
            slice(f, &sets[s], sets[s].corners[c], &library, &cards);
            double sliced_s = process_now() - begin;
            const char *extra = c == 1 ? ".temp 85\n" : "";
            enum form form = c % 2 ? DIRECT : SLICED;
            const char *mode = c == 2 ? "hsa" : NULL; /* the cards do not care */
            struct outcome reference =
                run_form(f, &sets[s], &library, &cards, LIBRARY, library.behaviour, extra);
            struct outcome outcome = run_form(f, &sets[s], &library, &cards, form, mode, extra);
            struct deviation d = {.where = "nothing"};
            compare(f, &sets[s], form, &reference, &outcome, &d);
            printf("  %-22s %2zu devices, %zu values: dc %.1e, operating point %.1e, transient "
                   "%.1e (%s); sliced in %.3f s; load %.2f -> %.3f s, peak %.0f -> %.0f MB\n",
                   library.title, sets[s].count, d.values, d.dc, d.point, d.transient, d.where,
                   sliced_s, reference.load_s, outcome.load_s, reference.peak_mb, outcome.peak_mb);
            assert_true(d.values > 10000);
            assert_true(d.worst <= TOLERANCE);
        }
    }
}

/* --- what must be noticed --------------------------------------------------------------------- */

/* Makes one digit of a number another one: the digit-th behind the place, counted from 0. */
static struct cards change_digit(struct fixture *f, const struct cards *cards, const char *before,
                                 size_t digit)
{
    struct cards changed = *cards;
    char *text = arena_strndup(&f->arena, cards->text, cards->length);
    char *at = strstr(text, before);
    if (!at)
        fail_msg("no \"%s\" in the cards", before);
    at += strlen(before);
    for (;; at++)
        if (*at >= '0' && *at <= '9' && digit-- == 0)
            break;
    *at = (char)(*at == '9' ? '8' : *at + 1);
    changed.text = text;
    return changed;
}

/* The smallest changes that the comparison promises to see: about one part in 10,000 of what
 * the parameter does. */
static void test_wrong_digit(void **state)
{
    struct fixture *f = *state;
    if (!has_pdk(f, "sky130A"))
        return;
    static const struct {
        const char *before;
        size_t digit;
    } changes[] = {
        {" vth0=", 5}, {" u0=", 5},  {" vsat=", 4},   {" wint=", 3},      {" toxe=", 3},
        {" cgso=", 3}, {" nrd=", 2}, {" r=", 1},      {"c1 c0 c1 c=", 4}, {" l=", 0},
        {" w=", 0},    {" rsh=", 3}, {" delvto=", 4}, {"sqrt((1+((", 2},  {" tc1=", 3},
    };
    struct cards_library library;
    struct cards cards;
    const struct set *set = &sets[1];
    slice(f, set, "ss", &library, &cards);
    struct outcome right = run_form(f, set, &library, &cards, SLICED, NULL, ".temp 85\n");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct cards wrong = change_digit(f, &cards, changes[i].before, changes[i].digit);
        struct outcome outcome = run_form(f, set, &library, &wrong, SLICED, NULL, ".temp 85\n");
        struct deviation d = {.where = "nothing"};
        /* right was held against the library by test_exact; its names are those of the cards */
        compare_same(&right, &outcome, &d);
        printf("  a digit of%-12s changed: %.1e (%s)\n", changes[i].before, d.worst, d.where);
        assert_true(d.worst > 10 * TOLERANCE);
    }
}

/* --- speed ------------------------------------------------------------------------------------ */

enum { CELLS = 64, TRANSISTORS = 24 };

static size_t find_subject(const struct set *set, const char *device, double w_um, double l_um)
{
    for (size_t i = 0; i < set->count; i++)
        if (!strcmp(set->subjects[i].device, device) && set->subjects[i].w_um == w_um &&
            set->subjects[i].l_um == l_um)
            return i;
    fail_msg("no %s of that size", device);
    return 0;
}

/* 64 cells of 12 inverters in three sizes, flat. */
static void add_cells(struct deck *deck)
{
    static const double n_um[] = {0.45, 0.7, 1}, p_um[] = {1.8, 4, 4};
    for (int cell = 0; cell < CELLS; cell++)
        for (int k = 0; k < TRANSISTORS / 2; k++) {
            struct arena *arena = &deck->f->arena;
            const char *in = arena_printf(arena, "c%d_%d", cell, k % 4);
            const char *out = arena_printf(arena, "c%d_%d", cell, (k + 1) % 4);
            add_device(deck, arena_printf(arena, "n%d_%d", cell, k),
                       arena_printf(arena, "%s %s 0 0", out, in),
                       find_subject(deck->set, SKY "nfet_01v8", n_um[k % 3], 1));
            add_device(deck, arena_printf(arena, "p%d_%d", cell, k),
                       arena_printf(arena, "%s %s vdd vdd", out, in),
                       find_subject(deck->set, SKY "pfet_01v8", p_um[k % 3], 1));
        }
}

static void test_speed(void **state)
{
    struct fixture *f = *state;
    if (!has_pdk(f, "sky130A"))
        return;
    static const char *const forms[] = {"library", "subcircuits", "direct"};
    for (size_t s = 0; s < 2; s++) {
        struct cards_library library;
        struct cards cards;
        slice(f, &sets[s], "tt", &library, &cards);
        for (enum form form = LIBRARY; form <= DIRECT; form++) {
            struct deck deck = {.f = f, .set = &sets[s], .cards = &cards, .form = form};
            str_addf(&deck.text, "* %s\n", library.title);
            add_models(&deck, &library);
            str_add(&deck.text, "vdd vdd 0 1.8\n");
            add_cells(&deck);
            str_add(&deck.text, ".op\n.save i(vdd)\n.end\n");
            struct outcome best = {.load_s = INFINITY, .run_s = INFINITY};
            for (int k = 0; k < (form == LIBRARY ? 1 : 3); k++) {
                struct outcome outcome =
                    run_deck(&f->arena, f->folder, form == LIBRARY ? library.behaviour : NULL,
                             str_text(&deck.text), deck.text.length);
                if (outcome.load_s < best.load_s)
                    best.load_s = outcome.load_s;
                if (outcome.run_s < best.run_s)
                    best.run_s = outcome.run_s;
                best.peak_mb = outcome.peak_mb;
                assert_non_null(find_vector(&outcome, "op1", "vdd#branch"));
            }
            printf("  %-22s %d transistors as %-11s parsed in %.3f s, operating point %.3f s, "
                   "peak %.0f MB\n",
                   library.title, CELLS * TRANSISTORS, forms[form], best.load_s, best.run_s,
                   best.peak_mb);
            if (form != LIBRARY) {
                assert_true(best.load_s <= 0.2);
                assert_true(best.peak_mb < 100);
            }
            str_free(&deck.text);
        }
    }
}

/* --- requests that cannot be met -------------------------------------------------------------- */

static void test_refusals(void **state)
{
    struct fixture *f = *state;
    if (!has_pdk(f, "sky130A"))
        return;
    static const struct {
        struct card_request request;
        const char *message;
    } cases[] = {
        {{SKY "nfet_77v7", 1, 1}, "the library has no subcircuit \"" SKY "nfet_77v7\""},
        {{SKY "nfet_01v8", 1, 500}, "no model card \"" SKY "nfet_01v8__model\" is for this size"},
        {{SKY "nfet_01v8", 0, 1}, "its w must be given"},
        {{SKY "nfet_01v8", 1, -1}, "its l must be given"},
        {{SKY "res_high_po_0p35", 1, 1}, "its w cannot be chosen"},
        {{SKY "res_iso_pw", 1, 1},
         "the library has no subcircuit \"" SKY "model__parasitic__diode_pw2dn\""},
    };
    struct cards_library library;
    struct cards cards;
    assert_true(cards_library(&f->arena, f->root, "sky130A", NULL, "tt", &library, &f->diags));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        diag_free(&f->diags);
        f->diags = (struct diags){0};
        assert_false(
            cards_slice(&f->arena, &library, &cases[i].request, 1, NULL, &cards, &f->diags));
        assert_int_equal(f->diags.errors, 1);
        if (!strstr(f->diags.list[0].message, cases[i].message))
            fail_msg("\"%s\", not \"%s\"", f->diags.list[0].message, cases[i].message);
    }
    assert_false(cards_library(&f->arena, f->root, "sky130A", NULL, "tt_mm", &library, &f->diags));
    assert_false(cards_library(&f->arena, f->root, "sky130B", NULL, "tt", &library, &f->diags));
    assert_true(
        cards_library(&f->arena, "/nonexistent", "sky130A", NULL, "tt", &library, &f->diags));
    assert_false(cards_slice(&f->arena, &library, &cases[0].request, 1, NULL, &cards, &f->diags));
    /* a section with mismatch draws numbers, which no card can hold */
    assert_true(cards_library(&f->arena, f->root, "sky130A", NULL, "tt", &library, &f->diags));
    library.sources[0].section = "tt_mm";
    struct card_request one = {SKY "nfet_01v8", 1, 1};
    assert_false(cards_slice(&f->arena, &library, &one, 1, NULL, &cards, &f->diags));
    assert_non_null(strstr(f->diags.list[f->diags.count - 1].message, "draws a random number"));
}

int main(int argc, char **argv)
{
    if (argc == 4 && !strcmp(argv[1], "--cards-worker"))
        return cards_worker(argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_exact),
        TEST(test_wrong_digit),
        TEST(test_speed),
        TEST(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
