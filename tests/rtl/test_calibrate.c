/* SPDX-License-Identifier: Apache-2.0
 *
 * Frequency calibration of behavioural oscillators whose frequency follows the bits of their trims.
 */
#include <math.h>
#include <stdbool.h>

#include "tests/unit/testing.h"

#include "tests/rtl/timing_bench.h"

enum { MAIN = 6, ALL = 7, TURNS = 9, TOLERANCE = 4, E_CALIBRATION = 0x400 };

static const double full = 4294967296.0; /* of a phase, a turn */

/* An oscillator: step of its phase with code 128, and a code's. */
struct trimmed {
    double middle, slope;
};

static double ticks(const struct trimmed *t, int code)
{
    return ldexp(1, TURNS) * full / (t->middle + (code - 128) * t->slope);
}

struct outcome {
    int code[ALL], held[ALL], failures, failed, errors;
};

static struct bench built[2]; /* the frequency falls, rises with the code */

static int build(void **context)
{
    (void)context;
    return bench_build(&built[0], RTL_VERILATOR, "-PN=6 -PM=1 -PTRIM_RISES=0") &&
                   bench_build(&built[1], RTL_VERILATOR, "-PN=6 -PM=1")
               ? 0
               : -1;
}

static int clean(void **context)
{
    (void)context;
    bench_end(&built[0]);
    bench_end(&built[1]);
    return 0;
}

/* Calibrates to the ticks of want[], codes; dead: one that never oscillates, or -1. */
static void calibrate(const struct trimmed *t, const double *want, bool rises, int dead,
                      struct outcome *o)
{
    struct bench b = built[rises];
    char line[1024];
    bench_begin(&b);
    for (uint32_t i = 0; i < ALL; i++) {
        bench_do(&b, 'f', i, (uint32_t)t[i].middle);
        bench_do(&b, 'l', i, (uint32_t)(int32_t)t[i].slope);
        bench_write(&b, 10, 4 * i, (uint64_t)lrint(want[i]), 4);
    }
    if (dead >= 0)
        bench_do(&b, 'k', (uint32_t)dead, 1);
    bench_set(&b, BENCH_SETTLE, 20);
    bench_set(&b, BENCH_WATCHDOG, 100);
    bench_set(&b, BENCH_CAL_TURNS, TURNS);
    bench_set(&b, BENCH_TOLERANCE, TOLERANCE);
    bench_set(&b, BENCH_CAL_LOADED, 1);
    bench_do(&b, 'c', 0, 0);
    bench_do(&b, 'i', 600000, 0);
    bench_do(&b, 'p', 0, 0);
    bench_read(&b, 9, 0, ALL);
    bench_do(&b, 'h', 0, 0);
    assert_true(bench_run(&b, RTL_VERILATOR));
    unsigned state, errors, done, failed, failures;
    assert_int_equal(
        sscanf(bench_line(&b, line), "%x %x %x %x %x", &state, &errors, &done, &failed, &failures),
        5);
    assert_int_equal(state, 0); /* at rest, en and power low */
    *o = (struct outcome){.failures = (int)failures, .failed = (int)failed, .errors = (int)errors};
    for (int twice = 0; twice < 2; twice++) {
        bench_line(&b, line);
        for (int i = 0; i < ALL; i++) {
            unsigned code;
            assert_int_equal(sscanf(line + 2 * i, "%2x", &code), 1);
            (twice ? o->held : o->code)[i] = (int)code;
        }
    }
    assert_string_equal(bench_line(&b, line), "");
    fclose(b.answer);
}

/* Frequencies within 3 % of each other, 0.027 % a code. */
static void make(struct trimmed *t, double *want, bool rises)
{
    for (int i = 0; i < ALL; i++) {
        t[i].middle = floor(7.0 / 64 * full * (1 + 0.01 * (i - 3)));
        t[i].slope = floor((rises ? 0.00027 : -0.00027) * t[i].middle);
        want[i] = ldexp(1, TURNS) * 64 / 7.0 * (1 + 0.0005 * i);
    }
}

static void expect_calibrated(const struct trimmed *t, const double *want, const struct outcome *o,
                              int but)
{
    for (int i = 0; i < ALL; i++) {
        assert_int_equal(o->code[i], o->held[i]);
        if (i == but)
            continue;
        /* a code is 1.3 ticks: the nearest one, or its neighbour as counts are of whole ticks */
        double off = ticks(&t[i], o->code[i]) - want[i];
        if (fabs(off) > 1.7)
            fail_msg("oscillator %d: code %d is %.2f ticks off", i, o->code[i], off);
    }
}

static void test_both_ways(void **context)
{
    (void)context;
    struct trimmed t[ALL];
    double want[ALL];
    struct outcome o;
    for (int rises = 0; rises < 2; rises++) {
        make(t, want, rises);
        calibrate(t, want, rises, -1, &o);
        assert_int_equal(o.failures, 0);
        assert_int_equal(o.errors, 0);
        expect_calibrated(t, want, &o, -1);
    }
}

static void test_failures(void **context)
{
    (void)context;
    struct trimmed t[ALL];
    double want[ALL];
    struct outcome o;
    make(t, want, true);
    calibrate(t, want, true, 4, &o); /* one without edges */
    assert_int_equal(o.failures, 1);
    assert_int_equal(o.failed, 4);
    assert_int_equal(o.errors, E_CALIBRATION);
    assert_int_equal(o.code[4], 0x80);
    expect_calibrated(t, want, &o, 4);
    want[1] *= 0.9; /* too fast for it, and too slow */
    want[5] *= 1.1;
    calibrate(t, want, true, 6, &o);
    assert_int_equal(o.failures, 3);
    assert_int_equal(o.failed, 1);
    assert_int_equal(o.errors, E_CALIBRATION);
    assert_int_equal(o.code[1], 255);
    assert_int_equal(o.code[5], 0);
}

/* The wrong way round must not come out right. */
static void test_wrong_direction(void **context)
{
    (void)context;
    struct trimmed t[ALL];
    double want[ALL];
    struct outcome o;
    make(t, want, true);
    calibrate(t, want, false, -1, &o);
    assert_int_equal(o.failures, ALL);
    assert_int_equal(o.failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_wrong_direction),
    };
    return cmocka_run_group_tests(tests, build, clean);
}
