/* SPDX-License-Identifier: Apache-2.0
 *
 * Diagnostics as they are printed, and the table of their codes.
 */
#include "tests/unit/testing.h"

#include <ctype.h>

#include "compiler/base/json.h"

static struct span span(const struct source *source, size_t offset, size_t length)
{
    return (struct span){source, offset, length};
}

/* What diag_print prints, owned by the arena. */
static const char *printed(struct scratch *s, enum diag_format format, bool color)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    diag_print(&s->diags, out, format, color);
    fclose(out);
    char *copy = arena_strndup(&s->arena, text, length);
    free(text);
    return copy;
}

static void expect_printed(struct scratch *s, const char *expected)
{
    assert_string_equal(printed(s, DIAG_HUMAN, false), expected);
    diag_free(&s->diags);
}

/* One error at a place of a text, and how it looks. */
static void expect_one(struct scratch *s, const char *text, size_t offset, size_t length,
                       const char *expected)
{
    struct source source = {"m.yaml", text, strlen(text)};
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&source, offset, length), "bad");
    expect_printed(s, expected);
}

static void test_nothing(void **state)
{
    struct scratch *s = *state;
    assert_string_equal(printed(s, DIAG_HUMAN, true), "");
    assert_string_equal(printed(s, DIAG_JSON, false), "[]\n");
    assert_int_equal(diag_exit_status(&s->diags), 0);
    diag_help(&s->diags, "of nothing");
    assert_int_equal(s->diags.count, 0);
}

/* By file, then by place, then as they were found; those without a file first. */
static void test_order(void **state)
{
    struct scratch *s = *state;
    struct source a = {"a", "x\ny\n", 4}, b = {"b", "x\n", 2};
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&b, 0, 1), "five");
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&a, 2, 1), "three");
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&a, 2, 1), "four");
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&a, 0, 1), "two");
    diag_warning(&s->diags, DIAG_SATURATED, SPAN_NONE, "one");
    expect_printed(s, "oscc: warning: one [W306]\n"
                      "a:1:1: error: two [E106]\n    1 | x\n      | ^\n"
                      "a:2:1: error: three [E106]\n    2 | y\n      | ^\n"
                      "a:2:1: error: four [E106]\n    2 | y\n      | ^\n"
                      "b:1:1: error: five [E106]\n    1 | x\n      | ^\n");
}

static void test_help(void **state)
{
    struct scratch *s = *state;
    struct source only_path = {"w.npy", NULL, 0};
    diag_error(&s->diags, DIAG_TENSOR_FILE, span(&only_path, 7, 1), "cut %s", "short");
    diag_help(&s->diags, "first %d", 1);
    diag_help(&s->diags, "second");
    expect_printed(s, "w.npy: error: cut short [E202]\n"
                      "      = help: first 1\n      = help: second\n");
}

static void test_caret(void **state)
{
    struct scratch *s = *state;
    expect_one(s, "n: 12\n", 3, 2, "m.yaml:1:4: error: bad [E106]\n    1 | n: 12\n      |    ^~\n");
    /* a tab is one blank, so that the caret stands under its byte */
    expect_one(s, "\tn: 1\n", 4, 1,
               "m.yaml:1:5: error: bad [E106]\n    1 |  n: 1\n      |     ^\n");
    /* characters of several bytes are one column */
    expect_one(s, "\xc3\xa9\xe2\x82\xac: 1\n", 7, 1,
               "m.yaml:1:8: error: bad [E106]\n    1 | \xc3\xa9\xe2\x82\xac: 1\n      |     ^\n");
    expect_one(s, "\xc3\xa9\xe2\x82\xac: 1\n", 0, 5,
               "m.yaml:1:1: error: bad [E106]\n    1 | \xc3\xa9\xe2\x82\xac: 1\n      | ^~\n");
    /* at the end of a line, of the file, beyond it, and in an empty file */
    expect_one(s, "ab\ncd", 2, 1, "m.yaml:1:3: error: bad [E106]\n    1 | ab\n      |   ^\n");
    expect_one(s, "ab\ncd", 5, 1, "m.yaml:2:3: error: bad [E106]\n    2 | cd\n      |   ^\n");
    expect_one(s, "ab\ncd", 99, 9, "m.yaml:2:3: error: bad [E106]\n    2 | cd\n      |   ^\n");
    expect_one(s, "ab\r\ncd", 3, 1, "m.yaml:1:4: error: bad [E106]\n    1 | ab\n      |    ^\n");
    expect_one(s, "", 0, 0, "m.yaml:1:1: error: bad [E106]\n    1 | \n      | ^\n");
    /* a span over several lines is marked on its first one only */
    expect_one(s, "ab\ncd\n", 1, 4, "m.yaml:1:2: error: bad [E106]\n    1 | ab\n      |  ^\n");
}

