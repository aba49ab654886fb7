/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs that start as a chip does, from held oscillators through transistors that hold, release and
 * enable, with mid-rail made by transistors, against runs that start on the orbit. Needs a PDK:
 * $PDK_ROOT, or one beside the project; says so and passes without.
 */
#include <math.h>

#include "spice/device.h"
#include "spice/run.h"
#include "spice/under_test.h"
#include "tests/circuit/chip_fixture.h"

enum { SAMPLES = 2, MOST = 8 };

static const double turn = 6.283185307179586476925;

static int set_up(void **state)
{
    if (!getenv("PDK_ROOT") && fs_is_folder(OSCC_TEST_DATA "/../../shared/pdk"))
        setenv("PDK_ROOT", OSCC_TEST_DATA "/../../shared/pdk", 1);
    *state = fixture_make(OSCC_EXAMPLES "/pair/model.yaml", "sky130A");
    return 0;
}

/* The final phases of the samples. */
struct outcome {
    const struct under_test *chip;
    struct device *device;
    double initial[SAMPLES][MOST], final[SAMPLES][MOST];
    size_t good;
};

static void catch_run(void *user, size_t index, const struct spice_result *result)
{
    struct outcome *o = user;
    if (result->verdict != SPICE_GOOD) {
        printf("  %s\n", result->reason);
        return;
    }
    device_phases(o->device, o->initial[index], result, o->final[index]);
    o->good++;
}

static void run(struct fixture *f, bool released, double shift, struct outcome *o)
{
    const char *root = pdk_root(&f->arena, "sky130A");
    *o = (struct outcome){.chip = under_test_read(&f->arena, f->folder, &f->diags)};
    assert_non_null(o->chip);
    o->device = (released ? device_open_released : device_open)(&f->arena, o->chip, root, NULL,
                                                                "tt", &f->diags);
    assert_non_null(o->device);
    const char *folder = fs_join(&f->arena, f->folder, released ? "released" : "orbit");
    assert_true(
        device_calibrate(o->device, OSCC_BINARY, fs_join(&f->arena, folder, "alone"), &f->diags));
    struct spice_job jobs[SAMPLES];
    for (int k = 0; k < SAMPLES; k++) {
        const char *path = arena_printf(&f->arena, "%s/%d", folder, k);
        assert_int_equal(fs_make_folders(path), 0);
        under_test_initial_phases(o->chip, o->chip->seed, (uint64_t)k, o->initial[k]);
        o->initial[k][0] += shift;
        assert_int_equal(device_write(&f->arena, o->device, DEVICE_PARTITIONED, (uint64_t)k, k,
                                      o->initial[k], path, &jobs[k]),
                         0);
    }
    struct spice_pool pool = {OSCC_BINARY, 2, catch_run, o};
    assert_true(spice_run(&pool, jobs, SAMPLES));
    assert_int_equal(o->good, SAMPLES);
}

/* The largest difference of phases against those of the tone, rad. */
static double difference(const struct outcome *a, const struct outcome *b)
{
    double worst = 0;
    int tone = a->chip->n;
    for (int k = 0; k < SAMPLES; k++)
        for (int i = 0; i < tone; i++)
            worst = fmax(worst, fabs(remainder(a->final[k][i] - a->final[k][tone] - b->final[k][i] +
                                                   b->final[k][tone],
                                               turn)));
    return worst;
}

static void test_starts_agree(void **state)
{
    struct fixture *f = *state;
    if (!pdk_root(&f->arena, "sky130A")) {
        printf("  skipped: no sky130A in $PDK_ROOT or beside the project\n");
        return;
    }
    struct outcome orbit, released, wrong;
    run(f, false, 0, &orbit);
    run(f, true, 0, &released);
    printf("  released against the orbit: %.4f rad at most\n", difference(&orbit, &released));
    run(f, true, 0.1, &wrong); /* an initial phase that is off must be seen */
    printf("  one phase 0.1 rad late:     %.4f rad\n", difference(&orbit, &wrong));
    assert_true(difference(&orbit, &released) < 0.015); /* steps of 0.1 rad; 0.009 */
    assert_true(difference(&orbit, &wrong) > 0.015);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_starts_agree),
    };
    return cmocka_run_group_tests(tests, set_up, fixture_tear_down);
}
