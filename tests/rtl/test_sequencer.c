/* SPDX-License-Identifier: Apache-2.0
 *
 * The states of a sample when something goes wrong: each case ends at rest, with its error bit and
 * without power, and the next sample is right.
 */
#include <stdbool.h>

#include "tests/unit/testing.h"

#include "tests/rtl/timing_bench.h"

enum { MAIN = 4, ALL = 5, CLASSES = 3, DECODE_TICKS = 3000 };
enum { E_BUSY = 0x20, E_CLASS = 0x40, E_BARE = 0x80, E_CAPTURE = 0x100, E_TONE = 0x200 };

static const uint32_t rate[ALL] = {7168, 7200, 7150, 7168, 7168};
static const uint32_t start[ALL] = {512, 100, 900, 512, 0x8000};
static const uint16_t readout[ALL] = {0, 1, 63, 0, 0};
static const struct control_phases phases = {.main = MAIN,
                                             .conditioning = 1,
                                             .bits = 6,
                                             .turns = 7,
                                             .phase_bits = 6,
                                             .reference = MAIN,
                                             .rate = rate,
                                             .start = start,
                                             .readout = readout};
static const struct ideal_array array = {
    .phases = &phases,
    .tone = MAIN,
    .step = {0x1c000000, 0x1c200000, 0x1bee0000, 0x1c000000, 0x1c000000},
    .run_cycles = 16,
    .run_ticks = 3,
    .forget = 4,
    .capture = 147};

/* What the bench writes of a sample's codes, and its ticks where they are given. */
static void expect_codes(struct str *out, uint64_t sample, const uint16_t *given)
{
    uint16_t tick[ALL], raw[ALL], code[ALL];
    int64_t coupled;
    control_release_ticks(&phases, 5, sample, tick);
    assert_true(ideal_raw(&array, given ? given : tick, raw, &coupled));
    control_codes(&phases, raw, code);
    for (int i = 0; i < MAIN; i++)
        str_addf(out, "%02x%s", code[i], i == MAIN - 1 ? "\n" : " ");
}

/* What `p` writes at rest; the lengths of tone and coupling are not looked at. */
static void expect_status(struct str *out, int errors, int done, int failed)
{
    str_addf(out, "0 %03x %04x %04x 0000\n", (unsigned)errors, (unsigned)done, (unsigned)failed);
}

struct play {
    struct bench bench;
    struct str expected;
};

static void begin(struct play *p)
{
    *p = (struct play){0};
    assert_true(bench_build(&p->bench, RTL_ICARUS, "-PN=4 -PM=1 -PCLASSES=3"));
    struct bench *b = &p->bench;
    bench_begin(b);
    bench_settings(b, &phases);
    for (int i = 0; i < ALL; i++)
        bench_do(b, 'f', (uint32_t)i, array.step[i]);
    static const uint32_t set[][2] = {
        {BENCH_COUNT, 1},  {BENCH_SEED, 5},        {BENCH_RUN_CYCLES, 16}, {BENCH_RUN_TICKS, 3},
        {BENCH_SETTLE, 5}, {BENCH_FORGET, 4},      {BENCH_WATCHDOG, 147},  {BENCH_CAPTURE, 147},
        {BENCH_LOADED, 1}, {BENCH_CLASS_TICKS, 9}, {BENCH_CAL_LOADED, 1},  {BENCH_CAL_TURNS, 4},
    };
    for (size_t k = 0; k < sizeof set / sizeof *set; k++)
        bench_set(b, set[k][0], set[k][1]);
}

static void run_to_rest(struct play *p, uint32_t most)
{
    bench_do(&p->bench, 'i', most, 0);
}

static void status(struct play *p, int errors, int done, int failed)
{
    bench_do(&p->bench, 'p', 0, 0);
    expect_status(&p->expected, errors, done, failed);
}

/* A sample that must be as the first one of a fresh chip. */
static void good_sample(struct play *p, uint64_t sample, int failed)
{
    bench_set(&p->bench, BENCH_SAMPLE, (uint32_t)sample);
    bench_do(&p->bench, 's', 0, 0);
    run_to_rest(p, 2000);
    expect_codes(&p->expected, sample, NULL);
    status(p, 0, 1, failed);
}

/* Every line that was expected is the begin of the one that came. */
static void end(struct play *p)
{
    char line[1024];
    assert_true(bench_run(&p->bench, RTL_ICARUS));
    int number = 0;
    for (const char *e = str_text(&p->expected); *e; e += strcspn(e, "\n") + 1) {
        int length = (int)strcspn(e, "\n");
        number++;
        if (strncmp(bench_line(&p->bench, line), e, (size_t)length) != 0)
            fail_msg("line %d: expected '%.*s', got '%s'", number, length, e, line);
    }
    assert_string_equal(bench_line(&p->bench, line), "");
    str_free(&p->expected);
    bench_end(&p->bench);
}

