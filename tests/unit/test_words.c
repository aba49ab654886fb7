/* SPDX-License-Identifier: Apache-2.0
 *
 * Codes of the behavioural array: the modules that a deck defines for its tiles and their words.
 */
#include "tests/unit/testing.h"

#include "spice/words.h"

static const char *const netlist = ".subckt coupler_weight x y rx ry code=0\ng1 0 x rx 0 1\n.ends\n"
                                   ".subckt tile_weight_1x2 b0x b0y r0x r0y r1x r1y\n"
                                   "xk0_0 b0x b0y r0x r0y coupler_weight code={c0}\n"
                                   "xk0_1 b0x b0y r1x r1y coupler_weight code={c1}\n.ends\n"
                                   ".subckt array x0 y0 rx1 ry1 rx2 ry2\n"
                                   "xa x0 y0 rx1 ry1 rx2 ry2 tile_weight_1x2_w3\n"
                                   "xb x0 y0 rx1 ry1 rx2 ry2 tile_weight_1x2_d1\n"
                                   "xc x0 y0 rx1 ry1 rx2 ry2 tile_weight_1x2_w3\n"
                                   "xd x0 y0 rx1 ry1 rx2 ry2 %s\n"
                                   ".ends\n";

static const struct circuit *read_with(struct scratch *s, const char *last)
{
    const char *text = arena_printf(&s->arena, netlist, last);
    int error;
    const struct circuit *circuit =
        circuit_read(&s->arena, scratch_write(s, "a.spice", text, strlen(text)), &error, NULL);
    assert_non_null(circuit);
    return circuit;
}

/* Two oscillators, two conditioning ones, two classes: words 0 .. 8, then two banks of four. */
static const int16_t word[] = {0, 1, 2, 3, -4, 5, 6, 7, 8, 11, 12, 13, 14, -21, -22, -23, -24};
static const struct under_test chip = {
    .n = 2, .m = 2, .classes = 2, .word = (int16_t *)(uintptr_t)word, .words = 17, .drive = {9, 8}};

static const char *modules(struct scratch *s, const char *last, int class_index)
{
    struct str out = {0};
    words_add_modules(&s->arena, read_with(s, last), &chip, class_index, &out);
    const char *text = arena_strdup(&s->arena, str_text(&out));
    str_free(&out);
    return text;
}

#define PORTS "b0x b0y r0x r0y r1x r1y"
#define MODULE(name, codes)                                                                        \
    ".subckt tile_weight_1x2_" name " " PORTS codes "\nx0 " PORTS " tile_weight_1x2\n.ends\n"

static void test_codes(void **state)
{
    struct scratch *s = *state;
    assert_string_equal(modules(s, "coupler_weight", 0),
                        MODULE("d1", "\n.param c0=12 c1=13") MODULE("w3", "\n.param c0=3 c1=-4"));
    assert_string_equal(modules(s, "coupler_weight", 1),
                        MODULE("d1", "\n.param c0=-22 c1=-23") MODULE("w3", "\n.param c0=3 c1=-4"));
}

/* A word that is not there gives no code, and a bank is not reached from the other words. */
static void test_words_that_are_not_there(void **state)
{
    struct scratch *s = *state;
    static const struct {
        const char *name, *module;
    } cases[] = {
        {"tile_weight_1x2_w8", MODULE("w8", "\n.param c0=8")},
        {"tile_weight_1x2_w16", MODULE("w16", "")},
        {"tile_weight_1x2_w99999999999999999999", MODULE("w99999999999999999999", "")},
        {"tile_weight_1x2_d3", MODULE("d3", "\n.param c0=14")},
        {"tile_weight_1x2_d4", MODULE("d4", "")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_non_null(strstr(modules(s, cases[i].name, 0), cases[i].module));
}

static void test_names(void **state)
{
    struct scratch *s = *state;
    const struct circuit *circuit = read_with(s, "coupler_weight");
    static const char *const none[] = {"tile_weight_1x2",
                                       "tile_weight_1x3_w3",
                                       "tile_weight_1x2_x3",
                                       "tile_weight_1x2_w",
                                       "tile_weight_1x2_w3x",
                                       "tile_weight_1x2w3",
                                       "_w3",
                                       ""};
    char bank;
    size_t first;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(words_tile(circuit, none[i], &bank, &first));
    const struct circuit_module *tile = words_tile(circuit, "tile_weight_1x2_d12", &bank, &first);
    assert_ptr_equal(tile, circuit_find(circuit, "tile_weight_1x2"));
    assert_int_equal(bank, 'd');
    assert_int_equal(first, 12);
    assert_null(strstr(modules(s, "tile_weight_9x9_w3", 0), "tile_weight_9x9"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_codes),
        TEST(test_words_that_are_not_there),
        TEST(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
