/* SPDX-License-Identifier: Apache-2.0
 *
 * Library, dump and netlist of the mapped control, and the energy that follows, on a circuit that
 * is small enough to do by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "synth/power.h"
#include "synth/tool.h"

static const char library[] =
    "library (\"l\") {\n"
    "  /* a comment with { */\n"
    "  nom_voltage : 2.0;\n"
    "  cell (\"p__inv_1\") {\n"
    "    area : 3.5;\n    cell_leakage_power : 2.0;\n"
    "    pin (\"A\") { capacitance : 0.002; direction : \"input\"; }\n"
    "    pin (\"Y\") { direction : \"output\"; function : \"(!A)\";\n"
    "      internal_power () { related_pin : \"A\";\n"
    "        rise_power (\"t\") { index_1(\"0.0, 0.2\"); index_2(\"0.001, 0.003\");\n"
    "          values(\"0.010, 0.030\", \\\n                 \"0.020, 0.040\"); }\n"
    "        fall_power (\"t\") { index_1(\"0.0, 0.2\"); index_2(\"0.001, 0.003\");\n"
    "          values(\"0.001, 0.001\", \"0.001, 0.001\"); } } }\n"
    "  }\n"
    "  cell (\"p__big_16\") { area : 99; }\n"
    "}\n";

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fabs(b) + 1e-30;
}

static void test_liberty(void **state)
{
    (void)state;
    struct arena arena = {0};
    size_t line;
    const struct liberty *l = liberty_read(&arena, library, 0.1e-9, &line);
    assert_non_null(l);
    assert_true(near(l->supply_v, 2));
    assert_int_equal(l->cell_count, 2);
    const struct liberty_cell *inv = liberty_find(l, "p__inv_1");
    assert_non_null(inv);
    assert_true(near(inv->area_um2, 3.5) && near(inv->leakage_w, 2e-9));
    const struct liberty_pin *y = liberty_pin(inv, "Y");
    assert_true(y->output && near(liberty_pin(inv, "A")->capacitance_f, 2e-15));
    /* between the rows 15 and 35 fJ, and 1 fJ falling; half of a cycle; in the middle 25 */
    assert_true(near(liberty_edge_j(y, 1e-15), 8e-15));
    assert_true(near(liberty_edge_j(y, 2e-15), 13e-15));
    assert_null(liberty_find(l, "p__inv_2"));
    /* a bracket too few */
    char *broken = arena_strndup(&arena, library, sizeof library - 3);
    assert_null(liberty_read(&arena, broken, 0.1e-9, &line));
    arena_free(&arena);
}

static void test_trim(void **state)
{
    (void)state;
    static const char *const kept[] = {"inv", NULL};
    struct arena arena = {0};
    struct str out = {0};
    size_t line;
    liberty_trim(library, "p__", kept, &out);
    const struct liberty *l = liberty_read(&arena, str_text(&out), 0, &line);
    assert_non_null(l);
    assert_int_equal(l->cell_count, 1);
    assert_non_null(liberty_find(l, "p__inv_1"));
    str_free(&out);
    arena_free(&arena);
}

static struct activity *read_dump(struct arena *arena, const char *text, size_t windows,
                                  const double *end_s)
{
    size_t line;
    FILE *file = fmemopen((void *)(uintptr_t)(const void *)text, strlen(text), "r");
    assert_non_null(file);
    struct activity *activity = activity_read(arena, file, windows, end_s, &line);
    fclose(file);
    return activity;
}

static const char dump[] = "$timescale 1ns $end\n$scope module tb $end\n"
                           "$scope module control $end\n$var wire 1 ! \\_0_ $end\n"
                           "$var wire 2 \" bus [1:0] $end\n$var wire 1 ! y $end\n"
                           "$scope module \\a.b $end\n$var reg 1 # clk $end\n$upscope $end\n"
                           "$upscope $end\n$upscope $end\n$enddefinitions $end\n"
                           "#0\n$dumpvars\n0!\nbx \"\n0#\n$end\n"
                           "#10\n1!\n#20\n0!\nb01 \"\n#30\n1!\nb10 \"\n#40\nx!\n#50\n1!\n";

static void test_activity(void **state)
{
    (void)state;
    struct arena arena = {0};
    const double ends[] = {25e-9, 60e-9};
    struct activity *a = read_dump(&arena, dump, 2, ends);
    assert_non_null(a);
    const struct activity_bit *bit = activity_find(a, "tb.control._0_", 0);
    assert_non_null(bit);
    assert_int_equal(bit->toggles[0], 2);
    assert_int_equal(bit->toggles[1], 1); /* what comes from unknown is none */
    assert_true(near(bit->high_s[0], 10e-9));
    assert_true(near(bit->high_s[1], 10e-9)); /* until it is unknown; the dump ends at 50 ns */
    assert_ptr_equal(activity_find(a, "tb.control.y", 0), bit);
    assert_int_equal(activity_find(a, "tb.control.bus", 1)->toggles[1], 1);
    assert_non_null(activity_find(a, "tb.control.a.b.clk", 0));
    assert_null(activity_find(a, "tb.control.bus", 2));
    assert_null(activity_find(a, "tb.nothing", 0));
    assert_null(read_dump(&arena, "$scope module tb $end\n0!\n", 2, ends));
    assert_null(read_dump(&arena, "no dump at all", 2, ends));
    arena_free(&arena);
}

