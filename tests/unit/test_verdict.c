/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/base/fs.h"
#include "compiler/base/str.h"
#include "spice/verdict.h"

struct entry {
    enum { HARMLESS, LINE, TEXT, WORD } match;
    const char *phrase, *line;
};

static const struct entry entries[] = {
#define HARMLESS(phrase, line) {HARMLESS, phrase, line},
#define ERROR_LINE(phrase, line) {LINE, phrase, line},
#define ERROR_TEXT(phrase, line) {TEXT, phrase, line},
#define ERROR_WORD(phrase, line) {WORD, phrase, line},
#include "spice/verdict.def"
#undef HARMLESS
#undef ERROR_LINE
#undef ERROR_TEXT
#undef ERROR_WORD
};

enum { ENTRY_COUNT = sizeof entries / sizeof *entries };

static enum spice_line classify(const char *line)
{
    return spice_classify_line(line, strlen(line));
}

static void expect(const char *line, enum spice_line kind)
{
    if (classify(line) != kind)
        fail_msg("\"%s\" is of kind %d, not %d", line, (int)classify(line), (int)kind);
}

/* Every entry names a line that holds its phrase, and makes that line an error by itself. */
static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        const struct entry *e = &entries[i];
        if (e->match == HARMLESS)
            continue;
        assert_non_null(strcasestr(e->line, e->phrase));
        expect(e->line, SPICE_LINE_ERROR);
        expect(e->phrase, SPICE_LINE_ERROR);
        char marked[128];
        snprintf(marked, sizeof marked, "stderr %s", e->phrase);
        expect(marked, SPICE_LINE_ERROR);
        if (e->match == LINE)
            continue;
        snprintf(marked, sizeof marked, "warning: xy %s, 12", e->phrase);
        expect(marked, SPICE_LINE_ERROR);
        snprintf(marked, sizeof marked, "xy%sxy", e->phrase);
        expect(marked, e->match == WORD ? SPICE_LINE_NOTE : SPICE_LINE_ERROR);
        snprintf(marked, sizeof marked, "Warning: gmin step failed, %s", e->phrase);
        expect(marked, SPICE_LINE_ERROR); /* excused is only what the harmless phrase covers */
    }
}

/* Every harmless phrase is needed: with one letter changed, its line is an error. */
static void test_harmless(void **state)
{
    (void)state;
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        const struct entry *e = &entries[i];
        if (e->match != HARMLESS)
            continue;
        assert_true(classify(e->line) < SPICE_LINE_ERROR);
        char *changed = strdup(e->line);
        assert_non_null(changed);
        char *at = strcasestr(changed, e->phrase);
        assert_non_null(at);
        *at = '#';
        if (strcmp(e->phrase, "can't find the initialization file") == 0) {
            *at = 'c';
            at[strlen("can't find the ")] = '#';
        }
        expect(changed, SPICE_LINE_ERROR);
        free(changed);
    }
}

static void test_notes_and_warnings(void **state)
{
    (void)state;
    static const char *const notes[] = {
        "",
        " ",
        "stdout ",
        "stdout Doing analysis at TEMP = 27.000000 and TNOM = 27.000000",
        "Using SPARSE 1.3 as Direct Linear Solver",
        "stdout Using transient initial conditions",
        "stdout No. of Data Rows : 10",
        " Reference value :  9.09753e-05",
        "stderr Note: Starting dynamic gmin stepping",
        "stderr Trying gmin =   1.0000E-03 Note: One successful gmin step",
        "stdout Reducing trtol to 1 for xspice 'A' devices",
        "stdout d1 d2 d3 informative nano banana badge", /* words inside words */
        /* what the deck's author chose */
        "stdout Circuit: * an error unknown fatal singular title",
        "Circuit: error budget",
        "stdout error                                        1",
        "stdout a_name_that_fills_its_column_error -0.001",
        "stdout fatal#branch                              -1.5e-05",
        "error = 2.4e-01",
        "error_max           =  1.811762e+00 at=  6.280000e-11",
    };
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
        expect(notes[i], SPICE_LINE_NOTE);
    expect("stderr Warning: v1: no DC value, transient time 0 value used", SPICE_LINE_WARNING);
    expect("stderr Warning: m=xx on .subckt line will override multiplier m hierarchy!",
           SPICE_LINE_WARNING);
    expect("stderr Trying gmin =   1.0000E-03 Warning: Further gmin increment", SPICE_LINE_WARNING);
}

