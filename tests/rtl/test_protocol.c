/* SPDX-License-Identifier: Apache-2.0
 *
 * Random frames at the pins, good ones and others: cut short, too long, with wrong bits, of regions
 * and addresses that there are not, while a sample goes on. After each frame every byte that came
 * back, the errors, and now and then the whole configuration are what tests/rtl/host_model.h says,
 * which knows docs/control.md and nothing of the Verilog. A control with a wrong bit in its chain
 * is seen. With --all a few million clocks.
 */
#include "tests/rtl/host_model.h"

static bool all;

struct play {
    struct bench *bench;
    struct host_model model;
    uint64_t random;
};

static uint32_t draw(struct play *p, uint32_t below)
{
    return bench_draw(&p->random, below);
}

/* Plays a frame, or its first bits, and holds what comes back against the model. */
static void play(struct play *p, const uint8_t *frame, size_t bits)
{
    uint8_t back[256], expected[256];
    size_t count = (bits + 7) / 8;
    if (bits % 8)
        bench_ask(p->bench, "b %zu", bits);
    bench_frame(p->bench, frame, count, back);
    model_frame(&p->model, frame, bits, expected);
    if (memcmp(back, expected, count)) {
        for (size_t i = 0; i < count; i++)
            printf("  %02x: %02x, expected %02x\n", frame[i], back[i], expected[i]);
        fail_msg("a frame of %zu bits was answered wrongly", bits);
    }
}

static void play_write(struct play *p, unsigned region, uint32_t address, const uint8_t *data,
                       size_t count)
{
    uint8_t frame[CONTROL_WRITE_FRAME];
    size_t length = control_write_frame(frame, (enum control_region)region, address, data, count);
    play(p, frame, 8 * length);
}

static void play_set(struct play *p, uint32_t address, uint32_t value)
{
    uint8_t data[4];
    control_put(data, value, 4);
    play_write(p, CONTROL_REGISTERS, address, data, 4);
}

static void play_read(struct play *p, unsigned region, uint32_t address, size_t count)
{
    uint8_t frame[256];
    control_read_frame(frame, (enum control_region)region, address, count);
    play(p, frame, 8 * (CONTROL_READ_HEAD + count));
    assert_true(bench_idle(p->bench, 100000) || p->model.running);
}

/* All of it: registers, chain, banks, memories; and the chain as it stands in the array. */
static void check(struct play *p)
{
    static const size_t most = 200;
    play_read(p, CONTROL_REGISTERS, 0, CONTROL_REGISTERS_END);
    for (unsigned r = CONTROL_CLASS; r < CONTROL_REGIONS && !p->model.running; r++)
        for (size_t at = 0; at < p->model.size[r] && p->model.loaded[r]; at += most) {
            size_t left = p->model.size[r] - at;
            play_read(p, r, (uint32_t)at, left < most ? left : most);
        }
    size_t bytes = p->model.size[CONTROL_CHAIN];
    if (!p->model.loaded[CONTROL_CHAIN])
        return;
    uint8_t *chain = ARENA_ARRAY(&p->bench->scratch->arena, uint8_t, 2 * bytes);
    if (!p->model.running) { /* in one frame, from its beginning */
        bench_read(p->bench, CONTROL_CHAIN, 0, chain, bytes);
        assert_memory_equal(chain, p->model.byte[CONTROL_CHAIN], bytes);
    }
    bench_chain(p->bench, 'c', netlist_chain_bits(p->bench->chip), chain + bytes);
    assert_memory_equal(chain + bytes, p->model.byte[CONTROL_CHAIN], bytes);
}

static void random_bytes(struct play *p, uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++)
        data[i] = (uint8_t)draw(p, 256);
}

