/* SPDX-License-Identifier: Apache-2.0
 *
 * The number of elements of a deck: what ngspice is held to.
 */
#include "tests/unit/testing.h"

#include <errno.h>

#include "netlist/chip_folder.h"
#include "spice/count.h"

static int count(struct scratch *s, const char *text, size_t *elements, const char **unread)
{
    const char *deck = scratch_write(s, "deck.spice", text, strlen(text));
    return spice_count_elements(&s->arena, deck, elements, unread);
}

static void expect_count(struct scratch *s, const char *text, size_t expected)
{
    size_t elements = 999;
    const char *unread = "unset";
    int error = count(s, text, &elements, &unread);
    if (error)
        fail_msg("%s: %s", strerror(-error), text);
    if (elements != expected)
        fail_msg("%zu elements instead of %zu in\n%s", elements, expected, text);
    assert_null(unread);
}

static void expect_error(struct scratch *s, const char *text, int expected, const char *file)
{
    size_t elements;
    const char *unread = "unset";
    int error = count(s, text, &elements, &unread);
    if (error != expected)
        fail_msg("error %d instead of %d for\n%s", error, expected, text);
    if (file)
        assert_string_equal(unread, fs_join(&s->arena, s->folder, file));
    else
        assert_null(unread);
    assert_int_equal(spice_count_elements(&s->arena, fs_join(&s->arena, s->folder, "deck.spice"),
                                          &elements, NULL),
                     expected);
}

static void test_elements(void **state)
{
    struct scratch *s = *state;
    expect_count(s, "", 0);
    expect_count(s, "* a title\n", 0);
    expect_count(s, "* t\nr1 a 0 1k\nC2 a 0 1p\nb3 0 a i=sin(v(a))\n.end\n", 3);
    expect_count(s, "* t\nr1 a 0 1k", 1); /* no newline at the end */
    expect_count(s, "* t\n\n  \n\t\n  r1 a 0 1k\n", 1);
    expect_count(s, "* t\n.param p=3\n.ic v(a)=1\n.tran 1n 1u\n.save a\n.options x=1\n", 0);
}

static void test_comments(void **state)
{
    struct scratch *s = *state;
    expect_count(s, "* r0 a 0 1\n*r1 a 0 1\n  * r2 a 0 1\nr3 a 0 1 $ r4 a 0 1\n", 1);
    expect_count(s, ".subckt m a\nr1 a 0 1\n.ends\nx1 n m $ p=1\nx2 n m $ other\n", 2);
}

static void test_continuations(void **state)
{
    struct scratch *s = *state;
    expect_count(s,
                 "* t\n.subckt m a b\n+ c\nr1 a\n+ b\n+ 1k\n.ends m\n"
                 "x1 n1 n2\n* in between\n+ n3 m\n+ p=1 q=2\n",
                 1);
    expect_count(s, ".subckt m a\nr1 a 0 1\nr2 a 0 1\n.ends\nx1 n $ the module follows\n+ m\n", 2);
    expect_count(s, ".subckt m a\nr1 a 0 1\n.ends\nx1 n\n+m\n", 1);
}

static void test_hierarchy(void **state)
{
    struct scratch *s = *state;
    static const char *const cells = ".subckt one a\nr1 a 0 1\n.ends one\n"
                                     ".subckt four a\nx1 a one\nx2 a one\nc1 a 0 1\nc2 a 0 1\n"
                                     ".ends four\n.subckt empty a\n.ends\n";
    static const struct {
        const char *text;
        size_t elements;
    } cases[] = {
        {"", 0}, /* what is defined but not used does not count */
        {"x1 n one\n", 1},
        {"x1 n four\nx2 n four\nr9 n 0 1\n", 9},
        {"X1 n FOUR\n", 4},
        {"x1 n empty\n", 0},
        {"x1 n one k=1\nx2 n one k={w3} l=2\nx3 n one params: k=1\n", 3},
        {".subckt eight a\nx1 a four\nx2 a four\n.ends\nx1 n eight\nx2 n eight\nx3 n one\n", 17},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *before = arena_printf(&s->arena, "* t\n%s%s", cells, cases[i].text);
        const char *after = arena_printf(&s->arena, "* t\n%s%s", cases[i].text, cells);
        expect_count(s, before, cases[i].elements);
        expect_count(s, after, cases[i].elements); /* the order does not matter */
    }
}

/* Deep hierarchies double at each level; nothing is walked twice. */
static void test_deep_hierarchy(void **state)
{
    struct scratch *s = *state;
    struct str text = {0};
    str_add(&text, "* t\n.subckt m0 a\nr1 a 0 1\n.ends\n");
    for (int level = 1; level <= 40; level++)
        str_addf(&text, ".subckt m%d a\nx1 a m%d\nx2 a m%d\n.ends\n", level, level - 1, level - 1);
    str_add(&text, "x1 n m40\n");
    expect_count(s, text.text, (size_t)1 << 40);
    str_free(&text);
}