/* What looks like a quoted value and is not one. */
static void test_near_misses(void **state)
{
    (void)state;
    static const char *const errors[] = {
        "error 3",
        "error",
        "error  x1",
        "error  1e",
        "error  1e+",
        "error  1.2.x",
        "nan",
        "v(b) = nan",
        "error = nothing",
        "error  1 2 *",
        "Circuit error: x",
        "x   inf",
        "error  .",
        "stdout stdout Error: x",
    };
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        expect(errors[i], SPICE_LINE_ERROR);
}

static void test_any_bytes(void **state)
{
    (void)state;
    static const char bytes[] = "\0\xff\x80 \0ERROR\0\xfe\r";
    assert_int_equal(spice_classify_line(bytes, sizeof bytes - 1), SPICE_LINE_ERROR);
    assert_int_equal(spice_classify_line(bytes, 3), SPICE_LINE_NOTE);
    assert_int_equal(spice_classify_line("error", 4), SPICE_LINE_NOTE);
    assert_int_equal(spice_classify_line("", 0), SPICE_LINE_NOTE);
}

static void test_log(void **state)
{
    (void)state;
    static const char log[] = "note\nstderr Warning: x\nstderr Error: one\nError: two\nlast";
    const char *first;
    size_t length;
    assert_int_equal(spice_classify_log(log, strlen(log), &first, &length), SPICE_LINE_ERROR);
    assert_int_equal(length, strlen("stderr Error: one"));
    assert_memory_equal(first, "stderr Error: one", length);
    assert_int_equal(spice_classify_log(log, 24, &first, &length), SPICE_LINE_WARNING);
    assert_null(first);
    assert_int_equal(length, 0);
    assert_int_equal(spice_classify_log(log, strlen(log), NULL, NULL), SPICE_LINE_ERROR);
    assert_int_equal(spice_classify_log("", 0, &first, &length), SPICE_LINE_NOTE);
    assert_int_equal(spice_classify_log("\n\n", 2, &first, &length), SPICE_LINE_NOTE);
    assert_int_equal(spice_classify_log("fatal", 5, &first, NULL), SPICE_LINE_ERROR);
    assert_non_null(first);
}

/* One line of expected.txt for a log; kept free of trailing blanks. */
static void describe_log(struct arena *arena, struct str *out, const char *name)
{
    static const char *const kinds[] = {"note", "warning", "error"};
    char *text;
    size_t length, first_length;
    const char *first;
    char *path = arena_printf(arena, OSCC_TEST_DATA "/data/ngspice/%s", name);
    assert_int_equal(fs_read_text(arena, path, 1 << 24, &text, &length), 0);
    enum spice_line kind = spice_classify_log(text, length, &first, &first_length);
    str_addf(out, "%s %s", name, kinds[kind]);
    while (first && first_length && strchr(" \r", first[first_length - 1]))
        first_length--;
    if (first)
        str_addf(out, " %.*s", (int)first_length, first);
    str_add(out, "\n");
}

static void test_recorded_logs(void **state)
{
    (void)state;
    struct arena arena = {0};
    char **names, *expected;
    size_t count, length, logs = 0;
    struct str found = {0};
    assert_int_equal(fs_list(&arena, OSCC_TEST_DATA "/data/ngspice", &names, &count), 0);
    for (size_t i = 0; i < count; i++) {
        const char *dot = strrchr(names[i], '.');
        if (dot && !strcmp(dot, ".log")) {
            describe_log(&arena, &found, names[i]);
            logs++;
        }
    }
    assert_int_equal(fs_read_text(&arena, OSCC_TEST_DATA "/data/ngspice/expected.txt", 1 << 20,
                                  &expected, &length),
                     0);
    assert_string_equal(str_text(&found), expected);
    assert_true(logs > 80);
    str_free(&found);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_harmless),
        cmocka_unit_test(test_notes_and_warnings),
        cmocka_unit_test(test_near_misses),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_recorded_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
