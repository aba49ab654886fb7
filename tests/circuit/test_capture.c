/* SPDX-License-Identifier: Apache-2.0
 *
 * What the capture cells say: the rising edges of q, while the couplers pull and after en has
 * fallen, against the phases of the waveforms, and the phases at the end of a run as they are read
 * from q alone. sky130A needs its PDK: $PDK_ROOT, or one beside the project; says so and skips
 * without.
 */
#include "spice/device_part.h"
#include "spice/waveform.h"
#include "tests/circuit/device_runs.h"

/* Cycles of the edges that are looked at, before and after en falls; the edge after it from which
 * phases are read; points of a run's step: an edge is shorter than a step, which would hide it. */
enum { BEFORE = 4, AFTER = 6, READ_EDGE = 2, FINER = 4, MOST_EDGES = 64 };

static const double turn = 6.283185307179586476925;

struct capture {
    const struct device *device;
    size_t oscillators, width; /* vectors of a run without those of q, which stand behind */
    double end_s;              /* en falls */
    bool good;
    /* of the waveforms' phases at edges of q, rad: RMS about the mean of them all, the same of
     * those after the end, and by how much each oscillator's mean is off it, one half turn at most
     */
    double rms, rms_after, off[RUNS_MOST_OSCILLATORS];
    double read_rms; /* of phases against the tone at the end, read from q, rad */
};

static double share_of(const struct device *d, size_t oscillator)
{
    for (size_t t = 0; t < d->trim_count; t++)
        if (d->trims[t].lines[0] == d->line[DEVICE_NODES * oscillator])
            return device_trim_share(d, &d->trims[t]);
    return 0;
}

/* The phase of an oscillator's waveform at a time between points. */
static double phase_at(const struct capture *c, const struct spice_result *r, size_t oscillator,
                       double time_s)
{
    size_t p = 1, stride = c->width + c->oscillators;
    while (p + 1 < r->points && r->time[p] < time_s)
        p++;
    const double *v = r->values + p * stride + DEVICE_LINES * oscillator;
    double part = (time_s - r->time[p - 1]) / (r->time[p] - r->time[p - 1]);
    double before = device_phase(c->device, v - stride);
    return before + part * remainder(device_phase(c->device, v) - before, turn);
}

/* Rising edges of an oscillator's q from BEFORE cycles before the end on. */
static size_t find_edges(const struct capture *c, const struct spice_result *r, size_t oscillator,
                         double *times)
{
    double *value = ARENA_ARRAY(c->device->arena, double, r->points);
    double from_s = c->end_s - BEFORE / c->device->frequency_hz;
    for (size_t p = 0; p < r->points; p++)
        value[p] = r->values[p * (c->width + c->oscillators) + c->width + oscillator];
    struct waveform q = {r->points, r->time, value};
    size_t all = waveform_crossings(&q, c->device->chip->supply_v / 2, true, times, MOST_EDGES),
           count = 0;
    for (size_t e = 0; e < all; e++)
        if (times[e] > from_s)
            times[count++] = times[e];
    return count;
}

static void take(void *user, size_t index, const struct spice_result *r)
{
    struct capture *c = user;
    const struct device *d = c->device;
    double edge[RUNS_MOST_OSCILLATORS][MOST_EDGES], read[RUNS_MOST_OSCILLATORS];
    size_t edges[RUNS_MOST_OSCILLATORS], tone = c->oscillators - 1, count = 0, after = 0;
    double cosine = 0, sine = 0;
    (void)index;
    if (r->verdict != SPICE_GOOD) {
        printf("  %s\n", r->reason);
        return;
    }
    for (size_t i = 0; i <= tone; i++) {
        size_t e = 0;
        edges[i] = find_edges(c, r, i, edge[i]);
        assert_in_range(edges[i], BEFORE + AFTER - 1, BEFORE + AFTER + 1);
        for (size_t k = 0; k < edges[i]; k++) {
            double phase = phase_at(c, r, i, edge[i][k]);
            cosine += cos(phase);
            sine += sin(phase);
        }
        while (edge[i][e] < c->end_s)
            e++;
        read[i] = -turn * d->alone_hz * (1 + share_of(d, i)) * (edge[i][e + READ_EDGE] - c->end_s);
    }
    double mean = atan2(sine, cosine), sum = 0, sum_after = 0, sum_read = 0;
    for (size_t i = 0; i <= tone; i++) {
        c->off[i] = 0;
        for (size_t k = 0; k < edges[i]; k++) {
            double off = remainder(phase_at(c, r, i, edge[i][k]) - mean, turn);
            c->off[i] += fabs(off) / (double)edges[i];
            sum += off * off;
            count++;
            if (edge[i][k] > c->end_s)
                sum_after += off * off, after++;
        }
        double is = phase_at(c, r, i, c->end_s) - phase_at(c, r, tone, c->end_s);
        double off = remainder(read[i] - read[tone] - is, turn);
        sum_read += off * off;
    }
    c->rms = sqrt(sum / (double)count);
    c->rms_after = sqrt(sum_after / (double)after);
    c->read_rms = sqrt(sum_read / (double)tone);
    c->good = true;
}

