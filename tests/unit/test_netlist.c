/* SPDX-License-Identifier: Apache-2.0
 *
 * The netlist as text, the array of a small chip, and the image of the weight memory.
 */
#include "tests/unit/testing.h"

#include <ctype.h>

#include "netlist/array.h"
#include "netlist/memory.h"

/* Lines joined at their continuations; fails where a line is too long or a + stands wrong. */
static char *unfolded(struct scratch *s, const char *text)
{
    char *joined = arena_strdup(&s->arena, text), *out = joined;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        assert_true(length < 100);
        assert_int_equal(line[length], '\n');
        assert_true(line[0] != '+' || (line[1] == ' ' && line != text));
        if (line[0] == '+')
            out[-1] = ' '; /* in place of the newline before */
        size_t skip = line[0] == '+' ? 2 : 0;
        memcpy(out, line + skip, length - skip + 1);
        out += length - skip + 1;
        line += length + 1;
    }
    *out = '\0';
    return joined;
}

static void test_folding(void **state)
{
    struct scratch *s = *state;
    for (size_t count = 1; count < 70; count++) {
        const char **nodes = ARENA_ARRAY(&s->arena, const char *, count);
        char *expected = arena_strdup(&s->arena, ".subckt wide");
        char *instance = arena_strdup(&s->arena, "xinst");
        for (size_t i = 0; i < count; i++) {
            nodes[i] = arena_printf(&s->arena, "n%zu", i * i * i);
            expected = arena_printf(&s->arena, "%s %s", expected, nodes[i]);
            instance = arena_printf(&s->arena, "%s %s", instance, nodes[i]);
        }
        struct net_module *module = net_module(&s->arena, "wide", "words", nodes, count);
        net_add(&s->arena, module, "inst", "cell", count, nodes, "code={w1} unit={unit_weight}");
        net_add(&s->arena, module, "last", "cell", 1, nodes, NULL);
        expected = arena_printf(&s->arena,
                                "* words\n%s\n%s cell code={w1} unit={unit_weight}\n"
                                "xlast n0 cell\n.ends wide\n",
                                expected, instance);
        struct str out = {0};
        net_write_spice(module, &out);
        assert_string_equal(unfolded(s, out.text), expected);
        bool folds = false;
        for (const char *line = expected; *line; line = strchr(line, '\n') + 1)
            folds = folds || strcspn(line, "\n") > 98;
        assert_true(folds == (strstr(out.text, "\n+ ") != NULL));
        str_free(&out);
    }
}

static const char *const hand = "oscc: 1\nname: hand\noscillators: 3\nconditioning: 2\nclasses: 2\n"
                                "dynamics:\n  weights:\n"
                                "    K: [[0, 0.75, 0], [-1.5, 0, 0.5], [0, 0, 0]]\n"
                                "    omega: [0.5, -1, 0.25]\n    omega_cond: [0, 1.27]\n"
                                "    K_cond: [[0, 0.3], [-0.6, 0]]\n"
                                "    K_drive: [[[1, 0], [0, 0], [2, -1]], "
                                "[[-3, 0], [0, 1], [0, 0]]]\n";

/* A process of round numbers, in behavioural cells. */
static const struct pdk plain = {.name = "generic",
                                 .carrier_hz = 10e6,
                                 .capacitor_f = 1e-12,
                                 .carrier_cycles = 5,
                                 .swing_v = 0.5};

static struct chip *make_chip(struct scratch *s)
{
    const char *path = scratch_write(s, "model.yaml", hand, strlen(hand));
    struct model *model = model_load(&s->arena, path, &s->diags);
    assert_non_null(model);
    struct chip *chip = map_model(&s->arena, model, &plain, NULL, NULL, &s->diags);
    assert_non_null(chip);
    return chip;
}

static size_t count_cells(const struct net_module *module, const char *cell)
{
    size_t count = 0;
    for (const struct net_instance *i = module->first; i; i = i->next)
        count += !strcmp(i->module, cell);
    return count;
}

static const struct net_instance *find(const struct net_module *module, const char *name)
{
    const struct net_instance *found = NULL;
    for (const struct net_instance *i = module->first; i; i = i->next) {
        if (strcmp(i->name, name) != 0)
            continue;
        assert_null(found); /* names are unique */
        found = i;
    }
    return found;
}

static void expect_instance(const struct net_module *module, const char *name, const char *nodes,
                            const char *parameters)
{
    const struct net_instance *instance = find(module, name);
    if (!instance)
        fail_msg("no instance %s", name);
    struct str all = {0};
    for (size_t i = 0; i < instance->node_count; i++)
        str_addf(&all, "%s%s", i ? " " : "", instance->nodes[i]);
    assert_string_equal(str_text(&all), nodes);
    str_free(&all);
    if (parameters)
        assert_string_equal(instance->parameters, parameters);
}

