/* SPDX-License-Identifier: Apache-2.0
 *
 * The digital control's settings: the clock, and a closed loop over ideal oscillators in continuous
 * time: codes are written by releases, the oscillators run alone, and their edges are read back.
 */
#include <math.h>

#include "tests/unit/testing.h"

#include "compiler/map/chip.h"
#include "compiler/sample/sample.h"

enum { MAIN = 24, MOST = 32, SAMPLES = 400 };

static const double turn = 6.283185307179586476925;

/* A process of round numbers, in behavioural cells. */
static const struct pdk plain = {.name = "generic",
                                 .carrier_hz = 12e6,
                                 .capacitor_f = 1e-12,
                                 .carrier_cycles = 16,
                                 .swing_v = 0.5};

/* MAIN oscillators without couplings, frequencies evenly within +- most of the carrier. */
static struct chip *load(struct scratch *s, int conditioning, double most, const char *more)
{
    struct str text = {0};
    str_addf(&text,
             "oscc: 1\nname: loop\noscillators: %d\nconditioning: %d\nclasses: 1\n"
             "%s\ndynamics:\n  time: 1\n  conditioning_start: %s\n  weights:\n    omega: [",
             MAIN, conditioning, conditioning ? "readout: ref_drive" : "readout: ref_oscillator",
             strstr(more, "drawn") ? "random" : "zero");
    for (int i = 0; i < MAIN; i++)
        str_addf(&text, "%s%.15g", i ? ", " : "",
                 most * turn * plain.carrier_cycles * (2 * i - MAIN + 1) / (MAIN - 1));
    str_add(&text, "]\n    K: [");
    for (int i = 0; i < MAIN * MAIN; i++)
        str_addf(&text, "%s0%s",
                 i % MAIN ? ", "
                 : i      ? ", ["
                          : "[",
                 i % MAIN == MAIN - 1 ? "]" : "");
    str_add(&text, "]\n");
    if (conditioning) {
        str_add(&text, "    K_drive: [[");
        for (int i = 0; i < MAIN; i++)
            str_addf(&text, "%s[1]", i ? ", " : "");
        str_add(&text, "]]\n");
    }
    str_addf(&text, "chip:\n  omega_bits: 8\n%s",
             strstr(more, "chip ") ? strstr(more, "chip ") + 5 : "");
    const char *path = scratch_write(s, "model.yaml", str_text(&text), text.length);
    str_free(&text);
    struct model *model = model_load(&s->arena, path, &s->diags);
    assert_non_null(model);
    struct chip *chip = map_model(&s->arena, model, &plain, NULL, NULL, &s->diags);
    assert_non_null(chip);
    return chip;
}

static double share(const struct chip *chip, int i)
{
    return chip->trim_code[i] * chip->omega.lsb * chip->model_time / (turn * chip->carrier_cycles);
}

/* An oscillator released at a time, ticks, held so many turns after an edge. */
struct runner {
    double turns_a_tick, release, held;
};

/* The tick in which rising edge j >= 1 is seen behind two flip-flops. */
static int64_t seen(const struct runner *r, int j)
{
    double edge = r->release + (j - r->held) / r->turns_a_tick;
    return (int64_t)ceil(edge) + 1;
}

/* The first edge that is seen in this tick or later. */
static int first_edge(const struct runner *r, int64_t tick)
{
    int j = 1;
    while (seen(r, j) < tick)
        j++;
    return j;
}

/* Square of what is read less what was written, bins, summed over the main oscillators. late: of
 * the clock, relative. */
static double run_sample(const struct chip *chip, uint64_t sample, double held, double late)
{
    const struct chip_control *c = &chip->control;
    const struct control_phases *p = &c->phases;
    int all = p->main + p->conditioning, tone = p->conditioning ? p->main : 0;
    uint16_t tick[MOST], raw[MOST], code[MOST];
    struct runner runner[MOST];
    double bins = ldexp(1, p->bits), written[MOST];
    control_release_ticks(p, chip->seed, sample, tick);
    for (int i = 0; i < all; i++) {
        bool drawn = i < p->main || p->conditioning_random;
        uint32_t word = sample_phase_word(chip->seed, sample, (uint32_t)i);
        written[i] =
            drawn ? (sample_phase_of_word(word, p->phase_bits) + turn / 2) / turn * bins : bins / 2;
        runner[i] = (struct runner){p->turns / bins * (1 + share(chip, i)) * (1 + late),
                                    bins - tick[i], held};
    }
    const struct runner *t = &runner[tone];
    int edge = first_edge(t, 1 << p->bits) + c->forget_turns - 1;
    int64_t on = seen(t, edge) + 1, off = seen(t, edge + c->run_cycles) + 1 + c->run_ticks;
    for (int i = 0; i < all; i++) {
        uint32_t ticks[64];
        int from = first_edge(&runner[i], off);
        for (int j = 0; j < p->turns; j++) {
            ticks[j] = (uint32_t)(seen(&runner[i], from + j) - off);
            assert_true((int)ticks[j] < c->capture_ticks);
        }
        raw[i] = control_raw_code(p, ticks);
    }
    control_codes(p, raw, code);
    double sum = 0;
    for (int i = 0; i < p->main; i++) {
        int r = p->reference;
        double drift = p->turns * (share(chip, i) - share(chip, r)) * (double)(off - on);
        double error = code[i] - (written[i] - written[r] + drift);
        error -= bins * round(error / bins);
        sum += error * error;
    }
    return sum;
}