/* The caret of the second line of an excerpt stands under that byte of the first. */
static void expect_under(struct scratch *s, const char *text, size_t offset, char under)
{
    struct source source = {"m.yaml", text, strlen(text)};
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&source, offset, 1), "bad");
    const char *out = printed(s, DIAG_HUMAN, false);
    const char *line = strchr(out, '\n') + 1, *marks = strchr(line, '\n') + 1;
    assert_true(strlen(line) < 2 * 200);
    size_t column = (size_t)(strchr(marks, '^') - marks);
    assert_true(column < (size_t)(marks - line));
    assert_int_equal(line[column], under);
    diag_free(&s->diags);
}

/* Of a long line only the part around the place is shown. */
static void test_long_lines(void **state)
{
    struct scratch *s = *state;
    char text[5001];
    memset(text, '.', 5000);
    text[5000] = '\0';
    static const size_t places[] = {0, 1, 60, 99, 100, 101, 102, 159, 160, 161, 2500, 4998, 4999};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        text[places[i]] = 'X';
        expect_under(s, text, places[i], 'X');
        text[places[i]] = '.';
    }
    struct source source = {"m.yaml", text, 5000};
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&source, 5000, 1), "bad");
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&source, 10, 4000), "bad");
    const char *out = printed(s, DIAG_HUMAN, false);
    for (const char *line = out; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") < 180);
}

/* Nothing of the user's that could steer a terminal gets there: not of the text, the message, the
 * help or the path. */
static void test_control_characters(void **state)
{
    struct scratch *s = *state;
    const char *text = "a\x1b[31m\xc2\x9b"
                       "b\x7f\xff\xc3(\xe2\x82: c\n";
    struct source source = {"m\x1b[0m.yaml", text, strlen(text)};
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&source, 15, 1), "bad \x1b]0;x\x07 \x9b\n\x80");
    diag_help(&s->diags, "not \x1b[1m\r this");
    const char *out = printed(s, DIAG_HUMAN, false);
    assert_string_equal(out, "m?[0m.yaml:1:16: error: bad ?]0;x? ???"
                             " [E106]\n"
                             "    1 | a?[31m??b??\?(??: c\n"
                             "      |                ^\n"
                             "      = help: not ?[1m? this\n");
    for (const char *c = out; *c; c++)
        assert_true(*c == '\n' || (*c >= 0x20 && *c < 0x7f));
    json_t *array = json_loads(printed(s, DIAG_JSON, false), 0, NULL);
    assert_int_equal(json_array_size(array), 1);
    json_decref(array);
}

static void test_color(void **state)
{
    struct scratch *s = *state;
    struct source source = {"f", "ab\n", 3};
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&source, 0, 2), "bad");
    assert_string_equal(printed(s, DIAG_HUMAN, true),
                        "f:1:1: \033[1;31merror:\033[0m bad [E106]\n    1 | ab\n"
                        "      | \033[1;32m^~\033[0m\n");
}

static void test_json_form(void **state)
{
    struct scratch *s = *state;
    struct source source = {"m\xff.yaml", "a\nbc\n", 5}, only_path = {"w.npy", NULL, 0};
    diag_error(&s->diags, DIAG_BAD_VALUE, span(&source, 3, 1), "a \"b\" \xc3\xa9");
    diag_help(&s->diags, "one");
    diag_help(&s->diags, "two");
    diag_warning(&s->diags, DIAG_SATURATED, SPAN_NONE, "caf\xe9");
    diag_error(&s->diags, DIAG_TENSOR_FILE, span(&only_path, 0, 0), "cut");
    json_error_t fault;
    json_t *found = json_loads(printed(s, DIAG_JSON, false), JSON_REJECT_DUPLICATES, &fault);
    json_t *expected = json_pack(
        "[{s:s,s:s,s:s}, {s:s,s:s,s:s,s:s,s:i,s:i,s:s}, {s:s,s:s,s:s,s:s}]", "code", "W306",
        "severity", "warning", "message", "caf?", "code", "E106", "severity", "error", "message",
        "a \"b\" \xc3\xa9", "file", "m?.yaml", "line", 2, "column", 2, "help", "one\ntwo", "code",
        "E202", "severity", "error", "message", "cut", "file", "w.npy");
    assert_non_null(found);
    assert_non_null(expected);
    assert_true(json_equal(found, expected));
    json_decref(found);
    json_decref(expected);
}

