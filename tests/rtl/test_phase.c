/* SPDX-License-Identifier: Apache-2.0
 *
 * Phases in and out: the RTL among ideal oscillators against control/phase.c, bit for bit.
 */
#include <stdbool.h>

#include "tests/unit/testing.h"

#include "tests/rtl/timing_bench.h"

struct configuration {
    struct control_phases phases;
    int tone;
    bool wild; /* settings of any bits, not of an array that works */
};

static const struct configuration configurations[] = {
    {{.main = 10, .conditioning = 1, .bits = 6, .turns = 7, .phase_bits = 6, .reference = 10},
     10,
     false},
    {{.main = 9,
      .conditioning = 3,
      .conditioning_random = true,
      .bits = 8,
      .turns = 31,
      .phase_bits = 5,
      .reference = 9},
     9,
     true},
    {{.main = 8, .bits = 5, .turns = 3, .phase_bits = 4, .reference = 0}, 0, true},
    {{.main = 2, .conditioning = 1, .bits = 4, .turns = 1, .phase_bits = 3, .reference = 0},
     2,
     true},
    {{.main = 4, .conditioning = 2, .bits = 10, .turns = 63, .phase_bits = 10, .reference = 4},
     4,
     false},
};

static uint64_t state;

/* SplitMix64. */
static uint64_t draw(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Settings and frequencies drawn at random, frequencies within 1 %. */
struct setup {
    struct control_phases phases;
    uint32_t rate[BENCH_MOST], start[BENCH_MOST];
    uint16_t readout[BENCH_MOST];
    struct ideal_array array;
};

static void draw_setup(const struct configuration *c, struct setup *s)
{
    s->phases = c->phases;
    s->phases.rate = s->rate;
    s->phases.start = s->start;
    s->phases.readout = s->readout;
    uint32_t mask = (1u << (c->phases.bits + CONTROL_FRACTION)) - 1;
    for (int i = 0; i < c->phases.main + c->phases.conditioning; i++) {
        double share = 0.01 * ((double)(draw() >> 11) / 4503599627370496.0 - 1);
        s->rate[i] =
            c->wild ? (uint32_t)draw() & mask : (uint32_t)((1 + share) * c->phases.turns * 1024);
        s->start[i] = (uint32_t)draw() & mask;
        s->readout[i] = (uint16_t)(draw() & ((1u << c->phases.bits) - 1));
        s->array.step[i] =
            (uint32_t)((1 + share) * c->phases.turns * (4294967296.0 / (1 << c->phases.bits)));
    }
    s->array.phases = &s->phases;
    s->array.tone = c->tone;
    s->array.run_cycles = 1 + (int)(draw() % 5);
    s->array.run_ticks = (int)(draw() % 9);
    s->array.forget = 1 + (int)(draw() % 4);
    s->array.capture = 4 << c->phases.bits;
}

static void write_setup(struct bench *b, const struct setup *s)
{
    bench_settings(b, &s->phases);
    for (int i = 0; i < s->phases.main + s->phases.conditioning; i++)
        bench_do(b, 'f', (uint32_t)i, s->array.step[i]);
    bench_set(b, BENCH_RUN_CYCLES, (uint32_t)s->array.run_cycles);
    bench_set(b, BENCH_RUN_TICKS, (uint32_t)s->array.run_ticks);
    bench_set(b, BENCH_FORGET, (uint32_t)s->array.forget);
    bench_set(b, BENCH_CAPTURE, (uint32_t)s->array.capture);
    bench_set(b, BENCH_SETTLE, 3);
    bench_set(b, BENCH_WATCHDOG, 4u << s->phases.bits);
    bench_set(b, BENCH_LOADED, 1);
    bench_set(b, BENCH_COUNT, 1);
    bench_set(b, BENCH_CLASS_TICKS, 5);
    bench_set(b, BENCH_DECODE_TICKS, 3);
}

static void write_sample(struct bench *b, const struct setup *s, uint64_t seed, uint64_t sample)
{
    uint32_t all = (uint32_t)(s->phases.main + s->phases.conditioning);
    bench_set(b, BENCH_SEED_HIGH, (uint32_t)(seed >> 32));
    bench_set(b, BENCH_SEED, (uint32_t)seed);
    bench_set(b, BENCH_SAMPLE_HIGH, (uint32_t)(sample >> 32));
    bench_set(b, BENCH_SAMPLE, (uint32_t)sample);
    bench_do(b, 's', 0, 0);
    bench_do(b, 'i', 1000000, 0);
    bench_read(b, 6, 0, 2 * (int)all);
    bench_read(b, 8, 0, 2 * s->phases.main);
    bench_read(b, 8, 0x10000, 2 * (int)all);
    bench_do(b, 'p', 0, 0);
}

static void add_words(struct str *out, const uint16_t *word, int count)
{
    for (int i = 0; i < count; i++)
        str_addf(out, "%04x", word[i]);
    str_add(out, "\n");
}

/* What the bench should write of a sample. */
static void expect_sample(const struct setup *s, uint64_t seed, uint64_t sample, struct str *out)
{
    const struct control_phases *p = &s->phases;
    uint16_t tick[BENCH_MOST], raw[BENCH_MOST], code[BENCH_MOST];
    int64_t coupled, tone = 0;
    control_release_ticks(p, seed, sample, tick);
    bool whole = ideal_raw(&s->array, tick, raw, &coupled);
    assert_true(whole);
    tone = coupled - s->array.run_ticks;
    control_codes(p, raw, code);
    int digits = (p->bits + 3) / 4;
    for (int i = 0; i < p->main; i++)
        str_addf(out, "%0*x%s", digits, code[i], i == p->main - 1 ? "\n" : " ");
    add_words(out, tick, p->main + p->conditioning);
    add_words(out, code, p->main);
    add_words(out, raw, p->main + p->conditioning);
    str_addf(out, "0 000 0001 0000 0000 %08x %04x\n", (unsigned)tone, (unsigned)coupled);
}

/* Lines of the bench that differ from what is expected. */
static int count_wrong(struct bench *b, const char *expected)
{
    char line[1024];
    int wrong = 0;
    while (*expected) {
        size_t length = strcspn(expected, "\n");
        bench_line(b, line);
        if (strlen(line) != length || memcmp(line, expected, length) != 0) {
            if (!wrong)
                print_message("expected %.*s\ngot      %s\n", (int)length, expected, line);
            wrong++;
        }
        expected += length + 1;
    }
    return wrong + (bench_line(b, line)[0] != 0);
}

/* Runs samples of a configuration; lines that are wrong. mutate: one bit of a setting differs. */
static int run_samples(enum rtl_simulator simulator, const struct configuration *c, int samples,
                       bool mutate)
{
    const struct control_phases *p = &c->phases;
    struct str expected = {0};
    struct bench b;
    char parameters[256];
    snprintf(parameters, sizeof parameters,
             "-PN=%d -PM=%d -PB=%d -PP=%d -PPHASE_BITS=%d -PDRAW_ALL=%d -PREFERENCE=%d -PTONE=%d",
             p->main, p->conditioning, p->bits, p->turns, p->phase_bits, p->conditioning_random,
             p->reference, c->tone);
    assert_true(bench_build(&b, simulator, parameters));
    bench_begin(&b);
    struct setup setup;
    for (int k = 0; k < samples; k++) {
        uint64_t seed = draw(), sample = draw();
        if (k % 8 == 0) {
            draw_setup(c, &setup);
            write_setup(&b, &setup);
            if (mutate) /* the highest bit of a start: half a turn */
                setup.start[1] ^= 1u << (p->bits + CONTROL_FRACTION - 1);
        }
        write_sample(&b, &setup, seed, sample);
        expect_sample(&setup, seed, sample, &expected);
    }
    assert_true(bench_run(&b, simulator));
    int wrong = count_wrong(&b, str_text(&expected));
    bench_end(&b);
    str_free(&expected);
    return wrong;
}

enum { CONFIGURATIONS = sizeof configurations / sizeof configurations[0] };

static void test_verilator(void **context)
{
    (void)context;
    state = 1;
    size_t vectors = 0;
    for (int c = 0; c < CONFIGURATIONS; c++) {
        int all = configurations[c].phases.main + configurations[c].phases.conditioning;
        int samples = 2400 / all;
        assert_int_equal(run_samples(RTL_VERILATOR, &configurations[c], samples, false), 0);
        vectors += (size_t)samples * (size_t)all;
    }
    assert_true(vectors >= 10000);
}

static void test_icarus(void **context)
{
    (void)context;
    state = 2;
    for (int c = 0; c < CONFIGURATIONS; c++)
        assert_int_equal(run_samples(RTL_ICARUS, &configurations[c], 12, false), 0);
}

static void test_mutation(void **context)
{
    (void)context;
    state = 3;
    assert_true(run_samples(RTL_ICARUS, &configurations[0], 8, true) >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_icarus),
        cmocka_unit_test(test_verilator),
        cmocka_unit_test(test_mutation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
