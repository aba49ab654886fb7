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
    r->device = open(&f->arena, r->chip, pdk_root(&f->arena, f->process), NULL, "tt", &f->diags);
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
        assert_int_equal(device_write(&f->arena, r->device, engine, k, (int)k % r->chip->classes,
                                      r->initial[k], path, &jobs[k]),
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

/* Whether there is the PDK of the process; says so where there is none. */
static inline bool device_runs_possible(struct fixture *f)
{
    if (!getenv("PDK_ROOT") && fs_is_folder(OSCC_TEST_DATA "/../../shared/pdk"))
        setenv("PDK_ROOT", OSCC_TEST_DATA "/../../shared/pdk", 1);
    bool found = pdk_root(&f->arena, f->process) != NULL;
    if (!found)
        printf("  skipped: no %s in $PDK_ROOT or beside the project\n", f->process);
    return found;
}

/* The chip of a model of n oscillators with the couplings k[n x n], a tone that pulls with
 * drive[n], one class. */
static inline struct fixture *device_runs_model(const char *process, int n, const double *k,
                                                const double *omega, const double *drive)
{
    char folder[] = "/tmp/oscc-runs-XXXXXX";
    struct arena arena = {0};
    struct str text = {0};
    assert_non_null(mkdtemp(folder));
    str_addf(&text, "oscc: 1\nname: runs\noscillators: %d\nconditioning: 1\nclasses: 1\n", n);
    str_add(&text, "dynamics:\n  conditioning_start: zero\n  weights:\n    K: [");
    for (int c = 0; c < n * n; c++)
        str_addf(&text, "%s%.4f%s", c % n ? ", " : c ? ", [" : "[", k[c], (c + 1) % n ? "" : "]");
    str_add(&text, "]\n    omega: [");
    for (int i = 0; i < n; i++)
        str_addf(&text, "%s%.4f", i ? ", " : "", omega[i]);
    str_add(&text, "]\n    K_drive: [[");
    for (int i = 0; i < n; i++)
        str_addf(&text, "%s[%.4f]", i ? ", " : "", drive[i]);
    str_add(&text, "]]\nreadout: ref_drive\n");
    const char *path = fs_join(&arena, folder, "model.yaml");
    assert_int_equal(fs_write(path, text.text, text.length), 0);
    str_free(&text);
    struct fixture *f = fixture_make(path, process);
    fs_remove_tree(folder);
    arena_free(&arena);
    return f;
}

/* The same with eight, their couplings dense and random, standard deviation 8^-1/2. */
static inline struct fixture *device_runs_eight(const char *process)
{
    enum { N = 8 };
    double k[N * N] = {0}, drive[N];
    static const double omega[N] = {0.3, -0.2, 0.1, 0.5, -0.4, 0, 0.2, -0.1};
    uint32_t random = 1;
    for (int c = 0; c < N * N; c++) {
        double sum = -6;
        for (int t = 0; t < 12; t++) {
            random = random * 1664525u + 1013904223u;
            sum += random / 4294967296.0;
        }
        k[c] = c / N == c % N ? 0 : sum / sqrt(N);
    }
    for (int i = 0; i < N; i++)
        drive[i] = i % 2 ? -0.6 : 0.4;
    return device_runs_model(process, N, k, omega, drive);
}

#endif