static void test_includes(void **state)
{
    struct scratch *s = *state;
    assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder, "a/b")), 0);
    static const char *const cells = ".subckt two a\nr1 a 0 1\nr2 a 0 1\n.ends\n";
    static const char *const inner = "c1 n 0 1\n.include b/cells.spice\n";
    static const char *const outer = ".include inner.spice\n.include \"../e.spice\"\n";
    scratch_write(s, "a/b/cells.spice", cells, strlen(cells));
    scratch_write(s, "a/inner.spice", inner, strlen(inner)); /* relative to a/, not to the deck */
    scratch_write(s, "a/outer.spice", outer, strlen(outer));
    scratch_write(s, "e.spice", "l1 n 0 1", 8);
    expect_count(s, "* t\n.include a/outer.spice\nx1 n two\nr1 n 0 1\n", 5);
    expect_count(s, "* t\n.INCLUDE \"a/outer.spice\"\nx1 n two\n", 4);
    const char *absolute =
        arena_printf(&s->arena, "* t\n.include %s/a/b/cells.spice\nx1 n two\n", s->folder);
    expect_count(s, absolute, 2);
    /* a file does not end the line of the one that includes it */
    expect_count(s, "* t\n.include e.spice\n+\nr1 n 0 1\n", 2);
}

static void test_missing_files(void **state)
{
    struct scratch *s = *state;
    expect_error(s, "* t\n.include absent.spice\n", -ENOENT, "absent.spice");
    scratch_write(s, "a.spice", ".include b/c.spice\n", 19);
    expect_error(s, "* t\n.include a.spice\n", -ENOENT, "b/c.spice");
    assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder, "d")), 0);
    expect_error(s, "* t\n.include d\n", -EISDIR, "d");
    size_t elements;
    const char *unread;
    const char *absent = fs_join(&s->arena, s->folder, "absent.spice");
    assert_int_equal(spice_count_elements(&s->arena, absent, &elements, &unread), -ENOENT);
    assert_string_equal(unread, absent);
}

static void test_faults(void **state)
{
    struct scratch *s = *state;
    static const char *const texts[] = {
        "* t\nx1 n absent\n",
        "* t\n.subckt m a\nx1 a absent\n.ends\nx1 n m\n",
        "* t\n.subckt m a\nx1 a m\n.ends\nx1 n m\n", /* in itself */
        "* t\n.subckt m a\nx1 a k\n.ends\n.subckt k a\nr1 a 0 1\nx1 a m\n.ends\nx1 n k\n",
        "* t\n.subckt\n.ends\n",
        "* t\n.include\n",
        "* t\nx1\n",
        "* t\nx1 p=1\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_error(s, texts[i], -EINVAL, NULL);
    /* a file that includes itself, or two that include each other */
    expect_error(s, "* t\n.include deck.spice\n", -ELOOP, NULL);
    scratch_write(s, "a.spice", ".include b.spice\n", 17);
    scratch_write(s, "b.spice", ".include a.spice\n", 17);
    expect_error(s, "* t\n.include a.spice\n", -ELOOP, NULL);
}

/* A chip's own netlists: an oscillator, a driver and a dummy for each of 3, and couplers of 2
 * couplings and 2 drives; what each cell holds is counted from its own file. */
static void test_chip(void **state)
{
    struct scratch *s = *state;
    struct model *model = model_load(&s->arena, OSCC_EXAMPLES "/pair/model.yaml", &s->diags);
    assert_non_null(model);
    struct chip *chip = map_model(&s->arena, model, pdk_find("generic"), NULL, NULL, &s->diags);
    const char *folder = fs_join(&s->arena, s->folder, "chip");
    assert_true(netlist_write_chip(&s->arena, chip, folder, "", &s->diags));
    static const struct {
        const char *cell, *nodes;
        size_t times;
    } cells[] = {{"oscillator", "a b", 3},
                 {"driver", "a b c d", 3},
                 {"dummy", "a b", 3},
                 {"coupler", "a b c d", 4}};
    size_t expected = 0, elements;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        const char *text =
            arena_printf(&s->arena, "* t\n.include chip/spice/behavioural/cells.spice\nx1 %s %s\n",
                         cells[i].nodes, cells[i].cell);
        assert_int_equal(count(s, text, &elements, NULL), 0);
        assert_true(elements > 0);
        expected += cells[i].times * elements;
    }
    expect_count(s, "* t\n.include chip/spice/behavioural/top.spice\n", expected);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_elements),      TEST(test_comments),       TEST(test_continuations),
        TEST(test_hierarchy),     TEST(test_deep_hierarchy), TEST(test_includes),
        TEST(test_missing_files), TEST(test_faults),         TEST(test_chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
