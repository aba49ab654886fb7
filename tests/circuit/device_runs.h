/* SPDX-License-Identifier: Apache-2.0
 *
 * Final phases of a chip's transistor level, opened in one of its ways, for tests that hold these
 * against each other.
 */
#ifndef OSCC_TESTS_CIRCUIT_DEVICE_RUNS_H
#define OSCC_TESTS_CIRCUIT_DEVICE_RUNS_H

#include <math.h>

#include "spice/device.h"
#include "spice/run.h"
#include "spice/under_test.h"
#include "tests/circuit/chip_fixture.h"

enum { RUNS_MOST_SAMPLES = 4, RUNS_MOST_OSCILLATORS = 16 };

struct device_runs {
    const struct under_test *chip;
    struct device *device;
    size_t samples, good;
    double initial[RUNS_MOST_SAMPLES][RUNS_MOST_OSCILLATORS];
    double final[RUNS_MOST_SAMPLES][RUNS_MOST_OSCILLATORS];
};

typedef struct device *(*device_opener)(struct arena *, const struct under_test *, const char *,
                                        const char *, const char *, struct diags *);

static inline void device_runs_catch(void *user, size_t index, const struct spice_result *result)
{
    struct device_runs *r = user;
    if (result->verdict != SPICE_GOOD) {
        printf("  %s\n", result->reason);
        return;
    }
    device_phases(r->device, r->initial[index], result, r->final[index]);
    r->good++;
    printf("  run %zu: %.1f s\n", index, result->wall_s);
}

/* Sample k draws class k. shift: of the first oscillator's initial phase, rad. */
static inline struct device_runs *device_runs(struct fixture *f, device_opener open,
                                              enum device_engine engine, const char *name,
                                              size_t samples, double shift)
{
    struct device_runs *r = ARENA_NEW(&f->arena, struct device_runs);
    r->chip = under_test_read(&f->arena, f->folder, &f->diags);
    r->samples = samples;
    assert_non_null(r->chip);
    assert_true(samples <= RUNS_MOST_SAMPLES && r->chip->n + r->chip->m <= RUNS_MOST_OSCILLATORS);
    r->device = open(&f->arena, r->chip, pdk_root(&f->arena, "sky130A"), NULL, "tt", &f->diags);
    assert_non_null(r->device);
    const char *folder = fs_join(&f->arena, f->folder, name);
    assert_true(
        device_calibrate(r->device, OSCC_BINARY, fs_join(&f->arena, folder, "alone"), &f->diags));
    struct spice_job jobs[RUNS_MOST_SAMPLES];
    for (size_t k = 0; k < samples; k++) {
        const char *path = arena_printf(&f->arena, "%s/%zu", folder, k);
        assert_int_equal(fs_make_folders(path), 0);
        under_test_initial_phases(r->chip, r->chip->seed, k, r->initial[k]);
        r->initial[k][0] += shift;
        assert_int_equal(
            device_write(&f->arena, r->device, engine, k, (int)k, r->initial[k], path, &jobs[k]),
            0);
    }
    struct spice_pool pool = {OSCC_BINARY, 2, device_runs_catch, r};
    assert_true(spice_run(&pool, jobs, samples));
    assert_int_equal(r->good, samples);
    return r;
}

/* Differences of phases, those of the tone taken off: RMS, and the largest in *worst; rad. */
static inline double device_runs_difference(const struct device_runs *a,
                                            const struct device_runs *b, double *worst)
{
    double sum = 0;
    int tone = a->chip->n;
    *worst = 0;
    for (size_t k = 0; k < a->samples; k++) {
        for (int i = 0; i < tone; i++) {
            double off =
                remainder(a->final[k][i] - a->final[k][tone] - b->final[k][i] + b->final[k][tone],
                          2 * acos(-1));
            sum += off * off;
            *worst = fmax(*worst, fabs(off));
        }
    }
    return sqrt(sum / (double)a->samples / tone);
}

/* Whether there is a PDK; says so where there is none. */
static inline bool device_runs_possible(struct fixture *f)
{
    if (!getenv("PDK_ROOT") && fs_is_folder(OSCC_TEST_DATA "/../../shared/pdk"))
        setenv("PDK_ROOT", OSCC_TEST_DATA "/../../shared/pdk", 1);
    bool found = pdk_root(&f->arena, "sky130A") != NULL;
    if (!found)
        printf("  skipped: no sky130A in $PDK_ROOT or beside the project\n");
    return found;
}

#endif