/* Only the first ones are kept, but all of them count. */
static void test_overflow(void **state)
{
    struct scratch *s = *state;
    for (int i = 0; i < DIAG_MOST + 7; i++) {
        diag_error(&s->diags, DIAG_BAD_VALUE, SPAN_NONE, "number %d", i);
        diag_help(&s->diags, "help %d", i);
    }
    assert_int_equal(s->diags.count, DIAG_MOST);
    assert_int_equal(s->diags.errors, DIAG_MOST + 7);
    assert_string_equal(s->diags.list[DIAG_MOST - 1].help, "help 99");
    const char *out = printed(s, DIAG_HUMAN, false);
    assert_non_null(strstr(out, "number 99 "));
    assert_null(strstr(out, "number 100 "));
    assert_string_equal(strstr(out, "oscc: 7"), "oscc: 7 more not shown\n");
}

/* The exit status is that of all errors, also of those that were not kept. */
static void test_exit_status(void **state)
{
    struct scratch *s = *state;
    diag_warning(&s->diags, DIAG_SATURATED, SPAN_NONE, "w");
    assert_int_equal(diag_exit_status(&s->diags), 0);
    diag_error(&s->diags, DIAG_BAD_VALUE, SPAN_NONE, "e");
    assert_int_equal(diag_exit_status(&s->diags), 2);
    diag_error(&s->diags, DIAG_IO, SPAN_NONE, "e");
    assert_int_equal(diag_exit_status(&s->diags), 3);
    diag_error(&s->diags, DIAG_BAD_VALUE, SPAN_NONE, "e");
    assert_int_equal(diag_exit_status(&s->diags), 3);
    diag_free(&s->diags);
    assert_int_equal(diag_exit_status(&s->diags), 0);
    diag_warning(&s->diags, DIAG_IO, SPAN_NONE, "only a warning");
    assert_int_equal(diag_exit_status(&s->diags), 0);
    for (int i = 0; i < DIAG_MOST; i++)
        diag_warning(&s->diags, DIAG_EDITED, SPAN_NONE, "w");
    diag_error(&s->diags, DIAG_IO, SPAN_NONE, "not kept");
    assert_int_equal(s->diags.count, DIAG_MOST);
    assert_int_equal(diag_exit_status(&s->diags), 3);
}

static void test_codes(void **state)
{
    (void)state;
    static const int statuses[] = {
#define X(name, code, status, title, explanation) status,
#include "compiler/base/diag_codes.def"
#undef X
    };
    for (int i = 0; i < DIAG_CODE_COUNT; i++) {
        enum diag_code code = (enum diag_code)i;
        const char *name = diag_code_name(code), *title = diag_code_title(code);
        const char *explanation = diag_code_explanation(code);
        assert_int_equal(strlen(name), 4);
        assert_int_equal(strspn(name + 1, "0123456789"), 3);
        /* the letter says whether it fails: E does, W does not */
        assert_true(name[0] == (statuses[i] ? 'E' : 'W'));
        assert_true(statuses[i] >= 0 && statuses[i] <= 3);
        assert_true(strlen(title) > 5 && !isupper((unsigned char)title[1]));
        assert_true(title[strlen(title) - 1] != '.');
        assert_int_equal(explanation[strlen(explanation) - 1], '.');
        for (const char *line = explanation; *line; line += strcspn(line, "\n") + 1) {
            assert_true(strcspn(line, "\n") <= 100);
            if (!strchr(line, '\n'))
                break;
        }
        for (int other = 0; other < i; other++)
            /* the number alone is unique, whatever the letter */
            assert_string_not_equal(name + 1, diag_code_name((enum diag_code)other) + 1);
        assert_int_equal(diag_code_find(name), code);
    }
}

static void test_find(void **state)
{
    (void)state;
    assert_int_equal(diag_code_find("e106"), DIAG_BAD_VALUE);
    assert_int_equal(diag_code_find("w306"), DIAG_SATURATED);
    static const char *const none[] = {"", "E", "E10", "E1066", "W106", "106", " E106", "E999"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(diag_code_find(none[i]), DIAG_CODE_COUNT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_nothing),
        TEST(test_order),
        TEST(test_help),
        TEST(test_caret),
        TEST(test_long_lines),
        TEST(test_control_characters),
        TEST(test_color),
        TEST(test_json_form),
        TEST(test_overflow),
        TEST(test_exit_status),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
