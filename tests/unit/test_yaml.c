/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/testing.h"

#include <math.h>
#include <time.h>

#include "compiler/base/yaml.h"

/* Sources must outlive the diagnostics that point at them. */
static struct yaml_node *parse_bytes(struct scratch *s, const char *text, size_t length)
{
    struct source *source = ARENA_NEW(&s->arena, struct source);
    *source = (struct source){"test.yaml", text, length};
    return yaml_parse(&s->arena, source, &s->diags);
}

static struct yaml_node *parse(struct scratch *s, const char *text)
{
    return parse_bytes(s, text, strlen(text));
}

static void expect_span(const struct yaml_node *node, size_t line, size_t column, size_t length)
{
    struct source_place place = source_locate(node->span.source, node->span.offset);
    assert_int_equal(place.line, line);
    assert_int_equal(place.column, column);
    assert_int_equal(node->span.length, length);
}

static void test_tree(void **state)
{
    struct scratch *s = *state;
    struct yaml_node *root = parse(s, "# comment\n"
                                      "name: pair\n"
                                      "list: [1, -2.5, \"3\"]\n"
                                      "group:\n"
                                      "  deep: {x: yes}\n"
                                      "  empty:\n");
    expect_no_diags(&s->diags);
    assert_non_null(root);
    assert_int_equal(root->kind, YAML_MAP);
    assert_int_equal(root->count, 3);
    assert_null(root->key);
    expect_span(root, 2, 1, 10);
    struct yaml_node *name = yaml_get(root, "name");
    assert_string_equal(name->text, "pair");
    expect_span(name, 2, 7, 4);
    expect_span(name->key, 2, 1, 4);
    struct yaml_node *list = yaml_get(root, "list");
    assert_int_equal(list->kind, YAML_LIST);
    assert_int_equal(list->count, 3);
    expect_span(list, 3, 7, 14);
    expect_span(list->first->next, 3, 11, 4);
    assert_null(list->first->key);
    assert_false(list->first->quoted);
    assert_true(list->first->next->next->quoted);
    struct yaml_node *deep = yaml_get(yaml_get(root, "group"), "deep");
    assert_string_equal(yaml_get(deep, "x")->text, "yes");
    assert_string_equal(yaml_get(yaml_get(root, "group"), "empty")->text, "");
    assert_null(yaml_get(root, "absent"));
    assert_null(yaml_get(name, "x"));
    assert_null(yaml_get(NULL, "x"));
}

/* libyaml's marks count characters; spans count bytes. */
static void test_spans_after_wide_characters(void **state)
{
    struct scratch *s = *state;
    struct yaml_node *root = parse(s, "\xef\xbb\xbf# \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n"
                                      "\xc3\xa9: \xe2\x82\xac\n"
                                      "b: [\xc3\xa9\xc3\xa9, 7]\r\n"
                                      "c: 8\r\n");
    expect_no_diags(&s->diags);
    expect_span(root->first->key, 2, 1, 2);
    expect_span(root->first, 2, 5, 3);
    struct yaml_node *list = yaml_get(root, "b");
    expect_span(list, 3, 4, 9);
    expect_span(list->first, 3, 5, 4);
    expect_span(list->first->next, 3, 11, 1);
    expect_span(yaml_get(root, "c"), 4, 4, 1);
}