static void test_refusals(void **context)
{
    (void)context;
    struct play p;
    begin(&p);
    bench_set(&p.bench, BENCH_LOADED, 0);
    bench_do(&p.bench, 's', 0, 0);
    bench_do(&p.bench, 't', 5, 0);
    status(&p, E_BARE, 0, 0);
    bench_set(&p.bench, BENCH_LOADED, 1);
    bench_set(&p.bench, BENCH_CLASS, CLASSES);
    bench_do(&p.bench, 's', 0, 0);
    bench_do(&p.bench, 't', 5, 0);
    status(&p, E_CLASS, 0, 0);
    bench_set(&p.bench, BENCH_CLASS, CLASSES - 1);
    good_sample(&p, 0, 0);
    bench_set(&p.bench, BENCH_COUNT, 0);
    bench_do(&p.bench, 's', 0, 0);
    bench_do(&p.bench, 't', 5, 0);
    status(&p, 0, 0, 0);
    bench_do(&p.bench, 'x', 0, 0); /* at rest */
    bench_set(&p.bench, BENCH_COUNT, 1);
    good_sample(&p, 1, 0);
    /* while a sample runs neither a start nor a calibration is taken, nor a byte written or read */
    bench_do(&p.bench, 's', 0, 0);
    for (int k = 0; k < 20; k++) {
        bench_do(&p.bench, 't', 17, 0);
        bench_do(&p.bench, k % 2 ? 's' : 'c', 0, 0);
        bench_write(&p.bench, 5, (uint32_t)k, 0xff, 1);
        bench_read(&p.bench, 5, (uint32_t)k, 1);
        str_add(&p.expected, "00\n");
    }
    run_to_rest(&p, 2000);
    expect_codes(&p.expected, 1, NULL);
    status(&p, E_BUSY, 1, 0);
    bench_do(&p.bench, 'c', 0, 0);
    bench_do(&p.bench, 't', 50, 0);
    bench_do(&p.bench, 's', 0, 0);
    bench_do(&p.bench, 'x', 0, 0);
    run_to_rest(&p, 100);
    status(&p, E_BUSY, 1, 0);
    good_sample(&p, 2, 0);
    end(&p);
}

static void test_array_fails(void **context)
{
    (void)context;
    struct play p;
    begin(&p);
    for (int i = 0; i < ALL; i++) { /* one that never starts */
        bench_do(&p.bench, 'k', (uint32_t)i, 1);
        bench_do(&p.bench, 's', 0, 0);
        run_to_rest(&p, 2000);
        status(&p, i == MAIN ? E_TONE : E_CAPTURE, 0, i < MAIN ? i : MAIN - 1);
        bench_do(&p.bench, 'k', (uint32_t)i, 0);
    }
    good_sample(&p, 3, MAIN - 1);
    /* a tone that stops in the middle of forgetting, of coupling, of the capture. The prelude takes
     * 9 ticks of the class chain or more, 5 of settling and 64 of releasing */
    static const int when[] = {200, 250, 300, 340};
    for (size_t k = 0; k < sizeof when / sizeof *when; k++) {
        bench_do(&p.bench, 's', 0, 0);
        bench_do(&p.bench, 't', (uint32_t)when[k], 0);
        bench_do(&p.bench, 'k', MAIN, 1);
        run_to_rest(&p, 2000);
        bench_do(&p.bench, 'k', MAIN, 0);
        status(&p, E_TONE, 0, MAIN - 1);
    }
    bench_set(&p.bench, BENCH_CAPTURE, 10); /* no time for seven edges */
    bench_do(&p.bench, 's', 0, 0);
    run_to_rest(&p, 2000);
    status(&p, E_CAPTURE, 0, 0);
    bench_set(&p.bench, BENCH_CAPTURE, 147);
    good_sample(&p, 4, 0);
    end(&p);
}

/* ABORT after every number of clocks that a sample has, and within a batch. */
static void test_abort(void **context)
{
    (void)context;
    struct play p;
    begin(&p);
    for (int k = 0; k < 390; k += k < 20 ? 1 : 3) {
        bench_do(&p.bench, 's', 0, 0);
        bench_do(&p.bench, 't', (uint32_t)k, 0);
        bench_do(&p.bench, 'x', 0, 0);
        run_to_rest(&p, 20);
        status(&p, 0, 0, 0);
    }
    good_sample(&p, 5, 0);
    /* a decoder that is never ready again: the second sample waits for it until ABORT */
    bench_set(&p.bench, BENCH_COUNT, 3);
    bench_set(&p.bench, BENCH_DECODE_TICKS, 100000);
    bench_do(&p.bench, 's', 0, 0);
    bench_do(&p.bench, 't', 2000, 0);
    expect_codes(&p.expected, 5, NULL);
    bench_do(&p.bench, 'x', 0, 0);
    run_to_rest(&p, 20);
    status(&p, 0, 1, 0);
    end(&p);
}