/* RMS in bins over samples. */
static double late_rms(const struct chip *chip, double held, double late)
{
    double sum = 0;
    for (uint64_t k = 0; k < SAMPLES; k++)
        sum += run_sample(chip, k, held, late);
    return sqrt(sum / SAMPLES / MAIN);
}

static double loop_rms(const struct chip *chip, double held)
{
    return late_rms(chip, held, 0);
}

static void expect_loop(const struct chip *chip, double most_bins)
{
    for (double held = 0.375; held < 0.7; held += 0.3) {
        double rms = loop_rms(chip, held);
        print_message("B = %d, P = %d, held at %.3f turns: %.3f bins, %.4f rad RMS\n",
                      chip->control.phases.bits, chip->control.phases.turns, held, rms,
                      rms * turn / ldexp(1, chip->control.phases.bits));
        assert_true(rms < most_bins);
    }
}

/* With an offset the ticks of P turns are no longer even over a bin, which costs resolution. */
static void test_loop(void **state)
{
    struct scratch *s = *state;
    expect_loop(load(s, 1, 0, ""), 1e-9); /* releases and sums are exact */
    expect_loop(load(s, 1, 0.003, ""), 1.0);
    expect_loop(load(s, 1, 0.01, ""), 1.2);
    expect_loop(load(s, 1, 0.01, "drawn"), 1.2);
    expect_loop(load(s, 0, 0.01, ""), 1.4);
    expect_loop(load(s, 1, 0.01, "chip   phase_bits: 5\n  readout_bits: 8\n"), 2.2);
}

/* A setting without its part for the frequency is seen. */
static void test_wrong_settings(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = load(s, 1, 0.01, "");
    const struct control_phases right = chip->control.phases;
    const struct chip *same = load(s, 1, 0, "");
    double good = loop_rms(chip, 0.375);
    chip->control.phases.rate = same->control.phases.rate;
    assert_true(loop_rms(chip, 0.375) > 1.5 * good);
    chip->control.phases = right;
    chip->control.phases.start = same->control.phases.start;
    assert_true(loop_rms(chip, 0.375) > 1.5 * good);
    chip->control.phases = right;
    chip->control.phases.readout = same->control.phases.readout;
    assert_true(loop_rms(chip, 0.375) > 1.5 * good);
}

/* A clock that is not quite 2^B f0 / P; rates can take that out. */
static void test_late_clock(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = load(s, 1, 0, "");
    static const double late[] = {1e-4, 3e-4, 1e-3, 5e-3};
    double rms[4];
    for (int k = 0; k < 4; k++) {
        rms[k] = late_rms(chip, 0.375, late[k]);
        print_message("clock late by %g: %.3f bins\n", late[k], rms[k]);
    }
    assert_true(rms[1] < 0.4 && rms[2] > 0.5);
    uint32_t rate[MOST];
    for (int i = 0; i < MAIN + 1; i++)
        rate[i] = (uint32_t)lrint(chip->control.phases.turns * (1 + late[3]) * 1024);
    chip->control.phases.rate = rate;
    double again = late_rms(chip, 0.375, late[3]);
    print_message("and in the rates: %.3f bins\n", again);
    assert_true(again < 1.2 && rms[3] > 2 * again);
}

static void test_clock(void **state)
{
    struct scratch *s = *state;
    const struct chip_control *c = &load(s, 1, 0, "")->control;
    assert_int_equal(c->phases.bits, 7); /* 1536 MHz for a bin */
    assert_int_equal(c->phases.turns, 13);
    assert_true(fabs(c->clock_hz - 1536e6 / 13) < 1e-3);
    assert_int_equal(c->run_cycles, 16);
    assert_int_equal(c->run_ticks, 0);
    assert_int_equal(c->phases.reference, MAIN);
    c = &load(s, 0, 0, "")->control;
    assert_int_equal(c->phases.bits, 6);
    assert_int_equal(c->phases.turns, 7);
    assert_int_equal(c->phases.reference, 0);
    /* a run is never a whole turn short of the nearest ticks */
    const struct chip *chip = load(s, 0, 0, "");
    int turns, ticks;
    map_run_length(chip, 15.9999, &turns, &ticks);
    assert_int_equal(turns, 16);
    assert_int_equal(ticks, 0);
    map_run_length(chip, 14.5, &turns, &ticks);
    assert_int_equal(turns, 14);
    assert_int_equal(ticks, 5); /* of 9.14 */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {TEST(test_loop), TEST(test_wrong_settings),
                                       TEST(test_late_clock), TEST(test_clock)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