/* n = 3, m = 2, three couplings: what is there, what it is connected to, which words it takes. */
static void test_array(void **state)
{
    struct scratch *s = *state;
    const struct net_module *array = netlist_array(&s->arena, make_chip(s));
    assert_int_equal(array->port_count, 10);
    assert_string_equal(array->ports[9], "y4");
    assert_int_equal(count_cells(array, "oscillator"), 5);
    assert_int_equal(count_cells(array, "driver"), 5);
    assert_int_equal(count_cells(array, "dummy"), 5);
    size_t all = 0;
    for (const struct net_instance *i = array->first; i; i = i->next, all++)
        assert_ptr_equal(find(array, i->name), i);
    assert_int_equal(all, 5 + 5 + 5 + 5);

    expect_instance(array, "osc2", "x2 y2", "trim={w2}");
    expect_instance(array, "osc4", "x4 y4", "trim={w4}");
    expect_instance(array, "drv1", "x1 y1 rx1 ry1", NULL);
    expect_instance(array, "dum0", "x0 y0", NULL);
    /* couplings, those between conditioning ones m (m - 1), drives n x m */
    expect_instance(array, "weight0_0", "x0 y0 rx1 ry1", NULL);
    expect_instance(array, "weight1_0", "x1 y1 rx0 ry0 rx2 ry2", NULL);
    expect_instance(array, "cond3_0", "x3 y3 rx4 ry4", NULL);
    expect_instance(array, "cond4_0", "x4 y4 rx3 ry3", NULL);
    expect_instance(array, "drive0_0", "x0 y0 x1 y1 x2 y2 rx3 ry3 rx4 ry4", NULL);
    assert_string_equal(find(array, "weight0_0")->module, "tile_weight_1x1_w5");
    assert_string_equal(find(array, "weight1_0")->module, "tile_weight_1x2_w6");
    assert_string_equal(find(array, "cond3_0")->module, "tile_cond_1x1_w8");
    assert_string_equal(find(array, "cond4_0")->module, "tile_cond_1x1_w9");
    assert_string_equal(find(array, "drive0_0")->module, "tile_drive_3x2_d0");
    assert_null(find(array, "weight2_0"));

    size_t tiles = 0;
    for (const struct net_module *tile = array->next; tile; tile = tile->next, tiles++) {
        if (!strcmp(tile->name, "tile_cond_1x1")) {
            assert_int_equal(count_cells(tile, "coupler_cond"), 1);
            expect_instance(tile, "k0_0", "b0x b0y r0x r0y", "code={c0}");
        } else if (!strcmp(tile->name, "tile_drive_3x2")) {
            assert_int_equal(count_cells(tile, "coupler_drive"), 6);
            expect_instance(tile, "k2_1", "b2x b2y r1x r1y", "code={c5}");
        }
    }
    assert_int_equal(tiles, 4);
}

static double parameter(const char *text, const char *name)
{
    struct str line = {0};
    str_addf(&line, "\n.param %s=", name);
    const char *at = strstr(text, line.text);
    if (!at)
        fail_msg("no parameter %s", name);
    double value = strtod(at + line.length, NULL);
    str_free(&line);
    return value;
}

static void expect_near(double value, double expected)
{
    if (!(value >= expected * (1 - 1e-12) && value <= expected * (1 + 1e-12)))
        fail_msg("%.17g is not %.17g", value, expected);
}

/* The parameters are what the cells need, in SI units. */
static void test_array_text(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = make_chip(s);
    const struct net_module *array = netlist_array(&s->arena, chip);
    struct str out = {0};
    netlist_write_array(chip, array, &out);
    const char *text = unfolded(s, out.text);
    expect_near(parameter(text, "c_cell"), 1e-12);
    expect_near(parameter(text, "w_carrier"), 2 * 3.14159265358979 * 1e7);
    /* a run of 0.5 us stands for one unit of time: 1 rad per unit is 2e6 rad/s, or 2 uS on 1 pF */
    expect_near(parameter(text, "w_trim"), 0.01 * 2e6);
    expect_near(parameter(text, "unit_weight"), 0.1 * 2e-6);
    expect_near(parameter(text, "unit_drive"), 0.2 * 2e-6);
    expect_near(parameter(text, "unit_cond"), 0.04 * 2e-6);
    expect_near(parameter(text, "full_weight"), 15);
    expect_near(parameter(text, "full_drive"), 15);
    expect_near(parameter(text, "full_cond"), 15);
    expect_near(parameter(text, "swing"), 0.5);
    expect_near(parameter(text, "g_margin"), chip->margin_s);
    expect_near(parameter(text, "g_load"), chip->load_s);
    assert_non_null(strstr(text, "\n.subckt array x0 y0 x1 y1 x2 y2 x3 y3 x4 y4\n"));
    str_free(&out);

    netlist_write_top(&s->arena, chip, array, &out);
    assert_non_null(strstr(out.text, "\n.include cells.spice\n.include array.spice\n"
                                     "xchip x0 y0 x1 y1 x2 y2 x3 y3 x4 y4 array\n"));
    str_free(&out);
}

