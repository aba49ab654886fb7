/* SPDX-License-Identifier: Apache-2.0
 *
 * examples/pair with hardwired weights, in transistors: it meets its limits; its couplings are the
 * resistors of array.spice and nothing else, so that one wrong wire or length is caught, and a word
 * of the memory for a coupling changes nothing. sky130A needs a PDK: $PDK_ROOT, or one beside the
 * project; says so and passes without.
 */
#include <math.h>

#include "tests/circuit/chip_fixture.h"

enum { SAMPLES = 2 };

/* limit: an untouched chip shows less (generic 0.011, sky130A 0.006 rad). */
static int set_up(void **state, const char *process, double limit)
{
    struct arena arena = {0};
    char folder[] = "/tmp/oscc-hardwired-XXXXXX", *text;
    size_t length;
    if (!getenv("PDK_ROOT") && fs_is_folder(OSCC_TEST_DATA "/../../shared/pdk"))
        setenv("PDK_ROOT", OSCC_TEST_DATA "/../../shared/pdk", 1);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(
        fs_read_text(&arena, OSCC_EXAMPLES "/pair/model.yaml", 1 << 20, &text, &length), 0);
    const char *path = fs_join(&arena, folder, "model.yaml");
    const char *hardwired = arena_printf(&arena, "%s\nchip: {weights: hardwired}\n", text);
    assert_int_equal(fs_write(path, hardwired, strlen(hardwired)), 0);
    struct fixture *f = fixture_make(path, process);
    f->model->limits[MODEL_LEVEL_DEVICE].phase_rms_rad = limit;
    *state = f;
    fs_remove_tree(folder);
    arena_free(&arena);
    return 0;
}

static int set_up_generic(void **state)
{
    return set_up(state, "generic", 0.02);
}

static int set_up_sky130(void **state)
{
    return set_up(state, "sky130A", 0.02);
}

/* Phase error, and whether the limits are met; NAN where the chip is refused or nothing runs. */
static double phase_error(struct fixture *f, enum device_start start, const char *what, bool *meets)
{
    struct verify_options options = {.level = MODEL_LEVEL_DEVICE,
                                     .corner = "tt",
                                     .start = start,
                                     .samples = SAMPLES,
                                     .jobs = 2,
                                     .worker = OSCC_BINARY};
    *meets = false;
    const struct campaign *campaign =
        verify_campaign(&f->arena, f->folder, f->model, &options, &f->diags);
    if (!campaign)
        return NAN;
    struct str failures = {0};
    struct comparison c = compare_campaign(&f->arena, f->model, campaign);
    *meets = compare_meets_limits(&c, campaign, &f->model->limits[MODEL_LEVEL_DEVICE], &failures);
    printf("  %-9s %-40s phase %.5f rad: %s\n", f->process, what, c.phase_rms_rad,
           *meets ? "passes" : "caught");
    str_free(&failures);
    return c.phase_rms_rad;
}

static bool skipped(struct fixture *f)
{
    bool found = pdk_root(&f->arena, f->process) != NULL;
    if (!found)
        printf("  skipped: no %s in $PDK_ROOT or beside the project\n", f->process);
    return !found;
}

static bool passes(struct fixture *f, const char *what)
{
    bool meets;
    phase_error(f, DEVICE_ON_ORBIT, what, &meets);
    return meets;
}

static void test_pair(void **state)
{
    if (!skipped(*state))
        assert_true(passes(*state, "nothing wrong"));
}

static void test_released(void **state)
{
    bool meets;
    if (skipped(*state))
        return;
    phase_error(*state, DEVICE_RELEASED, "started by release", &meets);
    assert_true(meets);
}

/* Wires of the coupling of oscillator 1 on 0: all of p and n exchanged is the other sign. */
static void test_wrong_sign(void **state)
{
    struct fixture *f = *state;
    if (skipped(f))
        return;
    struct file file = fixture_read(f, "spice/array.spice");
    static const char *const lines[] = {"xp", "xn", "yp", "yn"};
    for (size_t l = 0; l < 4; l++) {
        struct file now = fixture_read(f, "spice/array.spice");
        fixture_replace(
            f, &now, arena_printf(&f->arena, "\nxk0_1%s b0%s r1%s ", lines[l], lines[l], lines[l]),
            arena_printf(&f->arena, "\nxk0_1%s b0%s r1%s ", lines[l], lines[l], lines[l ^ 1]));
    }
    assert_false(passes(f, "the sign of a coupling"));
    fixture_put_back(&file);
}

/* One resistor of the coupling of oscillator 0 on 1 with another length or wire. */
static void test_wrong_resistor(void **state)
{
    struct fixture *f = *state;
    if (skipped(f))
        return;
    struct file file = fixture_read(f, "spice/array.spice");
    char *line = strstr(file.text, "\nxk1_0xp b1xp r0xn vss ");
    assert_non_null(line); /* K is negative */
    char *length = strstr(line, " l="), *end;
    assert_non_null(length);
    char *number = length + strlen(" l=");
    strtod(number, &end);
    const char *text =
        arena_printf(&f->arena, "%.*s%s%s", (int)(number - file.text), file.text, "1", end);
    assert_int_equal(fs_write(file.path, text, strlen(text)), 0);
    assert_false(passes(f, "the length of a resistor"));
    fixture_put_back(&file);
    fixture_replace(f, &file, "\nxk1_0xp b1xp r0xn vss ", "\nxk1_0xp b1xp ck vss ");
    assert_false(passes(f, "a resistor to a node of no cell"));
    fixture_put_back(&file);
}

/* The memory's word of a coupling is for behavioural cells: these see it, the transistors do not.
 */
static void test_memory(void **state)
{
    struct fixture *f = *state;
    bool meets;
    if (skipped(f))
        return;
    double right = phase_error(f, DEVICE_ON_ORBIT, "nothing wrong", &meets);
    struct file file = fixture_read(f, "verilog/weights.hex");
    fixture_replace(f, &file, "@3\n000f\n", "@3\n800f\n");
    double other = phase_error(f, DEVICE_ON_ORBIT, "another word for the coupling", &meets);
    assert_true(fabs(right - other) < 1e-12);
    assert_false(fixture_passes(f, MODEL_LEVEL_PHASE, SAMPLES, "the word at the level phase"));
    fixture_put_back(&file);
}

int main(void)
{
    const struct CMUnitTest generic[] = {
        cmocka_unit_test(test_pair),
        cmocka_unit_test(test_wrong_sign),
        cmocka_unit_test(test_wrong_resistor),
        cmocka_unit_test(test_memory),
    };
    const struct CMUnitTest sky130[] = {
        cmocka_unit_test(test_pair),
        cmocka_unit_test(test_released),
        cmocka_unit_test(test_wrong_sign),
        cmocka_unit_test(test_wrong_resistor),
    };
    return cmocka_run_group_tests(generic, set_up_generic, fixture_tear_down) +
           cmocka_run_group_tests(sky130, set_up_sky130, fixture_tear_down);
}
