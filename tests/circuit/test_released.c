/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs that start as a chip does, from held oscillators through transistors that hold, release and
 * enable, with mid-rail made by transistors, against runs that start on the orbit. Needs a PDK:
 * $PDK_ROOT, or one beside the project; says so and passes without.
 */
#include "tests/circuit/device_runs.h"

static int set_up(void **state)
{
    *state = fixture_make(OSCC_EXAMPLES "/pair/model.yaml", "sky130A");
    return 0;
}

static void test_starts_agree(void **state)
{
    struct fixture *f = *state;
    if (!device_runs_possible(f))
        return;
    const enum device_engine engine = DEVICE_PARTITIONED;
    const struct device_runs *orbit = device_runs(f, device_open, engine, "orbit", 2, 0);
    const struct device_runs *held = device_runs(f, device_open_released, engine, "held", 2, 0);
    const struct device_runs *wrong = device_runs(f, device_open_released, engine, "wrong", 2, 0.1);
    double right, off;
    device_runs_difference(orbit, held, &right);
    device_runs_difference(orbit, wrong, &off);
    printf("  released against the orbit: %.4f rad at most; one phase 0.1 rad late: %.4f\n", right,
           off);
    assert_true(right < 0.015); /* steps of 0.1 rad; 0.009 */
    assert_true(off > 0.015);   /* an initial phase that is off is seen */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_starts_agree)};
    return cmocka_run_group_tests(tests, set_up, fixture_tear_down);
}
