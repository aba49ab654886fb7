/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs that start as a chip does, from held oscillators through transistors that hold, release and
 * enable, with mid-rail made by transistors, against runs that start on the orbit; in each process.
 * sky130A and gf180mcuD need their PDK: $PDK_ROOT, or one beside the project; says so and passes
 * without.
 */
#include "tests/circuit/device_runs.h"

/* The two starts against each other, then against one whose first oscillator is released 0.1 rad
 * late: both RMS, within the first and beyond the second limit. */
static void compare(struct fixture *f, size_t samples, double limit, double seen)
{
    if (!device_runs_possible(f))
        return;
    const enum device_engine engine = DEVICE_PARTITIONED;
    const struct device_runs *orbit = device_runs(f, device_open, engine, "orbit", samples, 0);
    const struct device_runs *held =
        device_runs(f, device_open_released, engine, "held", samples, 0);
    const struct device_runs *wrong =
        device_runs(f, device_open_released, engine, "wrong", samples, 0.1);
    double right_most, off_most;
    double right = device_runs_difference(orbit, held, &right_most);
    double off = device_runs_difference(held, wrong, &off_most);
    printf("  %s, %d oscillators, released against the orbit: %.4f rad RMS, %.4f at most; "
           "one phase 0.1 rad off: %.4f, %.4f\n",
           f->process, held->chip->n, right, right_most, off, off_most);
    assert_true(right < limit);
    assert_true(off > seen);
}

static void test_sky130(void **state)
{
    *state = fixture_make(OSCC_EXAMPLES "/pair/model.yaml", "sky130A");
    compare(*state, 2, 0.025, 0.03);
}

static void test_generic(void **state)
{
    *state = fixture_make(OSCC_EXAMPLES "/pair/model.yaml", "generic");
    compare(*state, 4, 0.015, 0.02);
}

/* Couplings that do not pull all together: what a step that divides the period did to it was 0.08
 * here, as all edges of a run stood in the same place between two points. */
static void test_eight(void **state)
{
    *state = device_runs_eight("generic");
    compare(*state, 2, 0.02, 0.03);
}

static void test_gf180(void **state)
{
    *state = fixture_make(OSCC_EXAMPLES "/pair/model.yaml", "gf180mcuD");
    compare(*state, 2, 0.01, 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_generic, fixture_tear_down),
        cmocka_unit_test_teardown(test_eight, fixture_tear_down),
        cmocka_unit_test_teardown(test_sky130, fixture_tear_down),
        cmocka_unit_test_teardown(test_gf180, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
