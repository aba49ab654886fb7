/* SPDX-License-Identifier: Apache-2.0
 *
 * The control of examples/pair on the standard cells of sky130A: gates and RTL draw the same
 * sample, are proven equal block by block, and a gate that was exchanged is found. Skips without
 * the cells.
 */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/base/arena.h"
#include "pdk/pdk.h"
#include "tests/rtl/rtl_bench.h"

static char folder[] = "/tmp/oscc-mapped-XXXXXX";
static bool present;

static int make_gates(void **state)
{
    (void)state;
    struct arena arena = {0};
    const char *root = pdk_root(&arena, "sky130A");
    present = root && !rtl_shell("[ -f %s/sky130A/%s ]", root,
                                 pdk_find("sky130A")->logic->corners[0].liberty);
    arena_free(&arena);
    if (!present)
        return 0;
    return !mkdtemp(folder) ||
           rtl_shell("cd %s && %s %s/pair/model.yaml --pdk sky130A --no-verify -q -o chip && "
                     "%s synth chip --prove >said.txt",
                     folder, OSCC_BINARY, OSCC_EXAMPLES, OSCC_BINARY);
}

static int remove_gates(void **state)
{
    (void)state;
    return present ? rtl_shell("rm -rf %s", folder) : 0;
}

static void skip_without_cells(void)
{
    if (!present) {
        print_message("the standard cells of sky130A are not in PDK_ROOT\n");
        skip();
    }
}

static double figure(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/chip/report/metrics.json", folder);
    json_t *metrics = json_load_file(path, 0, NULL);
    const json_t *value = json_object_get(metrics, name);
    double number = json_is_number(value) ? json_number_value(value) : -1e9;
    json_decref(metrics);
    return number;
}

static void test_figures(void **state)
{
    (void)state;
    skip_without_cells();
    assert_true(figure("synth.cells") > 1000);
    assert_true(figure("synth.area_mm2") > 0.01 && figure("synth.area_mm2") < 10);
    assert_true(figure("synth.tt_025C_1v80.slack_ns") > 0);
    assert_true(figure("synth.ss_100C_1v60.fmax_mhz") > 50);
    assert_true(figure("energy.control_nj") > 1 && figure("energy.control_nj") < 1e5);
    assert_true(figure("energy.load_nj") > figure("energy.read_nj"));
    assert_true(figure("synth.nets_seen") > 0.999);
}

/* The last line of digits that the bench prints: the codes. */
static void test_gates_draw_what_rtl_draws(void **state)
{
    (void)state;
    skip_without_cells();
    assert_int_equal(
        rtl_shell(
            "cd %s/chip/verilog && iverilog -g2005 -DOSCC_ARRAY_MODEL -I. -s tb_top -o tb.vvp *.v "
            "tb/*.v && vvp -n tb.vvp +class=0 >rtl.txt && grep '^ [0-9 ]*$' rtl.txt >rtl.codes && "
            "grep '^ [0-9 ]*$' ../synth/sample.txt >gates.codes && [ -s gates.codes ] && "
            "cmp rtl.codes gates.codes",
            folder),
        0);
}

/* The rest of control is compared by what its gates draw: some points need states that Yosys knows
 * to be out of reach and its induction does not. */
static void test_proof(void **state)
{
    (void)state;
    skip_without_cells();
    assert_true(figure("synth.chain.proven") == 1);
    assert_true(figure("synth.class_chain.proven") == 1);
}

static void test_exchanged_gate_is_found(void **state)
{
    (void)state;
    skip_without_cells();
    static const char prove[] = "cd %s/chip/synth && MODULE=chain GOLD=rtl.il GATE=%s "
                                "LIBERTY=cells.lib yosys -c equiv.tcl >%s.log && "
                                "grep -q 'are proven and 0 are unproven' %s.log";
    assert_int_equal(rtl_shell(prove, folder, "gates.il", "gates", "gates"), 0);
    /* the first two-input nand of the chain becomes a nor */
    assert_int_equal(
        rtl_shell("cd %s/chip/synth && sed '/^module .chain$/,/^end$/{0,/__nand2_1 /s/__nand2_1 "
                  "/__nor2_1 /}' gates.il >wrong.il && ! cmp -s gates.il wrong.il",
                  folder),
        0);
    assert_int_not_equal(rtl_shell(prove, folder, "wrong.il", "wrong", "wrong"), 0);
    assert_int_equal(rtl_shell("grep -q 'are unproven' %s/chip/synth/wrong.log", folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures), cmocka_unit_test(test_gates_draw_what_rtl_draws),
        cmocka_unit_test(test_proof), cmocka_unit_test(test_exchanged_gate_is_found)};
    return cmocka_run_group_tests(tests, make_gates, remove_gates);
}