/* A write that is right, or nearly: its region, address and length. */
static size_t write_frame(struct play *p, uint8_t frame[CONTROL_WRITE_FRAME])
{
    static const unsigned unit[CONTROL_REGIONS] = {4, 1, 1, 4, 4, 8, 2, 1, 1, 1, 4};
    uint8_t data[CONTROL_DATA];
    unsigned region = draw(p, 4) ? draw(p, CONTROL_REGIONS) : CONTROL_CHAIN;
    size_t size = p->model.size[region];
    uint32_t address = draw(p, (uint32_t)size + 4) / unit[region] * unit[region];
    size_t count = (1 + draw(p, CONTROL_DATA)) / unit[region] * unit[region];
    if (region == CONTROL_CHAIN && draw(p, 4))
        address = p->model.chain_next;
    if (draw(p, 10) == 0) /* out of step */
        address += draw(p, 4);
    if (address + count > size && draw(p, 8))
        count = address < size ? size - address : count;
    count = count ? count > CONTROL_DATA ? CONTROL_DATA : count : 1;
    random_bytes(p, data, count);
    if (region == CONTROL_CLASS)
        for (size_t i = 0; i < count; i++)
            data[i] &= (uint8_t)((1 << p->bench->chip->weight.bits) - 1);
    if (region == CONTROL_CHAIN && !address && size * 8 > netlist_chain_bits(p->bench->chip))
        data[0] &= (uint8_t)(0xff >> (8 * size - netlist_chain_bits(p->bench->chip)));
    if (region == CONTROL_SETTINGS || region == CONTROL_RELEASE)
        memset(data, 0, count); /* kept in as many bits as they need */
    if (region == CONTROL_REGISTERS) {
        /* no command, no times without end */
        address = CONTROL_CLASS_FIRST + 4 * draw(p, 6);
        count = 4 * (1 + draw(p, (CONTROL_RUN - address) / 4));
        if (draw(p, 4) == 0)
            address = draw(p, 2) ? CONTROL_ERRORS : CONTROL_LAG, count = 4;
        if (draw(p, 4))
            memset(data, 0, 3); /* a class that there may be */
    }
    return control_write_frame(frame, (enum control_region)region, address, data, count);
}

static void frame_of_some_kind(struct play *p)
{
    uint8_t frame[256];
    size_t length = write_frame(p, frame);
    switch (draw(p, 8)) {
    case 0: /* cut short */
        play(p, frame, draw(p, 8 * (uint32_t)length));
        break;
    case 1: /* too long */
        random_bytes(p, frame + length, 60);
        play(p, frame, 8 * (length + 1 + draw(p, 50)));
        break;
    case 2: /* a wrong bit */
        frame[draw(p, (uint32_t)length)] ^= (uint8_t)(1 << draw(p, 8));
        play(p, frame, 8 * length);
        break;
    case 3: /* noise */
        random_bytes(p, frame, 40);
        play(p, frame, 1 + draw(p, 320));
        break;
    case 4: { /* a read, whole or not */
        unsigned region = draw(p, 6) ? draw(p, CONTROL_REGIONS + 2) : CONTROL_PIXELS;
        size_t size = region < CONTROL_REGIONS ? p->model.size[region] : 9;
        uint32_t address = draw(p, 3) ? draw(p, (uint32_t)size + 2) : 0;
        size_t count = 1 + draw(p, 40);
        control_read_frame(frame, (enum control_region)region, address, count);
        random_bytes(p, frame + 5, count + 1); /* mosi says nothing by then */
        play(p, frame, 8 * (CONTROL_READ_HEAD + count) - (draw(p, 2) ? draw(p, 56) : 0));
        break;
    }
    default:
        play(p, frame, 8 * length);
    }
    bench_idle(p->bench, p->model.running ? 0 : 100000);
}

/* A sample that never sees its tone, or a calibration that sees no oscillator, and what is said to
 * it meanwhile. */
static void sample(struct play *p)
{
    bool calibrates = draw(p, 4) == 0;
    uint32_t settle = calibrates ? 2000 : 3000 + draw(p, 20000);
    play_set(p, CONTROL_WAIT, settle << 16 | 2);
    play_set(p, CONTROL_LIMITS, 200 << 16 | 300);
    play_set(p, CONTROL_CLASS_FIRST, draw(p, (uint32_t)p->model.classes + 2));
    play_set(p, CONTROL_MODE, draw(p, 8));
    play_set(p, CONTROL_COMMAND, calibrates ? CONTROL_CALIBRATE : CONTROL_START);
    /* the longest frame takes 6000 clocks; a calibration waits twenty times so long */
    for (double end = p->bench->clocks + (calibrates ? 20 : 1) * settle - 7000;
         p->bench->clocks < end;)
        if (p->model.running)
            frame_of_some_kind(p);
        else
            break;
    if (p->model.running && draw(p, 3) == 0)
        play_set(p, CONTROL_COMMAND, CONTROL_START); /* once is enough */
    if (p->model.running && draw(p, 3) == 0)
        play_set(p, CONTROL_COMMAND, CONTROL_ABORT);
    assert_true(bench_idle(p->bench, 200000));
    model_ends(&p->model);
}

