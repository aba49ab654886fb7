/* SPDX-License-Identifier: Apache-2.0
 *
 * The whole chip as others get it: Yosys reads it, the user's test bench runs it, and every file
 * that config.json names is there.
 */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/rtl/rtl_bench.h"

static char folder[] = "/tmp/oscc-handover-XXXXXX";

static int make_chip(void **state)
{
    (void)state;
    return !mkdtemp(folder) ||
           rtl_shell("cd %s && %s %s/pair/model.yaml --pdk sky130A --no-verify -q -o chip", folder,
                     OSCC_BINARY, OSCC_EXAMPLES);
}

static int remove_chip(void **state)
{
    (void)state;
    return rtl_shell("rm -rf %s", folder);
}

static void test_yosys_reads_the_top(void **state)
{
    (void)state;
    /* a warning is a fault, and a port that the array has not must be seen */
    assert_int_equal(
        rtl_shell("cd %s/chip/verilog && yosys -q -e '.*' -p 'read_verilog -defer -DUSE_POWER_PINS "
                  "*.v; hierarchy -check -top top; proc; opt_clean; check -assert' >yosys.log 2>&1",
                  folder),
        0);
    assert_int_not_equal(
        rtl_shell(
            "cd %s/chip/verilog && mkdir -p ../broken && cp * ../broken 2>/dev/null; "
            "cd ../broken && sed -i '0,/\\.en(en)/s//.enn(en)/' top.v && grep -q enn top.v && "
            "yosys -q -p 'read_verilog -defer -DUSE_POWER_PINS *.v; hierarchy -check -top top' "
            ">yosys.log 2>&1",
            folder),
        0);
}

static int run_bench(const char *chip)
{
    return rtl_shell(
        "cd %s/%s/verilog && iverilog -g2005 -DOSCC_ARRAY_MODEL -I. -s tb_top -o tb.vvp "
        "*.v tb/*.v >iverilog.log 2>&1 && vvp -n tb.vvp >said.txt 2>&1",
        folder, chip);
}

static void test_the_bench_draws(void **state)
{
    (void)state;
    assert_int_equal(run_bench("chip"), 0);
    /* loaded, drawn, read, no error bit in any register that is read */
    assert_int_equal(
        rtl_shell("cd %s/chip/verilog && [ $(grep -c '^errors 00000000$' said.txt) = 2 ] && "
                  "grep -q '^draw: ' said.txt && grep -q '^read: ' said.txt",
                  folder),
        0);
    /* one wrong digit of a frame: its CRC fails and the error register says so */
    assert_int_equal(rtl_shell("cd %s && cp -r chip spoilt && cd spoilt/verilog && "
                               "sed -i '3s/^\\(.\\{12\\}\\)./\\17/' boot.hex && "
                               "! cmp -s boot.hex ../../chip/verilog/boot.hex",
                               folder),
                     0);
    assert_int_equal(run_bench("spoilt"), 0);
    assert_int_not_equal(
        rtl_shell("grep -q '^errors 00000000$' %s/spoilt/verilog/said.txt", folder), 0);
}

static void test_config_names_files(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/chip/config.json", folder);
    json_t *config = json_load_file(path, 0, NULL);
    assert_non_null(config);
    assert_string_equal(json_string_value(json_object_get(config, "DESIGN_NAME")), "top");
    const char *lists[] = {"VERILOG_FILES", "EXTRA_SPICE_MODELS"};
    for (size_t l = 0; l < 2; l++) {
        const json_t *files = json_object_get(config, lists[l]);
        assert_true(json_array_size(files) > 1);
        for (size_t i = 0; i < json_array_size(files); i++) {
            const char *name = json_string_value(json_array_get(files, i));
            assert_non_null(name);
            assert_memory_equal(name, "dir::", 5);
            snprintf(path, sizeof path, "%s/chip/%s", folder, name + 5);
            assert_int_equal(access(path, R_OK), 0);
        }
    }
    json_decref(config);
}

/* Stub and SPICE array have the same ports in the same order. */
static void test_ports_are_those_of_spice(void **state)
{
    (void)state;
    assert_int_equal(
        rtl_shell(
            "cd %s/chip && sed -n '/^\\.subckt array /,/^x/p' spice/array.spice | grep -v ^x | "
            "tr -d '+\\n' | tr -s ' ' '\\n' | sed 1,2d | grep . >spice.ports && "
            "sed -n '/^module array/,/^);/s/.* wire \\\\\\?\\([a-z0-9]*\\) *,\\?$/\\1/p' "
            "verilog/array_stub.v >stub.ports && cmp spice.ports stub.ports && "
            "[ $(wc -l <stub.ports) -gt 16 ]",
            folder),
        0);
}

/* Both subcircuits of the SPICE top are declared with as many ports as they are given. */
static void test_spice_top(void **state)
{
    (void)state;
    assert_int_equal(
        rtl_shell(
            "cd %s/chip/spice && for sub in control array; do "
            "declared=$(sed -n \"/^.subckt $sub /,/^[.x]/p\" array.spice chip_top.spice | "
            "sed '1!{/^[.x]/d}' | tr -d '+\\n' | wc -w); "
            "used=$(sed -n \"/^x$sub /,/^[.x]/p\" chip_top.spice | sed '1!{/^[.x]/d}' | "
            "tr -d '+\\n' | wc -w); [ $declared -gt 10 ] && [ $declared = $used ] || exit 1; done",
            folder),
        0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spice_top), cmocka_unit_test(test_yosys_reads_the_top),
        cmocka_unit_test(test_the_bench_draws), cmocka_unit_test(test_config_names_files),
        cmocka_unit_test(test_ports_are_those_of_spice)};
    return cmocka_run_group_tests(tests, make_chip, remove_chip);
}
