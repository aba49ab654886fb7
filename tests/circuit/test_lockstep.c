/* SPDX-License-Identifier: Apache-2.0
 *
 * The array of transistors with its pins driven from outside, tick by tick, against runs whose deck
 * releases and enables at any time. The pins are those of a record, which the release ticks of the
 * control's arithmetic are put into. Needs sky130A: $PDK_ROOT, or one beside the project; says so
 * and passes without.
 */
#include "control/phase.h"
#include "spice/lockstep_plan.h"
#include "spice/pins.h"
#include "tests/circuit/device_runs.h"

enum { BITS = 6, TURNS = 7, SETTLE = 20, FORGET = 40, AFTER = 40 };

static int set_up(void **state)
{
    *state = fixture_make(OSCC_EXAMPLES "/pair/model.yaml", "sky130A");
    return 0;
}

/* Settings of every oscillator, as docs/control.md has them. */
static struct control_phases settings(struct fixture *f, const struct under_test *chip)
{
    size_t count = (size_t)chip->n + (size_t)chip->m;
    uint32_t *rate = ARENA_ARRAY(&f->arena, uint32_t, count);
    uint32_t *start = ARENA_ARRAY(&f->arena, uint32_t, count);
    const double one = 1 << CONTROL_FRACTION;
    for (size_t i = 0; i < count; i++) {
        double omega = chip->trim_lsb * chip->word[chip->trim.base + i];
        double share = omega * chip->model_time / (2 * M_PI * chip->carrier_cycles);
        double at = (int)i < chip->n ? 0.5 : 1 << (BITS - 1);
        rate[i] = (uint32_t)lround(TURNS * one * (1 + share));
        start[i] = (uint32_t)lround(one * (at - share * TURNS * FORGET));
    }
    return (struct control_phases){.main = chip->n,
                                   .conditioning = chip->m,
                                   .bits = BITS,
                                   .turns = TURNS,
                                   .phase_bits = chip->phase_bits,
                                   .reference = chip->n,
                                   .rate = rate,
                                   .start = start};
}

/* Pins from tick 1 on. en is high from tick *enabled on for `coupled` ticks. late: what is added to
 * the release tick of oscillator 0. Returns the number of ticks. */
static size_t write_pins(struct fixture *f, const struct under_test *chip, uint64_t sample,
                         size_t coupled, uint16_t late, const char *folder, size_t *enabled)
{
    struct control_phases phases = settings(f, chip);
    size_t count = (size_t)chip->n + (size_t)chip->m;
    uint16_t tick[RUNS_MOST_OSCILLATORS];
    bool h[RUNS_MOST_OSCILLATORS], q[RUNS_MOST_OSCILLATORS] = {0};
    struct str text = {0};
    control_release_ticks(&phases, chip->seed, sample, tick);
    tick[0] = (uint16_t)(tick[0] + late);
    *enabled = SETTLE + (1 << BITS) + FORGET;
    size_t ticks = *enabled + coupled + AFTER;
    for (size_t t = 1; t <= ticks; t++) {
        long counter = (1 << BITS) - 1 - ((long)t - SETTLE);
        for (size_t i = 0; i < count; i++)
            h[i] = counter > tick[i];
        pins_add_hex(count, q, &text);
        str_add(&text, " ");
        pins_add_hex(count, h, &text);
        str_addf(&text, " %d 1 0 1\n", t >= *enabled && t < *enabled + coupled);
    }
    assert_int_equal(fs_write_text(&f->arena, folder, LOCKSTEP_PLAYED_NAME, &text), 0);
    str_free(&text);
    return ticks;
}

struct driven {
    struct device_runs *runs;
    double end_s[RUNS_MOST_SAMPLES]; /* of the coupling */
};

static void catch (void *user, size_t index, const struct spice_result *result)
{
    struct driven *d = user;
    if (result->verdict != SPICE_GOOD) {
        printf("  %s\n", result->reason);
        return;
    }
    device_phases_at(d->runs->device, result, d->end_s[index], d->runs->final[index]);
    d->runs->good++;
    printf("  driven by pins, run %zu: %.1f s\n", index, result->wall_s);
}

/* The same samples with the array's pins driven by a clock. */
static struct device_runs *drive(struct fixture *f, const struct device_runs *like, uint16_t late)
{
    struct device_runs *r = ARENA_NEW(&f->arena, struct device_runs);
    struct driven driven = {.runs = r};
    *r = (struct device_runs){.chip = like->chip, .device = like->device, .samples = like->samples};
    struct device_clock clock = {device_tick_s(r->device, BITS, TURNS), 0};
    size_t coupled = (size_t)lround(device_run_s(r->device) / clock.tick_s);
    struct spice_job jobs[RUNS_MOST_SAMPLES];
    device_drive_by_pins(r->device, &clock);
    for (size_t k = 0; k < r->samples; k++) {
        const char *path = arena_printf(&f->arena, "%s/pins%d-%zu", f->folder, late, k);
        size_t enabled;
        assert_int_equal(fs_make_folders(path), 0);
        clock.ticks = write_pins(f, r->chip, k, coupled, late, path, &enabled);
        driven.end_s[k] = (double)(enabled + coupled) * clock.tick_s;
        assert_int_equal(device_write(&f->arena, r->device, DEVICE_PARTITIONED, k, (int)k,
                                      like->initial[k], path, &jobs[k]),
                         0);
        jobs[k].pins = SPICE_PINS_PLAYED;
    }
    struct spice_pool pool = {OSCC_BINARY, 2, catch, &driven};
    assert_true(spice_run(&pool, jobs, r->samples));
    assert_int_equal(r->good, r->samples);
    return r;
}

static void test_driven_by_pins(void **state)
{
    struct fixture *f = *state;
    if (!device_runs_possible(f))
        return;
    const struct device_runs *held =
        device_runs(f, device_open_released, DEVICE_PARTITIONED, "held", 2, 0);
    double right, off;
    device_runs_difference(held, drive(f, held, 0), &right);
    device_runs_difference(held, drive(f, held, 1), &off);
    printf("  pins against the deck's own: %.4f rad at most; one tick late: %.4f\n", right, off);
    /* release ticks are whole: up to half of a bin of 2 pi / 64 is missed, and with the offsets of
     * this example's frequencies up to a bin; 0.080 */
    assert_true(right < 0.1);
    assert_true(off > 0.4); /* one tick is 0.69 rad; 0.62 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_driven_by_pins)};
    return cmocka_run_group_tests(tests, set_up, fixture_tear_down);
}