static void load(struct play *p)
{
    static const enum control_region regions[] = {CONTROL_CHAIN,  CONTROL_CLASS,    CONTROL_WEIGHTS,
                                                  CONTROL_BIASES, CONTROL_SETTINGS, CONTROL_RELEASE,
                                                  CONTROL_TRIM,   CONTROL_TARGET};
    struct arena *arena = &p->bench->scratch->arena;
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        struct netlist_bytes data = netlist_region(arena, p->bench->chip, regions[i]);
        size_t size = p->model.size[regions[i]];
        const uint8_t *bytes = data.count ? data.bytes : ARENA_ARRAY(arena, uint8_t, size + 1);
        for (size_t at = 0; at < size; at += CONTROL_DATA)
            play_write(p, regions[i], (uint32_t)at, bytes + at,
                       size - at < CONTROL_DATA ? size - at : CONTROL_DATA);
    }
}

static void test_random(void **state)
{
    struct scratch *s = *state;
    const char *path = bench_model(s, 5, 2, 3, 7, "");
    struct play p = {.bench = bench_open(s, path, "sky130A", RTL_VERILATOR), .random = 1};
    model_begin(&p.model, &s->arena, p.bench->chip);
    check(&p);
    sample(&p); /* not loaded */
    load(&p);
    check(&p);
    const double clocks = all ? 8e6 : 1.5e6;
    size_t frames = 0, samples = 0;
    uint32_t seen = 0;
    while (p.bench->clocks < clocks) {
        frame_of_some_kind(&p);
        frames++;
        if (draw(&p, 100) == 0)
            play_set(&p, CONTROL_COMMAND, draw(&p, 4) ? CONTROL_CLEAR : 16 + draw(&p, 1000));
        if (draw(&p, 12) == 0) {
            if (draw(&p, 4))
                load(&p);
            sample(&p);
            samples++;
        }
        if (draw(&p, 40) == 0)
            check(&p);
        seen |= p.model.errors;
    }
    check(&p);
    printf("  %zu frames, %zu samples, %.0f clocks, errors %04x\n", frames, samples,
           p.bench->clocks, seen);
    /* all but the one that wants oscillators */
    assert_int_equal(seen | 1u << CONTROL_E_CAPTURE, 0x1fff);
    bench_close(p.bench);
}

/* The same in Icarus for a while: nothing that comes out is unknown. */
static void test_unknown(void **state)
{
    struct scratch *s = *state;
    const char *path = bench_model(s, 2, 1, 2, 0, "");
    struct play p = {.bench = bench_open(s, path, "generic", RTL_ICARUS), .random = 3};
    model_begin(&p.model, &s->arena, p.bench->chip);
    load(&p);
    while (p.bench->clocks < 1e5)
        frame_of_some_kind(&p);
    check(&p);
    assert_string_equal(bench_ask(p.bench, "u"), "0");
    bench_close(p.bench);
}

/* The checker sees a bit that is not as it should be. */
static void test_wrong_bit(void **state)
{
    struct scratch *s = *state;
    const char *path = bench_model(s, 3, 1, 2, 0, "");
    struct play p = {.bench = bench_open(s, path, "sky130A", RTL_ICARUS), .random = 2};
    model_begin(&p.model, &s->arena, p.bench->chip);
    load(&p);
    struct netlist_bytes chain = netlist_region(&s->arena, p.bench->chip, CONTROL_CHAIN);
    uint8_t *standing = ARENA_ARRAY(&s->arena, uint8_t, chain.count);
    bench_chain(p.bench, 'c', netlist_chain_bits(p.bench->chip), standing);
    assert_memory_equal(standing, p.model.byte[CONTROL_CHAIN], chain.count);
    chain.bytes[chain.count / 2] ^= 0x10;
    for (size_t at = 0; at < chain.count; at += CONTROL_DATA)
        bench_write(p.bench, CONTROL_CHAIN, (uint32_t)at, chain.bytes + at,
                    chain.count - at < CONTROL_DATA ? chain.count - at : CONTROL_DATA);
    bench_chain(p.bench, 'c', netlist_chain_bits(p.bench->chip), standing);
    assert_memory_not_equal(standing, p.model.byte[CONTROL_CHAIN], chain.count);
    assert_int_not_equal(bench_get(p.bench, CONTROL_HASH), p.model.hash);
    bench_close(p.bench);
}

int main(int argc, char **argv)
{
    all = argc > 1 && !strcmp(argv[1], "--all");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_unknown, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_wrong_bit, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
