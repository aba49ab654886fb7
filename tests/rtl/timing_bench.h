/* SPDX-License-Identifier: Apache-2.0
 *
 * Drives tests/rtl/timing_bench.v: commands into a file, the simulator over it, what it wrote read
 * back; and the same array of ideal oscillators in C, tick for tick.
 */
#ifndef OSCC_TESTS_TIMING_BENCH_H
#define OSCC_TESTS_TIMING_BENCH_H

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "control/phase.h"
#include "tests/rtl/rtl_bench.h"

enum { BENCH_MOST = 32 /* oscillators */ };
static const char bench_sources[] =
    "philox.v philox_product.v nearest.v phase_in.v releases.v capture.v codes.v "
    "settings.v sequencer.v calibrate.v timing.v ram.v";

/* Registers of the bench, in the order of its set[]. */
enum bench_register {
    BENCH_CLASS,
    BENCH_COUNT,
    BENCH_SEED_HIGH,
    BENCH_SEED,
    BENCH_SAMPLE_HIGH,
    BENCH_SAMPLE,
    BENCH_RUN_CYCLES,
    BENCH_RUN_TICKS,
    BENCH_SETTLE,
    BENCH_FORGET,
    BENCH_WATCHDOG,
    BENCH_CAPTURE,
    BENCH_MODE,
    BENCH_CAL_TURNS,
    BENCH_TOLERANCE,
    BENCH_LOADED,
    BENCH_CAL_LOADED,
    BENCH_DECODE_TICKS,
    BENCH_CLASS_TICKS,
    BENCH_SHOW_CLASS
};

struct bench {
    char folder[64], in[96], out[96];
    FILE *script, *answer;
};

/* Builds the bench with these parameters; false when that failed. */
static inline bool bench_build(struct bench *b, enum rtl_simulator simulator,
                               const char *parameters)
{
    *b = (struct bench){.folder = "/tmp/oscc-rtl-XXXXXX"};
    if (!mkdtemp(b->folder))
        return false;
    snprintf(b->in, sizeof b->in, "%s/in", b->folder);
    snprintf(b->out, sizeof b->out, "%s/out", b->folder);
    return rtl_build(simulator, "timing_bench", bench_sources, parameters, b->folder) == 0;
}

static inline void bench_begin(struct bench *b)
{
    b->script = fopen(b->in, "w");
}

static inline void bench_do(struct bench *b, char letter, uint32_t a, uint32_t value)
{
    fprintf(b->script, "%c %x %x\n", letter, (unsigned)a, (unsigned)value);
}

static inline void bench_set(struct bench *b, enum bench_register which, uint32_t value)
{
    bench_do(b, 'g', (uint32_t)which, value);
}

static inline void bench_write(struct bench *b, int region, uint32_t address, uint64_t value,
                               int bytes)
{
    for (int k = 0; k < bytes; k++)
        bench_do(b, 'w', (uint32_t)region << 24 | (address + (uint32_t)k),
                 (uint32_t)(value >> 8 * (bytes - 1 - k) & 0xff));
}

static inline void bench_read(struct bench *b, int region, uint32_t address, int bytes)
{
    bench_do(b, 'r', (uint32_t)region << 24 | address, (uint32_t)bytes);
}

/* Runs the script; the answers are then lines of b->answer. */
static inline bool bench_run(struct bench *b, enum rtl_simulator simulator)
{
    fclose(b->script);
    bool good = rtl_run(simulator, b->folder, b->in, b->out) == 0;
    b->answer = fopen(b->out, "r");
    return good && b->answer;
}

/* The next line of the answer; "" at its end. */
static inline const char *bench_line(struct bench *b, char line[1024])
{
    if (!fgets(line, 1024, b->answer))
        line[0] = 0;
    line[strcspn(line, "\n")] = 0;
    return line;
}

static inline void bench_end(struct bench *b)
{
    if (b->answer)
        fclose(b->answer);
    rtl_shell("rm -rf %s", b->folder);
}

/* Settings of all oscillators into region 5. */
static inline void bench_settings(struct bench *b, const struct control_phases *p)
{
    for (int i = 0; i < p->main + p->conditioning; i++) {
        bench_write(b, 5, 8u * (uint32_t)i, p->rate[i], 3);
        bench_write(b, 5, 8u * (uint32_t)i + 3, p->start[i], 3);
        bench_write(b, 5, 8u * (uint32_t)i + 6, i < p->main ? p->readout[i] : 0, 2);
    }
}

/* An array without couplings: phases of 32 bits a turn. */
struct ideal_array {
    const struct control_phases *phases;
    int tone;
    uint32_t step[BENCH_MOST]; /* a tick */
    int run_cycles, run_ticks, forget, capture;
};

/* q of an oscillator at tick n of the release, as the bench gives it. */
static inline bool ideal_q(const struct ideal_array *a, const uint16_t *tick, int i, int64_t n)
{
    int64_t ran = n - 1 - ((1 << a->phases->bits) - 1 - tick[i]);
    uint32_t phase = 0x60000000u + (ran > 0 ? (uint32_t)ran * a->step[i] : 0);
    return !(phase >> 31);
}

static inline bool ideal_rise(const struct ideal_array *a, const uint16_t *tick, int i, int64_t n)
{
    return ideal_q(a, tick, i, n - 2) && !ideal_q(a, tick, i, n - 3);
}

/* First tick of the capture, counted from the begin of the release; *coupled: ticks of en. */
static inline int64_t ideal_capture(const struct ideal_array *a, const uint16_t *tick,
                                    int64_t *coupled)
{
    int64_t n = 1 << a->phases->bits;
    for (int left = a->forget; left; n++)
        left -= ideal_rise(a, tick, a->tone, n);
    int64_t on = n;
    for (int left = a->run_cycles; left; n++)
        left -= ideal_rise(a, tick, a->tone, n);
    *coupled = n - on + a->run_ticks;
    return n + a->run_ticks;
}

/* Raw codes; false when an oscillator lacks edges within `capture` ticks. */
static inline bool ideal_raw(const struct ideal_array *a, const uint16_t *tick, uint16_t *raw,
                             int64_t *coupled)
{
    const struct control_phases *p = a->phases;
    int64_t first = ideal_capture(a, tick, coupled);
    for (int i = 0; i < p->main + p->conditioning; i++) {
        uint32_t edge[256];
        int found = 0;
        for (int t = 0; t < a->capture && found < p->turns; t++)
            if (ideal_rise(a, tick, i, first + t))
                edge[found++] = (uint32_t)t;
        if (found < p->turns)
            return false;
        raw[i] = control_raw_code(p, edge);
    }
    return true;
}

#endif