static const struct {
    const char *text;
    bool number, integer;
    double value;
    long long whole;
} forms[] = {
    {"0", true, true, 0, 0},
    {"-12", true, true, -12, -12},
    {"+7", true, true, 7, 7},
    {"010", true, true, 10, 10},
    {"1.5", true, false, 1.5, 0},
    {".5", true, false, 0.5, 0},
    {"5.", true, false, 5, 0},
    {"1e3", true, false, 1000, 0},
    {"-1.25E-2", true, false, -0.0125, 0},
    {".inf", true, false, HUGE_VAL, 0},
    {"-.Inf", true, false, -HUGE_VAL, 0},
    {"1e999", true, false, HUGE_VAL, 0},
    {"99999999999999999999", true, true, 1e20, 0x7fffffffffffffffll},
    {"0x10", false, false, 0, 0},
    {"1_000", false, false, 0, 0},
    {"1e", false, false, 0, 0},
    {".", false, false, 0, 0},
    {"-", false, false, 0, 0},
    {"nan", false, false, 0, 0},
    {"inf", false, false, 0, 0},
    {"1 2", false, false, 0, 0},
    {"\"1\"", false, false, 0, 0},
    {"yes", false, false, 0, 0},
    {"", false, false, 0, 0},
    {"[1]", false, false, 0, 0},
};

static void test_number_forms(void **state)
{
    struct scratch *s = *state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "x: %s\n", forms[i].text);
        struct yaml_node *node = yaml_get(parse(s, text), "x");
        double value = 0;
        long long whole = 0;
        assert_int_equal(yaml_number(node, &value), forms[i].number);
        assert_int_equal(yaml_integer(node, &whole), forms[i].integer);
        assert_true(value == forms[i].value);
        assert_true(whole == forms[i].whole);
        scratch_reset(s);
    }
    double value;
    assert_true(yaml_number(yaml_get(parse(s, "x: .nan\n"), "x"), &value));
    assert_true(isnan(value));
    assert_false(yaml_number(NULL, &value));
}

static const struct {
    const char *text;
    enum diag_code code;
    size_t line, column;
    const char *message, *help;
} faults[] = {
    {"", DIAG_YAML_SHAPE, 1, 1, "the file is empty", NULL},
    {"# nothing\n", DIAG_YAML_SHAPE, 1, 1, "the file is empty", NULL},
    {"word\n", DIAG_YAML_SHAPE, 1, 1, "one value and no keys", NULL},
    {"a: 1\n b: 2\n", DIAG_YAML_SYNTAX, 2, 3, "mapping values are not allowed in this context",
     NULL},
    {"a: 1\nb: [1, 2\n", DIAG_YAML_SYNTAX, 3, 1, "did not find expected ',' or ']'",
     "while parsing a flow sequence that starts at line 2"},
    {"a: \"open\n", DIAG_YAML_SYNTAX, 2, 1, "found unexpected end of stream",
     "while scanning a quoted scalar that starts at line 1"},
    {"a:\n\tb: 1\n", DIAG_YAML_SYNTAX, 2, 1, "found character that cannot start any token",
     "indent with spaces: YAML does not allow tabs"},
    {"a: 1\nb: \xff\n", DIAG_YAML_SYNTAX, 2, 4, "invalid leading UTF-8 octet",
     "model.yaml is UTF-8 text without control characters"},
    {"\xef\xbb\xbf"
     "a: \x01\n",
     DIAG_YAML_SYNTAX, 1, 7, "control characters are not allowed", NULL},
    {"\xff\xfe"
     "a\0:\0",
     DIAG_YAML_SYNTAX, 1, 1, "invalid leading UTF-8 octet", NULL},
    {"a: \"x\\0y\"\n", DIAG_YAML_SYNTAX, 1, 4, "text with a NUL character", NULL},
    {"a: 1\nb: 2\na: 3\n", DIAG_DUPLICATE_KEY, 3, 1, "the key \"a\" again",
     "it was first given at line 1"},
    {"x: {a: 1, 'a': 2}\n", DIAG_DUPLICATE_KEY, 1, 11, "the key \"a\" again",
     "it was first given at line 1"},
    {"a: &x 1\n", DIAG_YAML_LIMIT, 1, 4, "anchors are not allowed", "write the value itself"},
    {"a: 1\nb: *x\n", DIAG_YAML_LIMIT, 2, 4, "aliases are not allowed", "write the value itself"},
    {"a: !!int 1\n", DIAG_YAML_LIMIT, 1, 4, "tags are not allowed", NULL},
    {"a: ! 1\n", DIAG_YAML_LIMIT, 1, 4, "tags are not allowed", NULL},
    {"a: &x [1]\n", DIAG_YAML_LIMIT, 1, 4, "anchors are not allowed", NULL},
    {"a: 1\n---\nb: 2\n", DIAG_YAML_LIMIT, 2, 1, "a second document",
     "one file holds one model: remove what follows \"---\""},
    {"[a]: 1\n", DIAG_YAML_SHAPE, 1, 1, "a key must be a word", NULL},
    {"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]\n", DIAG_YAML_LIMIT, 1, 17, "more than 16 levels", NULL},
};