/* ABORT around the end of a sample: it counts as done, or it does not, and nothing between. */
static void test_abort_at_end(void **context)
{
    (void)context;
    enum { FROM = 390, TO = 500 };
    struct play p;
    char line[1024];
    begin(&p);
    for (int k = FROM; k < TO; k++) {
        bench_do(&p.bench, 's', 0, 0);
        bench_do(&p.bench, 't', (uint32_t)k, 0);
        bench_do(&p.bench, 'x', 0, 0);
        run_to_rest(&p, 20);
        bench_do(&p.bench, 'p', 0, 0);
    }
    assert_true(bench_run(&p.bench, RTL_ICARUS));
    int done = 0, stopped = 0, statuses = 0, last = 0;
    while (bench_line(&p.bench, line)[0]) {
        stopped += strstr(line, "stopped") != NULL;
        if (strncmp(line, "0 000 000", 9) != 0)
            continue;
        statuses++;
        done += line[9] == '1';
        assert_true(line[9] >= last); /* once done at k, done later */
        last = line[9];
    }
    assert_int_equal(statuses, TO - FROM);
    assert_in_range(done, 1, TO - FROM - 1);
    assert_true(stopped > 0); /* among the codes that go to the decoder */
    bench_end(&p.bench);
}

static void test_batch(void **context)
{
    (void)context;
    struct play p;
    char line[1024];
    begin(&p);
    bench_set(&p.bench, BENCH_COUNT, 5);
    bench_set(&p.bench, BENCH_SAMPLE, 0xfffffffe); /* carries into the high word */
    bench_set(&p.bench, BENCH_CLASS, 1);
    bench_set(&p.bench, BENCH_MODE, 2);
    bench_set(&p.bench, BENCH_SHOW_CLASS, 1);
    bench_set(&p.bench, BENCH_DECODE_TICKS, DECODE_TICKS);
    bench_do(&p.bench, 'y', 0, 0);
    bench_do(&p.bench, 's', 0, 0);
    run_to_rest(&p, 50000);
    bench_do(&p.bench, 'y', 0, 0);
    bench_do(&p.bench, 'p', 0, 0);
    bench_do(&p.bench, 't', DECODE_TICKS, 0);
    bench_set(&p.bench, BENCH_DECODE_TICKS, 0);
    bench_set(&p.bench, BENCH_SHOW_CLASS, 0);
    /* without decoding, and with ticks that the host gives */
    bench_set(&p.bench, BENCH_COUNT, 2);
    bench_set(&p.bench, BENCH_MODE, 4);
    bench_do(&p.bench, 's', 0, 0);
    run_to_rest(&p, 2000);
    bench_do(&p.bench, 'p', 0, 0);
    static const uint16_t tick[ALL] = {0, 63, 17, 40, 32};
    for (uint32_t i = 0; i < ALL; i++)
        bench_write(&p.bench, 6, 2 * i, tick[i], 2);
    bench_set(&p.bench, BENCH_COUNT, 1);
    bench_set(&p.bench, BENCH_MODE, 1);
    bench_do(&p.bench, 's', 0, 0);
    run_to_rest(&p, 2000);
    assert_true(bench_run(&p.bench, RTL_ICARUS));

    bench_line(&p.bench, line);
    for (int k = 0; k < 5; k++) {
        char expected[32];
        snprintf(expected, sizeof expected, "class %04x", (1 + k) % CLASSES);
        assert_string_equal(bench_line(&p.bench, line), expected);
        expect_codes(&p.expected, 0xfffffffeu + (uint64_t)k, NULL);
        assert_memory_equal(bench_line(&p.bench, line),
                            str_text(&p.expected) + p.expected.length - 3 * MAIN, 3 * MAIN - 1);
    }
    /* four decodings and what little they do not hide: of five samples of 450 ticks, one and the
     * handing over */
    int ticks = atoi(bench_line(&p.bench, line));
    print_message("five samples: %d ticks\n", ticks);
    assert_in_range(ticks, 4 * DECODE_TICKS, 4 * DECODE_TICKS + 700);
    assert_memory_equal(bench_line(&p.bench, line), "0 000 0005 0000", 15);
    assert_memory_equal(bench_line(&p.bench, line), "0 000 0002 0000", 15);
    p.expected.length = 0;
    expect_codes(&p.expected, 0, tick);
    assert_memory_equal(bench_line(&p.bench, line), str_text(&p.expected), 3 * MAIN - 1);
    assert_string_equal(bench_line(&p.bench, line), "");
    str_free(&p.expected);
    bench_end(&p.bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_array_fails),
        cmocka_unit_test(test_abort),    cmocka_unit_test(test_abort_at_end),
        cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
