/* SPDX-License-Identifier: Apache-2.0
 *
 * The array in tiles: every coupler has one address, which is its place in the chain that the
 * netlist of transistors shows, whatever the layout.
 */
#include "tests/unit/testing.h"

#include <math.h>

#include "compiler/map/tiles.h"
#include "netlist/array.h"
#include "netlist/memory.h"
#include "spice/circuit.h"
#include "spice/device_chain.h"

/* Every word of a square layout is used once; columns of a tile follow each other. */
static void test_square_words(void **state)
{
    (void)state;
    for (size_t n = 2; n < 40; n++) {
        bool seen[40 * 39] = {false};
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                if (j == i)
                    continue;
                size_t word = map_square_word(n, MAP_TILE, i, j);
                assert_true(word < n * (n - 1) && !seen[word]);
                seen[word] = true;
            }
        }
    }
    assert_int_equal(map_square_word(40, 16, 0, 1), 0);
    assert_int_equal(map_square_word(40, 16, 1, 0), 15);
    assert_int_equal(map_square_word(40, 16, 0, 16), 16 * 15);
    assert_int_equal(map_square_word(40, 16, 1, 17), 16 * 15 + 17);
    assert_int_equal(map_square_word(40, 16, 0, 32), 16 * 31);
    assert_int_equal(map_square_word(40, 16, 16, 0), 16 * 39);
    assert_int_equal(map_square_word(40, 16, 39, 38), 40 * 39 - 1);
    /* at the side of 1 the words of a column stand side by side, as in a list */
    assert_int_equal(map_square_word(40, 1, 7, 3), 7 * 39 + 3);
}

/* What the flattened array shows. */
struct seen {
    struct arena *arena;
    struct device_link *links;
    size_t count, weights, drives;
    struct circuit_nodes nodes;
    struct {
        const char *module;
        uint32_t column, source; /* nodes of the first line */
        int parallel;
    } * cells;
};

static bool is_leaf(void *user, const char *module)
{
    (void)user;
    return strncmp(module, "tile_", 5) != 0 && strcmp(module, "array") != 0;
}

static void note(void *user, const struct circuit_leaf *leaf)
{
    struct seen *seen = user;
    bool trim = !strcmp(leaf->module, "trim"), coupler = !strncmp(leaf->module, "coupler_", 8);
    if (!trim && !coupler)
        return;
    size_t port = trim ? 4 : 8;
    seen->links[seen->count] = (struct device_link){leaf->nodes[port],
                                                    leaf->nodes[port + 1],
                                                    leaf->nodes[port + 2],
                                                    leaf->nodes[port + 3],
                                                    trim,
                                                    seen->count};
    seen->cells[seen->count].module = leaf->module;
    seen->cells[seen->count].column = leaf->nodes[0];
    const char *m = circuit_parameter(leaf->parameter_count, leaf->parameters, "m");
    seen->cells[seen->count].parallel = m ? atoi(m) : 1;
    seen->cells[seen->count++].source = leaf->nodes[trim ? 0 : 4];
    seen->weights += !strcmp(leaf->module, "coupler_weight");
    seen->drives += !strcmp(leaf->module, "coupler_drive");
}

static uint32_t node(const struct seen *seen, const char *name)
{
    for (uint32_t k = 0; k < seen->nodes.count; k++)
        if (!strcmp(seen->nodes.names[k], name))
            return k;
    fail_msg("no node %s", name);
    return 0;
}