/* clk -> block's inverter -> y; a memory that is enabled by y. */
static const char netlist[] =
    "{\"modules\": {\"p__inv_1\": {\"attributes\": {\"blackbox\": \"1\"}},"
    "\"block\": {\"attributes\": {}, \"ports\": {\"a\": {\"bits\": [2]}, \"y\": {\"bits\": [3]}},"
    " \"cells\": {\"i\": {\"type\": \"p__inv_1\", \"connections\": {\"A\": [2], \"Y\": [3]}}},"
    " \"netnames\": {\"a\": {\"bits\": [2]}, \"y\": {\"bits\": [3]}}},"
    "\"control\": {\"attributes\": {}, \"ports\": {\"clk\": {\"bits\": [2]}},"
    " \"cells\": {\"b\": {\"type\": \"block\", \"connections\": {\"a\": [2], \"y\": [4]}},"
    "  \"m\": {\"type\": \"ram\", \"parameters\": {\"WIDTH\": \"100000\", \"DEPTH\": \"1000000\"},"
    "   \"connections\": {\"clk\": [2], \"en\": [4]}}},"
    " \"netnames\": {\"clk\": {\"bits\": [2]}, \"out\": {\"bits\": [4]}}}}}";

static const struct gates *read_netlist(struct arena *arena, const char *text,
                                        const struct liberty *l, struct diags *diags)
{
    char path[] = "/tmp/oscc-test-gates-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    const struct gates *gates = gates_read(arena, path, "control", l, diags);
    unlink(path);
    return gates;
}

static void test_power(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct diags diags = {0};
    size_t line;
    const struct liberty *l = liberty_read(&arena, library, 0.1e-9, &line);
    const struct gates *gates = read_netlist(&arena, netlist, l, &diags);
    assert_non_null(gates);
    assert_int_equal(gates->block_count, 2);
    assert_int_equal(gates_memories(gates), 1);
    assert_true(near(gates_area_um2(gates, 1), 3.5));
    const double ends[] = {100e-9};
    static const char waves[] = "$timescale 1ns $end\n$scope module t $end\n$scope module c $end\n"
                                "$var wire 1 a clk $end\n$var wire 1 b out $end\n$upscope $end\n"
                                "$upscope $end\n$enddefinitions $end\n#0\n0a\n1b\n#10\n1a\n0b\n"
                                "#20\n0a\n1b\n#40\n1a\n0b\n#50\n1b\n#100\n";
    struct activity *a = read_dump(&arena, waves, 1, ends);
    assert_non_null(a);
    const struct pdk_logic logic = {
        .wire_f = 1e-15, .memory_bits = 2048, .memory_read_j = 1e-12, .memory_leakage_w = 3e-6};
    double covered;
    const struct power *p =
        power_estimate(&arena, gates, l, &logic, a, "t.c", 0, 10, 10e-9, 1e8, &covered);
    assert_true(near(covered, 1));
    /* clk: 3 changes of 2 + 1 fF at 2 V; y: 4 changes of 1 fF, and 8 fJ each inside at 1 fF */
    double clock = 3 * 2 * 3e-15, out = 4 * (2 * 1e-15 + 8e-15);
    assert_true(near(p[1].cells_j, clock + out));
    assert_true(near(p[1].clock_j, clock));
    assert_true(near(p[1].wires_j, 3 * 2e-15 + 4 * 2e-15));
    assert_true(near(p[1].leakage_j, 2e-9 * 100e-9));
    /* enabled for 10 + 20 + 50 of 100 ns; one macro leaks */
    assert_true(near(p[0].memory_j, 8 * 1e-12 + 3e-6 * 100e-9));
    assert_true(near(p[0].cells_j, 0));
    /* a cell that is in no library */
    assert_null(read_netlist(&arena,
                             "{\"modules\": {\"control\": {\"cells\": {\"x\": {\"type\": "
                             "\"p__odd_1\", \"connections\": {}}}, \"netnames\": {}}}}",
                             l, &diags));
    assert_int_equal(diags.errors, 1);
    diag_free(&diags);
    arena_free(&arena);
}

static void test_tool(void **state)
{
    (void)state;
    struct arena arena = {0};
    static const struct tool shell = {"sh", "dash"}, none = {"oscc-no-such-program", "nothing"};
    const char *const good[] = {"-c", "[ \"$A\" = b ] && [ -d . ]", NULL};
    const char *const bad[] = {"-c", "exit 3", NULL}, *const slow[] = {"-c", "while :; do :; done",
                                                                       NULL};
    const char *const settings[] = {"A=b", NULL};
    struct tool_job job = {&shell, good, settings, "/tmp", "/dev/null", 0};
    assert_int_equal(tool_run(&arena, &job), TOOL_GOOD);
    job.arguments = bad;
    assert_int_equal(tool_run(&arena, &job), TOOL_FAILED);
    job.arguments = slow;
    job.limit_s = 1;
    assert_int_equal(tool_run(&arena, &job), TOOL_TOO_LONG);
    job.tool = &none;
    assert_int_equal(tool_run(&arena, &job), TOOL_MISSING);
    assert_true(tool_present(&shell) && !tool_present(&none));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_liberty), cmocka_unit_test(test_trim),
                                       cmocka_unit_test(test_activity),
                                       cmocka_unit_test(test_power), cmocka_unit_test(test_tool)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