static int16_t *read_image(struct scratch *s, const char *text, size_t words)
{
    struct source *source = ARENA_NEW(&s->arena, struct source);
    *source = (struct source){"weights.hex", text, strlen(text)};
    return netlist_read_memory(&s->arena, source, words, &s->diags);
}

static const char *const image = "// trim: 5 words\n@0\n0032\n8064\n0019\n0000\n007f\n"
                                 "// coupling: 3 words\n@5\n0008\n800f\n0005\n"
                                 "// conditioning: 2 words\n@8\n0008\n800f\n"
                                 "// drive: 12 words\n@a\n0005\n0000\n0000\n0000\n000a\n8005\n"
                                 "800f\n0000\n0000\n0005\n0000\n0000\n";

static void test_memory(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = make_chip(s);
    struct str out = {0};
    netlist_write_memory(&s->arena, chip, &out);
    assert_string_equal(out.text, image);
    int16_t *codes = read_image(s, arena_strdup(&s->arena, out.text), 22);
    str_free(&out);
    expect_no_diags(&s->diags);
    assert_non_null(codes);
    assert_memory_equal(codes, chip->trim_code, 5 * sizeof *codes);
    assert_memory_equal(codes + 5, chip->weight_code, 3 * sizeof *codes);
    assert_memory_equal(codes + 8, chip->cond_code, 2 * sizeof *codes);
    assert_memory_equal(codes + 10, chip->drive_code, 12 * sizeof *codes);
}

/* What $readmemh would take too. */
static void test_memory_forms(void **state)
{
    struct scratch *s = *state;
    static const char *const texts[] = {
        "7fff ffff\n8000",
        "// c\n@00000000 7FFF\t//x @9\r\nFFfF // @7\n\n8000 //",
        "@0 7fff @1 ffff @2 8000 @3",
    };
    static const int16_t expected[] = {32767, -32767, 0};
    for (size_t i = 0; i < 3; i++) {
        int16_t *codes = read_image(s, texts[i], 3);
        expect_no_diags(&s->diags);
        assert_memory_equal(codes, expected, sizeof expected);
    }
    assert_non_null(read_image(s, "", 0));
    expect_no_diags(&s->diags);
}

static void test_memory_damage(void **state)
{
    struct scratch *s = *state;
    static const char *const word = "expected a 16-bit word or an @address in hexadecimal";
    static const struct {
        const char *text;
        size_t line, column;
        const char *message;
    } cases[] = {
        {"0001\n0002\n", 3, 1, "2 words where chip.json has 3"},
        {"", 1, 1, "0 words where chip.json has 3"},
        {"// nothing but a comment", 1, 25, "0 words where chip.json has 3"},
        {"1\n2\n3\n4\n", 4, 1, "more words than the 3 of chip.json"},
        {"1\n2\n00003\n", 3, 1, NULL},
        {"1\n  2g 3\n", 2, 3, NULL},
        {"1\n-2\n3\n", 2, 1, NULL},
        {"1 2 0x3\n", 1, 5, NULL},
        {"1 2 3 @\n", 1, 7, NULL},
        {"@000000000 1 2 3\n", 1, 1, NULL},
        {"@x 1 2 3\n", 1, 1, NULL},
        {"1 / 2 3\n", 1, 3, NULL},
        {"1 2 3 \xff\n", 1, 7, NULL},
        {"@1\n1\n2\n3\n", 1, 1, "address 1 where the next word is 0"},
        {"1\n@0\n2\n3\n", 2, 1, "address 0 where the next word is 1"},
        {"1\n@ffffffff\n2\n3\n", 2, 1, "address ffffffff where the next word is 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(read_image(s, cases[i].text, 3));
        expect_diag(&s->diags, DIAG_CHIP_DAMAGED, cases[i].line, cases[i].column,
                    cases[i].message ? cases[i].message : word, NULL);
        diag_free(&s->diags);
    }
    /* not one message a word of a file that is something else altogether */
    struct str other = {0};
    for (int i = 0; i < 1000; i++)
        str_add(&other, "lorem ");
    assert_null(read_image(s, other.text, 3));
    assert_in_range(s->diags.errors, 2, 20);
    diag_free(&s->diags);
    str_free(&other);
    /* a count that no image of this size can hold takes no memory */
    assert_null(read_image(s, "1 2 3", (size_t)1 << 60));
    assert_int_equal(s->diags.errors, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_folding), TEST(test_array),        TEST(test_array_text),
        TEST(test_memory),  TEST(test_memory_forms), TEST(test_memory_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
