/* SPDX-License-Identifier: Apache-2.0
 *
 * What is read from waveforms, on waveforms whose answer is known; and the coupling function of
 * phases that follow a known one.
 */
#include <math.h>

#include "spice/coupling_fit.h"
#include "spice/waveform.h"
#include "tests/unit/testing.h"

enum { POINTS = 4000, KINDS = 2, MOST = 400 };

static const double turn = 6.283185307179586476925;

/* 0.3 + cos(p) + 0.25 cos(3 p - 0.7), p = 2 pi 10 MHz t - 0.4, over 2 us. */
static struct waveform known(double *time, double *value)
{
    for (size_t i = 0; i < POINTS; i++) {
        time[i] = 2e-6 * (double)i / (POINTS - 1);
        double p = turn * 10e6 * time[i] - 0.4;
        value[i] = 0.3 + cos(p) + 0.25 * cos(3 * p - 0.7);
    }
    return (struct waveform){POINTS, time, value};
}

static void test_waveform(void **state)
{
    (void)state;
    static double time[POINTS], value[POINTS];
    struct waveform w = known(time, value);
    double period, amplitude[4], angle[4], times[40];
    assert_true(waveform_period(&w, 0.3, 8, &period));
    assert_true(fabs(period - 100e-9) < 1e-12);
    waveform_harmonics(&w, 1e-6 + 0.4 / turn * 1e-7, period, 4, amplitude, angle);
    const double expected[4] = {1, 0, 0.25, 0};
    for (int h = 0; h < 4; h++)
        assert_true(fabs(amplitude[h] - expected[h]) < 1e-3);
    assert_true(fabs(angle[0]) < 1e-3 && fabs(angle[2] - 0.7) < 2e-3);
    assert_true(fabs(waveform_mean(&w, 5e-7, 5e-7) - 0.3) < 1e-5);
    assert_int_equal(waveform_crossings(&w, 0.3, true, times, 40), 20);
    assert_int_equal(waveform_crossings(&w, 0.3, false, times, 40), 20);
    assert_int_equal(waveform_crossings(&w, 0.3, false, times, 7), 7);
    assert_true(fabs(waveform_at(&w, 1.2345e-6) - (0.3 + cos(turn * 12.345 - 0.4) +
                                                   0.25 * cos(3 * (turn * 12.345 - 0.4) - 0.7))) <
                1e-4);
}

/* No oscillation, one that stops, one whose period changes: none has a period. */
static void test_no_period(void **state)
{
    (void)state;
    static double time[POINTS], value[POINTS];
    double period;
    struct waveform w = known(time, value);
    assert_false(waveform_period(&w, 5, 8, &period));
    assert_false(waveform_period(&w, 0.3, 25, &period));
    for (size_t i = POINTS / 4; i < POINTS; i++)
        value[i] = 0;
    assert_false(waveform_period(&w, 0.3, 8, &period));
    for (size_t i = 0; i < POINTS; i++)
        value[i] = cos(turn * 10e6 * time[i] + 1.5 * sin(turn * 5e6 * time[i]));
    assert_false(waveform_period(&w, 0, 8, &period));
}

/* The function that the receiver below follows. */
static const struct coupling_fit truth = {
    .offset = 2e4, .amplitude = {6e5, 1e4, 2e4}, .lag = {0.08, -0.3, 0.2}};

/* Crossings of an oscillator that a free one of 12 MHz pulls, by small steps; kind 1 comes half a
 * turn later. Starts `start` behind it. */
static size_t follow(double start, double *source[KINDS], size_t source_count[KINDS],
                     double *receiver[KINDS], size_t receiver_count[KINDS])
{
    const double hz = 12.0123e6, step = 1e-11; /* no crossing falls on a step */
    double phase = -start, before = phase;
    for (size_t k = 0; k < KINDS; k++)
        source_count[k] = receiver_count[k] = 0;
    for (size_t i = 1; i < 200000; i++) {
        double t = step * (double)i, own = turn * hz * t, last = own - turn * hz * step;
        phase += step * (turn * hz + coupling_rate(&truth, last - before));
        for (int k = 0; k < KINDS; k++) {
            double at = 0.5 * k;
            double turns[2] = {own / turn - at, phase / turn - at};
            double earlier[2] = {last / turn - at, before / turn - at};
            if (floor(turns[0]) > floor(earlier[0]))
                source[k][source_count[k]++] = t - (turns[0] - floor(turns[0])) / hz;
            if (floor(turns[1]) > floor(earlier[1]))
                receiver[k][receiver_count[k]++] = t - (turns[1] - floor(turns[1])) / hz;
        }
        before = phase;
    }
    return source_count[0];
}

static size_t gather(size_t starts, struct coupling_sample *samples)
{
    static double rows[2 * KINDS][MOST];
    double *source[KINDS] = {rows[0], rows[1]}, *receiver[KINDS] = {rows[2], rows[3]};
    size_t source_count[KINDS], receiver_count[KINDS], count = 0;
    for (size_t s = 0; s < starts; s++) {
        follow(turn * (double)s / 6, source, source_count, receiver, receiver_count);
        count +=
            coupling_samples(KINDS, source_count, (const double *const *)source, receiver_count,
                             (const double *const *)receiver, 2e-7, samples + count, MOST - count);
    }
    return count;
}

static void test_coupling(void **state)
{
    (void)state;
    struct coupling_sample samples[MOST];
    struct coupling_fit fit;
    size_t count = gather(6, samples);
    assert_true(count > 200);
    assert_true(coupling_fit(samples, count, &fit));
    assert_true(fabs(fit.offset / truth.offset - 1) < 0.02);
    for (int h = 0; h < COUPLING_HARMONICS; h++) {
        assert_true(fabs(fit.amplitude[h] - truth.amplitude[h]) < 1e-3 * truth.amplitude[0]);
        assert_true(fabs(fit.lag[h] - truth.lag[h]) < (h ? 0.05 : 0.001));
    }
    assert_true(fit.residual < 1e-3 * truth.amplitude[0]);
}

/* Another function than the fit's own kind leaves a residual, and p and n exchanged is seen. */
static void test_coupling_wrong(void **state)
{
    (void)state;
    struct coupling_sample samples[MOST];
    struct coupling_fit fit;
    size_t count = gather(6, samples);
    for (size_t s = 0; s < count; s++)
        samples[s].psi += turn / 2;
    assert_true(coupling_fit(samples, count, &fit));
    for (size_t s = 0; s < count; s++)
        samples[s].rate = sin(samples[s].psi) > 0 ? 6e5 : -6e5;
    assert_true(coupling_fit(samples, count, &fit));
    assert_true(fit.residual > 0.1 * fit.amplitude[0]);
}

/* Samples at nearly one phase difference tell no harmonics; so do too few. */
static void test_coupling_blind(void **state)
{
    (void)state;
    struct coupling_sample samples[MOST];
    struct coupling_fit fit;
    for (size_t s = 0; s < 100; s++)
        samples[s] = (struct coupling_sample){1 + 1e-3 * (double)s, 1e5};
    assert_false(coupling_fit(samples, 100, &fit));
    size_t count = gather(6, samples);
    assert_true(count > 13);
    assert_false(coupling_fit(samples, 13, &fit));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waveform),       cmocka_unit_test(test_no_period),
        cmocka_unit_test(test_coupling),       cmocka_unit_test(test_coupling_wrong),
        cmocka_unit_test(test_coupling_blind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