static void test_faults(void **state)
{
    struct scratch *s = *state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct yaml_node *root = parse(s, faults[i].text);
        expect_diag(&s->diags, faults[i].code, faults[i].line, faults[i].column, faults[i].message,
                    faults[i].help);
        assert_int_equal(s->diags.count, 1);
        /* a key twice leaves a tree, so that other faults are found in the same run */
        assert_int_equal(root != NULL, faults[i].code == DIAG_DUPLICATE_KEY);
        scratch_reset(s);
    }
}

static void test_sixteen_levels(void **state)
{
    struct scratch *s = *state;
    assert_non_null(parse(s, "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]\n"));
    expect_no_diags(&s->diags);
}

static double seconds_since(clock_t start)
{
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* The bounds are many times what it takes: they catch cost that grows with the square. */
static void test_large_files_are_cheap(void **state)
{
    struct scratch *s = *state;
    struct str text = {0};
    for (int i = 0; i < 100000; i++)
        str_addf(&text, "k%d: 1\n", i * 7919 % 100000);
    str_add(&text, "k5: 2\n");
    clock_t start = clock();
    struct yaml_node *root = parse_bytes(s, text.text, text.length);
    assert_true(seconds_since(start) < 5);
    assert_int_equal(root->count, 100001);
    assert_int_equal(s->diags.count, 1);
    expect_diag(&s->diags, DIAG_DUPLICATE_KEY, 100001, 1, "the key \"k5\" again", NULL);
    scratch_reset(s);

    str_free(&text);
    str_add(&text, "[0");
    for (int i = 1; i < 1000000; i++)
        str_add(&text, i % 10 ? ",-0.25" : ",\n0.5");
    str_add(&text, "]");
    start = clock();
    root = parse_bytes(s, text.text, text.length);
    assert_true(seconds_since(start) < 10);
    expect_no_diags(&s->diags);
    assert_int_equal(root->count, 1000000);
    scratch_reset(s);
    str_free(&text);
}

static void test_most_values(void **state)
{
    struct scratch *s = *state;
    struct str text = {0};
    str_add(&text, "[");
    for (int i = 0; i < YAML_MOST_NODES - 1; i++)
        str_add(&text, "1,");
    str_add(&text, "\n1]");
    assert_null(parse_bytes(s, text.text, text.length));
    expect_diag(&s->diags, DIAG_YAML_LIMIT, 2, 1, "more than 1048576 values",
                "put large weights into a safetensors or NPY file");
    scratch_reset(s);
    str_free(&text);

    char *spaces = malloc(YAML_MOST_BYTES + 1);
    memset(spaces, ' ', YAML_MOST_BYTES + 1);
    assert_null(parse_bytes(s, spaces, YAML_MOST_BYTES + 1));
    expect_diag(&s->diags, DIAG_YAML_LIMIT, 1, 1, "more than 16777216 bytes", NULL);
    scratch_reset(s);
    free(spaces);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_tree),           TEST(test_spans_after_wide_characters),
        TEST(test_number_forms),   TEST(test_faults),
        TEST(test_sixteen_levels), TEST(test_large_files_are_cheap),
        TEST(test_most_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