/* A model of n oscillators and m conditioning ones in which j pulls on i where pulls() says so. */
static struct chip *make_chip(struct scratch *s, int n, int m, bool (*pulls)(int i, int j))
{
    struct model_couplings *sites = ARENA_NEW(&s->arena, struct model_couplings);
    struct model *model = ARENA_NEW(&s->arena, struct model);
    size_t all = (size_t)n * (size_t)n, both = (size_t)n + (size_t)m;
    sites->first = ARENA_ARRAY(&s->arena, size_t, (size_t)n + 1);
    size_t *first = ARENA_ARRAY(&s->arena, size_t, (size_t)n + 1);
    int32_t *source = ARENA_ARRAY(&s->arena, int32_t, all);
    double *value = ARENA_ARRAY(&s->arena, double, all);
    size_t count = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            if (j == i || !pulls(i, j))
                continue;
            source[count] = (int32_t)j;
            value[count++] = 0.01 * ((i * 7 + j * 3) % 31 - 15.5);
        }
        first[i + 1] = count;
    }
    *model = (struct model){.name = "tiles", .path = "", .n = n, .m = m, .classes = 2, .time = 1};
    model->couplings =
        (struct model_couplings){.count = count, .first = first, .source = source, .value = value};
    model->omega = ARENA_ARRAY(&s->arena, double, (size_t)n);
    model->omega_cond = ARENA_ARRAY(&s->arena, double, (size_t)m);
    model->k_cond = ARENA_ARRAY(&s->arena, double, (size_t)m *(size_t)m);
    model->k_drive = ARENA_ARRAY(&s->arena, double, 2 * (size_t)n * (size_t)m);
    for (size_t k = 0; k < 2 * (size_t)n * (size_t)m; k++)
        ((double *)(uintptr_t)model->k_drive)[k] = 0.1;
    model->chip = (struct model_chip_hints){
        .weight_bits = 5, .omega_bits = 8, .phase_bits = 6, .readout_bits = 6};
    struct chip *chip = map_model(&s->arena, model, pdk_find("sky130A"), NULL, NULL, &s->diags);
    expect_no_diags(&s->diags);
    assert_non_null(chip);
    assert_int_equal(both, chip->n + chip->m);
    return chip;
}

/* The array's text, with modules for its cells that have no content. */
static struct seen flatten(struct scratch *s, const struct chip *chip)
{
    const struct net_module *array = netlist_device_array(&s->arena, chip);
    struct str text = {0};
    netlist_write_device_array(chip, array, &text);
    struct net_module *top = net_module(&s->arena, "top", NULL, NULL, 0);
    net_write_instance(
        net_add(&s->arena, top, "chip", "array", array->port_count, array->ports, NULL), &text);
    const char *path = scratch_write(s, "array.spice", text.text, text.length);
    str_free(&text);
    size_t most = (size_t)(chip->n + chip->m) * (size_t)(chip->n + chip->m + 1);
    struct seen seen = {.arena = &s->arena};
    seen.links = ARENA_ARRAY(&s->arena, struct device_link, most);
    seen.cells = arena_alloc(&s->arena, most, sizeof *seen.cells);
    int error;
    const struct circuit *circuit = circuit_read(&s->arena, path, &error, NULL);
    assert_non_null(circuit);
    assert_int_equal(circuit_visit(&s->arena, circuit, is_leaf, note, &seen, &seen.nodes), 0);
    return seen;
}

/* Each link of the chains against the word that the memory's order gives it. */
static void expect_order(struct scratch *s, const struct chip *chip)
{
    struct seen seen = flatten(s, chip);
    size_t n = (size_t)chip->n, m = (size_t)chip->m, drives = n * m;
    size_t words = n + m + map_couplers(chip) + m * (m ? m - 1 : 0);
    assert_int_equal(seen.count, words + drives);
    assert_int_equal(seen.weights, map_couplers(chip));
    assert_int_equal(seen.drives, drives);
    size_t *order = ARENA_ARRAY(&s->arena, size_t, words + drives);
    assert_null(device_follow_chain(&s->arena, seen.links, seen.count, seen.nodes.count,
                                    node(&seen, "si"), node(&seen, "so"), words, order));
    if (m)
        assert_null(device_follow_chain(&s->arena, seen.links, seen.count, seen.nodes.count,
                                        node(&seen, "di"), node(&seen, "do"), drives,
                                        order + words));
    const struct {
        const char *module;
        size_t at;
    } kinds[] = {
        {"trim", 0}, {"coupler_weight", n + m}, {"coupler_cond", n + m + map_couplers(chip)}};
    for (size_t k = 0; k < words + drives; k++) {
        const char *expected = "coupler_drive";
        for (size_t q = 0; q < 3 && k < words; q++)
            expected = k >= kinds[q].at ? kinds[q].module : expected;
        assert_string_equal(seen.cells[order[k]].module, expected);
    }
    for (int i = 0; i < chip->n; i++) {
        for (size_t site = chip->sites->first[i]; site < chip->sites->first[i + 1]; site++) {
            size_t link = order[n + m + map_site_word(chip, i, site)];
            char name[64];
            snprintf(name, sizeof name, "xchip.b%dxp", i);
            assert_string_equal(seen.nodes.names[seen.cells[link].column], name);
            snprintf(name, sizeof name, "xchip.r%dxp", chip->sites->source[site]);
            assert_string_equal(seen.nodes.names[seen.cells[link].source], name);
        }
        for (size_t k = 0; k < m; k++) {
            size_t link = order[words + (size_t)i * m + k];
            char name[64];
            snprintf(name, sizeof name, "xchip.b%dxp", i);
            assert_string_equal(seen.nodes.names[seen.cells[link].column], name);
            snprintf(name, sizeof name, "xchip.r%zuxp", n + k);
            assert_string_equal(seen.nodes.names[seen.cells[link].source], name);
        }
    }
}