/* In a deck of a run: en falls at the end, the run goes on, and q is saved. */
static void go_on(struct fixture *f, struct capture *c, const char *run, struct spice_job *job)
{
    const struct device *d = c->device;
    double step_s = device_step_s(d) / FINER;
    struct file circuit = fixture_read(f, fs_join(&f->arena, run, DEVICE_CIRCUIT_NAME));
    struct file deck = fixture_read(f, fs_join(&f->arena, run, job->deck));
    const char **vectors = ARENA_ARRAY(&f->arena, const char *, c->width + c->oscillators);
    struct str more = {0};
    c->end_s = job->stop_s;
    job->stop_s += AFTER / d->alone_hz;
    memcpy(vectors, job->vectors, c->width * sizeof *vectors);
    for (size_t i = 0; i < c->oscillators; i++) {
        vectors[c->width + i] = d->nodes.names[device_capture_node(d, (int)i)];
        str_addf(&more, ".save %s\n", vectors[c->width + i]);
    }
    job->vectors = vectors;
    job->vector_count += c->oscillators;

    char *en = strstr(circuit.text, " en 0 pwl("), *end = strchr(en, ')');
    char *text = arena_printf(&f->arena, "%.*s %.15g %.15g %.15g 0%s%s", (int)(end - circuit.text),
                              circuit.text, c->end_s, d->chip->supply_v, c->end_s + 0.2e-9, end,
                              str_text(&more));
    assert_int_equal(fs_write(circuit.path, text, strlen(text)), 0);
    char *tran = strstr(deck.text, ".tran "), *line = strchr(tran, '\n');
    text = arena_printf(&f->arena, "%.*s.tran %.15g %.15g 0 %.15g uic%s", (int)(tran - deck.text),
                        deck.text, step_s, job->stop_s, step_s, line);
    assert_int_equal(fs_write(deck.path, text, strlen(text)), 0);
    str_free(&more);
}

/* Runs the sample of a class from held cells. */
static struct capture *run(struct fixture *f, int class_index, const char *name)
{
    struct capture *c = ARENA_NEW(&f->arena, struct capture);
    const struct under_test *chip = under_test_read(&f->arena, f->folder, &f->diags);
    assert_non_null(chip);
    const char *root = pdk_root(&f->arena, f->process);
    struct device *d = device_open_released(&f->arena, chip, root, NULL, "tt", &f->diags);
    assert_non_null(d);
    const char *run = arena_printf(&f->arena, "verify/%s/%d", name, class_index);
    const char *folder = fs_join(&f->arena, f->folder, run);
    assert_int_equal(fs_make_folders(folder), 0);
    assert_true(device_calibrate(d, OSCC_BINARY, fs_join(&f->arena, folder, "alone"), &f->diags));
    double initial[RUNS_MOST_OSCILLATORS];
    under_test_initial_phases(chip, chip->seed, (uint64_t)class_index, initial);
    struct spice_job job;
    assert_int_equal(device_write(&f->arena, d, DEVICE_PARTITIONED, (uint64_t)class_index,
                                  class_index, initial, folder, &job),
                     0);
    c->device = d;
    c->oscillators = (size_t)chip->n + (size_t)chip->m;
    c->width = job.vector_count;
    go_on(f, c, run, &job);
    struct spice_pool pool = {OSCC_BINARY, 1, take, c};
    assert_true(spice_run(&pool, &job, 1));
    assert_true(c->good);
    printf("  %s, class %d, %s: phases at edges %.4f rad RMS, after en fell %.4f; read %.4f; off "
           "by",
           f->process, class_index, name, c->rms, c->rms_after, c->read_rms);
    for (size_t i = 0; i < c->oscillators; i++)
        printf(" %.4f", c->off[i]);
    printf("\n");
    return c;
}

static void compare(struct fixture *f, int classes)
{
    if (!device_runs_possible(f))
        return;
    for (int k = 0; k < classes; k++) {
        const struct capture *c = run(f, k, "right");
        assert_true(c->rms < 0.015); /* 0.0063 at most */
        assert_true(c->rms_after < 0.015);
        assert_true(c->read_rms < 0.03); /* 0.0163 at most */
    }
    /* a comparator the wrong way round is half a turn off; the mean is the other two's */
    struct file array = fixture_read(f, "spice/array.spice");
    fixture_replace(f, &array, "xcap0 x0p x0n y0p y0n", "xcap0 x0n x0p y0p y0n");
    const struct capture *wrong = run(f, 0, "wrong");
    fixture_put_back(&array);
    assert_true(fabs(wrong->off[0] - turn / 2) < 0.1);
    assert_true(fabs(wrong->read_rms - turn / 2 / sqrt(2)) < 0.1);
}

static void test_generic(void **state)
{
    *state = fixture_make(OSCC_EXAMPLES "/pair/model.yaml", "generic");
    compare(*state, 2);
}

static void test_sky130(void **state)
{
    *state = fixture_make(OSCC_EXAMPLES "/pair/model.yaml", "sky130A");
    compare(*state, 1);
}

static void test_gf180(void **state)
{
    *state = fixture_make(OSCC_EXAMPLES "/pair/model.yaml", "gf180mcuD");
    compare(*state, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_generic, fixture_tear_down),
        cmocka_unit_test_teardown(test_sky130, fixture_tear_down),
        cmocka_unit_test_teardown(test_gf180, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