static bool all(int i, int j)
{
    (void)i;
    (void)j;
    return true;
}

static bool most(int i, int j)
{
    return (i + j) % 3 != 0;
}

static bool few(int i, int j)
{
    return (3 * i + j) % 5 == 0;
}

static void test_chain_order(void **state)
{
    static const struct {
        int n, m;
        bool (*pulls)(int i, int j);
    } cases[] = {{2, 1, all},   {16, 1, all}, {17, 1, all}, {35, 3, all}, {5, 0, all},
                 {35, 1, most}, {35, 1, few}, {90, 2, few}, {20, 18, few}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        expect_order(*state, make_chip(*state, cases[k].n, cases[k].m, cases[k].pulls));
}

/* A tone of several cells in parallel is pulled through as many couplers in parallel, which its
 * dummies make up to as many times the load of all columns. */
static void test_couplers_of_tones(void **state)
{
    struct scratch *s = *state;
    const struct chip *chip = make_chip(s, 35, 3, few);
    struct seen seen = flatten(s, chip);
    const struct chip_device *device = &chip->device;
    size_t conds = 0;
    assert_true(device->scale[35] > 1);
    for (size_t k = 0; k < seen.count; k++) {
        int i;
        if (!strncmp(seen.cells[k].module, "coupler_", 8)) {
            const char *bus = seen.nodes.names[seen.cells[k].column];
            assert_int_equal(sscanf(bus, "xchip.b%d", &i), 1);
            assert_int_equal(seen.cells[k].parallel, device->scale[i]);
            conds += i >= 35;
        }
    }
    assert_int_equal(conds, 3 * 2);
    for (int i = 35; i < 38; i++) {
        double couplers =
            2 * chip->cond.full * device->cond_s + device->column_dummy_s[i] / device->scale[i];
        assert_true(fabs(couplers / device->column_load_s - 1) < 1e-9);
    }
}

static size_t port_of(const struct net_module *module, const char *name)
{
    for (size_t p = 0; p < module->port_count; p++)
        if (!strcmp(module->ports[p], name))
            return p;
    fail_msg("%s has no port %s", module->name, name);
    return 0;
}

/* The coupler of the behavioural array at a word: "x<i> y<i> rx<j> ry<j>", or NULL. */
static const char *coupler_of(struct scratch *s, const struct net_module *array, char bank,
                              size_t word)
{
    const char *found = NULL;
    for (const struct net_instance *t = array->first; t; t = t->next) {
        const char *suffix = strncmp(t->module, "tile_", 5) ? NULL : strrchr(t->module, '_');
        if (!suffix || suffix[1] != bank)
            continue;
        const struct net_module *tile = array->next;
        while (strncmp(tile->name, t->module, (size_t)(suffix - t->module)) != 0 ||
               tile->name[suffix - t->module])
            tile = tile->next;
        assert_int_equal(tile->port_count, t->node_count);
        for (const struct net_instance *k = tile->first; k; k = k->next) {
            size_t place;
            assert_int_equal(sscanf(k->parameters, "code={c%zu}", &place), 1);
            if (strtoul(suffix + 2, NULL, 10) + place != word)
                continue;
            assert_null(found); /* a word belongs to one coupler */
            found = arena_printf(&s->arena, "%s %s %s %s", t->nodes[port_of(tile, k->nodes[0])],
                                 t->nodes[port_of(tile, k->nodes[1])],
                                 t->nodes[port_of(tile, k->nodes[2])],
                                 t->nodes[port_of(tile, k->nodes[3])]);
        }
    }
    return found;
}

static void expect_coupler(struct scratch *s, const struct net_module *array, char bank,
                           size_t word, int i, int j)
{
    const char *nodes = coupler_of(s, array, bank, word);
    if (!nodes)
        fail_msg("no coupler at %c%zu", bank, word);
    assert_string_equal(nodes, arena_printf(&s->arena, "x%d y%d rx%d ry%d", i, i, j, j));
}

/* Each word of the memory reaches its coupler in the behavioural array. */
static void test_behavioural_words(void **state)
{
    struct scratch *s = *state;
    static const struct {
        int n, m;
        bool (*pulls)(int i, int j);
    } cases[] = {{2, 1, all}, {17, 3, all}, {5, 0, all}, {35, 1, few}, {20, 18, most}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        int n = cases[c].n, m = cases[c].m;
        const struct chip *chip = make_chip(s, n, m, cases[c].pulls);
        const struct net_module *array = netlist_array(&s->arena, chip);
        size_t word = chip->memory[CHIP_COND].base;
        for (int i = 0; i < n; i++)
            for (size_t site = chip->sites->first[i]; site < chip->sites->first[i + 1]; site++)
                expect_coupler(s, array, 'w',
                               chip->memory[CHIP_COUPLING].base + map_site_word(chip, i, site), i,
                               chip->sites->source[site]);
        for (int k = 0; k < m; k++)
            for (int l = 0; l < m; l++)
                if (l != k)
                    expect_coupler(s, array, 'w', word++, n + k, n + l);
        assert_null(coupler_of(s, array, 'w', word));
        for (int i = 0; i < n; i++)
            for (int k = 0; k < m; k++)
                expect_coupler(s, array, 'd', (size_t)(i * m + k), i, n + k);
        assert_null(coupler_of(s, array, 'd', (size_t)(n * m)));
    }
}

/* Text grows with tiles: a dense array of twice the side takes well under four times the text of
 * one line a coupler. */
static void test_size(void **state)
{
    struct scratch *s = *state;
    const struct chip *chip = make_chip(s, 128, 1, all);
    struct str text = {0};
    netlist_write_device_array(chip, netlist_device_array(&s->arena, chip), &text);
    assert_true(text.length < 12 * map_couplers(chip)); /* bytes a coupler */
    str_free(&text);
    netlist_write_array(chip, netlist_array(&s->arena, chip), &text);
    assert_true(text.length < 5 * map_couplers(chip));
    str_free(&text);
}

/* Couplings that the model lacks have code 0 in a square layout. */
static void test_memory(void **state)
{
    struct scratch *s = *state;
    const struct chip *chip = make_chip(s, 20, 1, most);
    struct str text = {0};
    netlist_write_memory(&s->arena, chip, &text);
    struct source source = {"weights.hex", text.text, text.length};
    size_t words = chip->memory[CHIP_DRIVE].base + chip->memory[CHIP_DRIVE].count;
    const int16_t *word = netlist_read_memory(&s->arena, &source, words, &s->diags);
    assert_non_null(word);
    for (int i = 0; i < 20; i++) {
        size_t site = chip->sites->first[i];
        for (int j = 0; j < 20; j++) {
            if (j == i)
                continue;
            int16_t code = most(i, j) ? chip->weight_code[site++] : 0;
            assert_int_equal(word[chip->memory[CHIP_COUPLING].base +
                                  map_square_word(20, MAP_TILE, (size_t)i, (size_t)j)],
                             code);
        }
    }
    str_free(&text);
}

/* Chains that are none. */
static void test_broken_chains(void **state)
{
    struct scratch *s = *state;
    const struct device_link good[] = {
        {1, 2, 7, 8, true, 0}, {3, 4, 7, 8, false, 1}, {2, 3, 7, 8, false, 2}};
    struct device_link links[3];
    size_t order[3];
    assert_null(device_follow_chain(&s->arena, good, 3, 5, 1, 4, 3, order));
    assert_int_equal(order[0], 0);
    assert_int_equal(order[1], 2);
    assert_int_equal(order[2], 1);
    assert_non_null(device_follow_chain(&s->arena, good, 3, 5, 1, 4, 2, order)); /* words left */
    assert_non_null(device_follow_chain(&s->arena, good, 3, 5, 2, 4, 3, order)); /* too few */
    assert_non_null(device_follow_chain(&s->arena, good, 3, 5, 1, 3, 3, order)); /* other end */
    memcpy(links, good, sizeof good);
    links[1].in = 2; /* two links at one node */
    assert_non_null(device_follow_chain(&s->arena, links, 3, 5, 1, 4, 3, order));
    memcpy(links, good, sizeof good);
    links[2].ckb = 7; /* another clock */
    assert_non_null(device_follow_chain(&s->arena, links, 3, 5, 1, 4, 3, order));
    memcpy(links, good, sizeof good);
    links[1].out = 2; /* a loop */
    assert_non_null(device_follow_chain(&s->arena, links, 3, 5, 1, 2, 3, order));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_square_words),
        TEST(test_chain_order),
        TEST(test_couplers_of_tones),
        TEST(test_behavioural_words),
        TEST(test_size),
        TEST(test_memory),
        TEST(test_broken_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
