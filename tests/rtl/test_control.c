/* SPDX-License-Identifier: Apache-2.0
 *
 * The control of compiled chips from reset to pixels, through its pins, with an array of square
 * waves: boot.hex, HASH, read-back, chains; batches of samples whose release ticks, codes and
 * pixels are those of control/, and whose phases are those that uncoupled oscillators have; an
 * oscillator that does not start, a tone that stops, calibration. Icarus does the small one from X.
 */
#include "tests/rtl/square_array.h"

#include "netlist/memory.h"

enum { PIXELS = 7, MOST_PIXELS = 64, MOST_SAMPLES = 12 };

static bool everything;

static int pixels_of(const struct chip *chip)
{
    const struct control_decoder *decoder = &chip->control.decoder;
    return decoder->layer_count ? decoder->layers[decoder->layer_count - 1].outputs : 0;
}

/* The chain's links against verilog/weights.hex, word by word, as netlist/memory.h orders them: the
 * trim's code of a word of omega, else sign and magnitude, the highest bit nearest to si. */
static void check_image(struct bench *b)
{
    const struct chip *chip = b->chip;
    struct arena *arena = &b->scratch->arena;
    const size_t bits = netlist_chain_bits(chip), width = (size_t)chip->weight.bits;
    const struct chip_corner *typical = chip->device.corners;
    size_t words = 0, link = 0, length;
    bool *bit = ARENA_ARRAY(arena, bool, bits);
    char *text;
    for (int k = 0; k < CHIP_SECTIONS; k++)
        words += chip->memory[k].count;
    const char *path = fs_join(arena, b->verilog, "weights.hex");
    assert_int_equal(fs_read_text(arena, path, 1 << 24, &text, &length), 0);
    const struct source source = {.path = path, .text = text, .length = length};
    const int16_t *word = netlist_read_memory(arena, &source, words, &b->scratch->diags);
    assert_non_null(word);
    if (!pins_read_hex(bench_ask(b, "c"), bits, bit))
        fail_msg("configuration chain: %s", b->answer.text);
    for (size_t k = 0; link < bits; k++) {
        bool trims = k < chip->memory[CHIP_TRIM].count;
        int expected = word[k], code = 0;
        for (size_t j = 0; j < (trims ? 8 : width); j++)
            code = code << 1 | bit[link++];
        if (trims) {
            expected = chip->device.present && typical->trim
                           ? typical->trim[expected + chip->omega.full]
                           : expected;
            code -= 128;
        } else if (code >> (width - 1)) {
            code = -(code - (1 << (width - 1)));
        }
        assert_int_equal(code, expected);
    }
}

static void read_back(struct bench *b)
{
    struct arena *arena = &b->scratch->arena;
    for (enum control_region r = CONTROL_CHAIN; r <= CONTROL_SETTINGS; r++) {
        struct netlist_bytes data = netlist_region(arena, b->chip, r);
        uint8_t *back = ARENA_ARRAY(arena, uint8_t, data.count + 1);
        if (!data.count)
            continue;
        bench_read(b, r, 0, back, data.count);
        assert_memory_equal(back, data.bytes, data.count);
        assert_true(bench_idle(b, 1000000));
    }
    struct netlist_bytes chain = netlist_region(arena, b->chip, CONTROL_CHAIN);
    uint8_t *standing = ARENA_ARRAY(arena, uint8_t, chain.count);
    bench_chain(b, 'c', netlist_chain_bits(b->chip), standing);
    assert_memory_equal(standing, chain.bytes, chain.count);
    check_image(b);
}

static void boot(struct bench *b)
{
    struct str frames = {0};
    uint32_t hash = netlist_write_boot(&b->scratch->arena, b->chip, &frames);
    str_free(&frames);
    assert_int_equal(bench_get(b, CONTROL_ID), 0x4f534343);
    assert_int_equal(bench_get(b, CONTROL_HASH), 0);
    bench_boot(b);
    assert_int_equal(bench_errors(b), 0);
    assert_int_equal(bench_get(b, CONTROL_HASH), hash);
    assert_int_equal(bench_get(b, CONTROL_SIZE), b->chip->n << 16 | b->chip->m);
    read_back(b);
    assert_int_equal(bench_errors(b), 0);
}

/* Whether the class chain holds the bank of a class. */
static void check_class(struct bench *b, int class_index)
{
    size_t links = netlist_class_links(b->chip), width = (size_t)b->chip->weight.bits;
    struct netlist_bytes banks = netlist_region(&b->scratch->arena, b->chip, CONTROL_CLASS);
    bool *bit = ARENA_ARRAY(&b->scratch->arena, bool, links *width);
    if (!links)
        return;
    if (!pins_read_hex(bench_ask(b, "d"), links * width, bit))
        fail_msg("class chain: %s", b->answer.text);
    for (size_t k = 0; k < links * width; k++) /* of each link the sign first, then the highest */
        assert_int_equal(bit[k], banks.bytes[(size_t)class_index * links + k / width] >>
                                         (width - 1 - k % width) &
                                     1);
}

/* What the sample captured last should have given. */
struct expected {
    uint16_t *raw, *code;
    uint8_t *pixel;
};

/* Holds the sample captured last against its seed: release ticks bit by bit, codes against the
 * phases of oscillators that feel nothing but their own frequency. */
static struct expected check_sample(const struct square_array *a, uint64_t sample)
{
    const struct chip *chip = a->bench->chip;
    const struct control_phases *p = &chip->control.phases;
    struct arena *arena = &a->bench->scratch->arena;
    struct expected e = {ARENA_ARRAY(arena, uint16_t, (size_t)a->bench->all),
                         ARENA_ARRAY(arena, uint16_t, (size_t)chip->n),
                         ARENA_ARRAY(arena, uint8_t, MOST_PIXELS)};
    uint16_t *tick = ARENA_ARRAY(arena, uint16_t, (size_t)a->bench->all);
    control_release_ticks(p, chip->seed, sample, tick);
    for (int i = 1; i < a->bench->all; i++)
        assert_int_equal(tick[0] - tick[i], (int)(a->released[i] - a->released[0]));
    square_codes(a, e.raw, e.code);
    if (chip->control.decoder.layer_count)
        control_decode(&chip->control.decoder, e.code, e.pixel);
    const double bins = ldexp(1, p->bits),
                 turns = (double)(a->captured - a->enabled) * p->turns / bins;
    double worst = 0;
    for (int i = 0; i < p->main; i++) {
        uint32_t drawn =
            sample_phase_word(chip->seed, sample, (uint32_t)i) >> (unsigned)(32 - p->phase_bits);
        double share = (a->rate[i] / a->rate[p->reference] - 1) * turns;
        double phase = ldexp(drawn + 0.5, -p->phase_bits) - 0.5 + share;
        double off = remainder(e.code[i] / bins - phase, 1) * bins;
        worst = fabs(off) > worst ? fabs(off) : worst;
    }
    printf("  sample %u: codes within %.2f of %g bins\n", (unsigned)sample, worst, bins);
    assert_true(worst < 3); /* half a percent of drift, in each of the capture's turns */
    return e;
}

/* The codes of the last sample, as the host reads them. */
static void check_codes(struct bench *b, const struct expected *e)
{
    uint8_t bytes[256];
    bench_read(b, CONTROL_CODES, 0, bytes, 2 * (size_t)b->chip->n);
    for (int i = 0; i < b->chip->n; i++)
        assert_int_equal(control_get(bytes + 2 * i, 2), e->code[i]);
    bench_read(b, CONTROL_CODES, 0x10000, bytes, 2 * (size_t)b->all);
    for (int i = 0; i < b->all; i++)
        assert_int_equal(control_get(bytes + 2 * i, 2), e->raw[i]);
}

/* Pixels that the host has read. */
struct drain {
    uint8_t bytes[MOST_SAMPLES * MOST_PIXELS];
    size_t count;
};

/* Runs what was started to its end; each sample's expectations, at most `most`. Where it waits for
 * long, the FIFO is full: pixels are read into drain. */
static int run(struct square_array *a, uint64_t first, int class_first, struct expected *list,
               int most, struct drain *drain)
{
    struct bench *b = a->bench;
    int from = a->samples, seen = 0;
    b->state.busy = true;
    for (unsigned end = a->tick + 2000000; b->state.busy; square_tick(a)) {
        if (a->tick > end)
            fail_msg("busy without end");
        if (drain && seen && a->tick == a->captured + 5000) {
            size_t count = (size_t)pixels_of(b->chip) + 2;
            bench_read(b, CONTROL_PIXELS, 0, drain->bytes + drain->count, count);
            drain->count += count;
        }
        bool ended = b->state.busy && a->samples - from > seen;
        for (int i = 0; ended && i < b->all; i++)
            ended = a->edges[i] == a->turns;
        if (ended && seen < most) {
            check_class(b, (class_first + seen) % b->chip->classes);
            list[seen] = check_sample(a, first + (uint64_t)seen);
            seen++;
        }
    }
    assert_false(b->state.power || b->state.en);
    for (int i = 0; i < b->all; i++)
        assert_true(b->h[i]);
    return seen;
}

/* A batch in which the class counts up, then its pixels and the last codes. */
static void batch(struct bench *b, int count)
{
    const int class_first = b->chip->classes > 1;
    struct square_array a;
    struct expected e[MOST_SAMPLES];
    struct drain drain = {.count = 0};
    const uint64_t first = (uint64_t)7 << 32 | 5;
    const int size = pixels_of(b->chip);
    const bool decodes = size > 0;
    square_begin(&a, b);
    bench_set(b, CONTROL_SAMPLE, (uint32_t)(first >> 32));
    bench_set(b, CONTROL_SAMPLE + 4, (uint32_t)first);
    bench_set(b, CONTROL_CLASS_FIRST, (uint32_t)class_first);
    bench_set(b, CONTROL_COUNT, (uint32_t)count);
    bench_set(b, CONTROL_MODE, decodes ? 2 : 6);
    bench_set(b, CONTROL_COMMAND, CONTROL_START);
    assert_int_equal(run(&a, first, class_first, e, count, &drain), count);
    bench_ask(b, "r 5000"); /* the last one is decoded */
    assert_int_equal(bench_get(b, CONTROL_STATUS) & 0xffff0041,
                     (unsigned)count << 16 | (unsigned)decodes << 6);
    check_codes(b, &e[count - 1]);
    if (decodes) {
        /* a batch of more than the FIFO holds has waited for the host */
        assert_true((drain.count > 0) == ((count - 1) * size > 64));
        const size_t left = (size_t)(count * size) - drain.count;
        uint8_t *pixels = drain.bytes + drain.count;
        bench_read(b, CONTROL_PIXELS, 0, pixels, 3); /* in two parts: none is lost between */
        bench_read(b, CONTROL_PIXELS, 0, pixels + 3, left - 3);
        for (int k = 0; k < count; k++)
            assert_memory_equal(drain.bytes + k * size, e[k].pixel, (size_t)size);
        assert_int_equal(bench_get(b, CONTROL_STATUS) & 0x140, 0);
        assert_int_equal(bench_errors(b), 0);
        uint8_t none;
        bench_read(b, CONTROL_PIXELS, 0, &none, 1);
        assert_int_equal(bench_errors(b), 1 << CONTROL_E_EMPTY);
    }
    assert_int_equal(bench_errors(b), 0);
    e[0].code[0] ^= 1; /* a wrong code is seen in the pixels */
    if (decodes) {
        control_decode(&b->chip->control.decoder, e[0].code, drain.bytes);
        assert_memory_not_equal(drain.bytes, e[0].pixel, (size_t)size);
    }
}

static void start(struct bench *b)
{
    bench_set(b, CONTROL_COUNT, 1);
    bench_set(b, CONTROL_CLASS_FIRST, 0);
    bench_set(b, CONTROL_SAMPLE, 0);
    bench_set(b, CONTROL_SAMPLE + 4, 0);
    bench_set(b, CONTROL_MODE, 4);
    bench_set(b, CONTROL_COMMAND, CONTROL_START);
}

/* What goes wrong in the array ends in an error and leaves everything as it was. */
static void mishaps(struct bench *b)
{
    struct square_array a;
    struct expected e;
    square_begin(&a, b);
    a.dead[1] = true; /* never starts */
    start(b);
    assert_int_equal(run(&a, 0, 0, &e, 0, NULL), 0);
    assert_int_equal(bench_errors(b), 1 << CONTROL_E_CAPTURE);
    assert_int_equal(bench_get(b, CONTROL_FAILED), 1);
    a.dead[1] = false;

    a.dead[b->chip->n] = true; /* no tone at all */
    start(b);
    assert_int_equal(run(&a, 0, 0, &e, 0, NULL), 0);
    assert_int_equal(bench_errors(b), 1 << CONTROL_E_TONE);
    a.dead[b->chip->n] = false;

    start(b); /* the tone stops while all are coupled */
    b->state.en = false;
    while (!b->state.en)
        square_tick(&a);
    a.dead[b->chip->n] = true;
    assert_int_equal(run(&a, 0, 0, &e, 0, NULL), 0);
    assert_int_equal(bench_errors(b), 1 << CONTROL_E_TONE);
    a.dead[b->chip->n] = false;

    start(b); /* ended by the host, while all are coupled */
    b->state.en = false;
    while (!b->state.en)
        square_tick(&a);
    bench_set(b, CONTROL_COMMAND, CONTROL_ABORT);
    assert_int_equal(run(&a, 0, 0, &e, 0, NULL), 0);
    bench_errors(b); /* the frame took longer than the watchdog */

    uint32_t wait = bench_get(b, CONTROL_WAIT);
    bench_set(b, CONTROL_WAIT, 8000u << 16 | (wait & 0xffff));
    start(b); /* a second start, and a write to the chain, while it runs */
    uint8_t zero[1] = {0};
    bench_set(b, CONTROL_COMMAND, CONTROL_START);
    bench_write(b, CONTROL_CHAIN, 0, zero, 1);
    assert_int_equal(bench_errors(b), 1 << CONTROL_E_BUSY);
    assert_int_equal(run(&a, 0, 0, &e, 1, NULL), 1);
    check_codes(b, &e);
    bench_set(b, CONTROL_WAIT, wait);

    bench_set(b, CONTROL_CLASS_FIRST, (uint32_t)b->chip->classes);
    bench_set(b, CONTROL_COMMAND, CONTROL_START);
    assert_false(bench_get(b, CONTROL_STATUS) & 1);
    assert_int_equal(bench_errors(b), 1 << CONTROL_E_CLASS);
    read_back(b);
}

/* Every oscillator's frequency follows its trim in the chain; calibration brings all to a target
 * that lies between two codes. */
static void calibration(struct bench *b)
{
    enum { TURNS = 6 };
    const struct control_phases *p = &b->chip->control.phases;
    const size_t bits = netlist_chain_bits(b->chip), bytes = (bits + 7) / 8, all = (size_t)b->all;
    struct arena *arena = &b->scratch->arena;
    uint8_t *before = ARENA_ARRAY(arena, uint8_t, bytes),
            *chain = ARENA_ARRAY(arena, uint8_t, bytes);
    uint8_t *target = ARENA_ARRAY(arena, uint8_t, 4 * all),
            *trim = ARENA_ARRAY(arena, uint8_t, all);
    const double tick = ldexp(p->turns, -p->bits);
    char *params;
    size_t length;
    const char *path = fs_join(arena, b->verilog, "params.vh");
    assert_int_equal(fs_read_text(arena, path, 1 << 16, &params, &length), 0);
    const double rises = strstr(params, "TRIM_RISES = 1") ? 1 : -1;
    struct square_array a;
    square_begin(&a, b);
    bench_chain(b, 'c', bits, before);
    for (size_t i = 0; i < all; i++)
        control_put(target + 4 * i, (uint64_t)lrint(ldexp(1, TURNS) / tick), 4);
    bench_write(b, CONTROL_TARGET, 0, target, 4 * all);
    bench_set(b, CONTROL_CALIBRATION, TURNS << 24 | 2 << 16);
    bench_set(b, CONTROL_COMMAND, CONTROL_CALIBRATE);
    b->state.busy = true;
    bool power = false;
    for (unsigned end = a.tick + 2000000; b->state.busy && a.tick < end; square_tick(&a)) {
        if (b->state.power && !power) {
            bench_chain(b, 'c', bits, chain);
            for (size_t i = 0; i < all; i++) { /* of link 0 the last bit sent */
                unsigned code = 0;
                for (size_t j = 0; j < 8; j++)
                    code = code << 1 | (chain[bytes - 1 - i] >> j & 1);
                a.rate[i] = tick * (1 + rises * 0.0004 * ((double)code - 100.3 - 4 * (double)i));
            }
        }
        power = b->state.power;
    }
    assert_false(b->state.busy);
    assert_int_equal(bench_errors(b), 0);
    assert_int_equal(bench_get(b, CONTROL_CALIBRATION), TURNS << 24 | 2 << 16);
    bench_read(b, CONTROL_TRIM, 0, trim, all);
    bench_chain(b, 'c', bits, chain);
    for (size_t i = 0; i < all; i++) {
        unsigned code = 0;
        for (size_t j = 0; j < 8; j++)
            code = code << 1 | (chain[bytes - 1 - i] >> j & 1);
        printf("  trim %zu: %u\n", i, trim[i]);
        assert_int_equal(code, trim[i]);
        /* one tick in 2^TURNS turns is six codes or fewer */
        assert_true(abs((int)trim[i] - (100 + 4 * (int)i)) <= 6);
    }
    assert_memory_equal(chain, before, bytes - all); /* couplings are as they were */
}

/* A calibration that the host ends leaves trial codes in the chain, which no longer counts as
 * loaded. */
static void ended_calibration(struct bench *b)
{
    struct square_array a;
    uint8_t byte;
    square_begin(&a, b);
    bench_set(b, CONTROL_COMMAND, CONTROL_CALIBRATE);
    b->state.power = false;
    while (!b->state.power)
        square_tick(&a);
    bench_set(b, CONTROL_COMMAND, CONTROL_START);
    bench_read(b, CONTROL_CHAIN, 0, &byte, 1);
    assert_int_equal(bench_errors(b), 1 << CONTROL_E_BUSY);
    bench_set(b, CONTROL_COMMAND, CONTROL_ABORT);
    assert_true(bench_idle(b, 100000));
    assert_int_equal(bench_get(b, CONTROL_STATUS) & 3, 0);
    bench_set(b, CONTROL_COMMAND, CONTROL_START);
    bench_read(b, CONTROL_TRIM, 0, &byte, 1);
    assert_false(bench_get(b, CONTROL_STATUS) & 1);
    assert_int_equal(bench_errors(b), 1 << CONTROL_E_BARE);
}

/* A chain that is slower than the host: what cannot be kept up with is refused, and a read that
 * ends early is turned to its end, so that the chain is as it was. */
static void slow_chain(struct bench *b)
{
    uint8_t bytes[3];
    struct netlist_bytes chain = netlist_region(&b->scratch->arena, b->chip, CONTROL_CHAIN);
    bench_set(b, CONTROL_DIVIDE, 40);
    bench_read(b, CONTROL_CHAIN, 0, bytes, 3); /* the first byte comes in the time of ten */
    assert_int_equal(bench_get(b, CONTROL_STATUS) & 3, 3);
    bench_set(b, CONTROL_COMMAND, CONTROL_START); /* it is still turning */
    assert_int_equal(bench_errors(b), 1 << CONTROL_E_BUSY);
    assert_true(bench_idle(b, 1000000));
    uint8_t *standing = ARENA_ARRAY(&b->scratch->arena, uint8_t, chain.count);
    bench_chain(b, 'c', netlist_chain_bits(b->chip), standing);
    assert_memory_equal(standing, chain.bytes, chain.count);
    /* two frames at once, for one of which there is no time */
    bench_write(b, CONTROL_CHAIN, 0, chain.bytes, 32);
    bench_write(b, CONTROL_CHAIN, 32, chain.bytes + 32, 1);
    assert_int_equal(bench_get(b, CONTROL_ERRORS), 1 << CONTROL_E_BUSY);
    assert_true(bench_idle(b, 1000000));
    assert_int_equal(bench_errors(b), 1 << CONTROL_E_BUSY);
    assert_int_equal(bench_get(b, CONTROL_STATUS) & 2, 0);
    for (size_t at = 32; at < chain.count; at += CONTROL_DATA) {
        bench_write(b, CONTROL_CHAIN, (uint32_t)at, chain.bytes + at,
                    chain.count - at < CONTROL_DATA ? chain.count - at : CONTROL_DATA);
        assert_true(bench_idle(b, 1000000));
    }
    assert_int_equal(bench_errors(b), 0);
    bench_chain(b, 'c', netlist_chain_bits(b->chip), standing);
    assert_memory_equal(standing, chain.bytes, chain.count);
    bench_set(b, CONTROL_DIVIDE, netlist_registers(b->chip).divide);
    read_back(b);
}

static void test_verilated(void **state)
{
    struct scratch *s = *state;
    const char *path = bench_model(s, 8, 2, 3, PIXELS, "");
    struct bench *b = bench_open(s, path, "sky130A", RTL_VERILATOR);
    boot(b);
    batch(b, MOST_SAMPLES);
    mishaps(b);
    batch(b, 2);
    slow_chain(b);
    calibration(b);
    ended_calibration(b);
    bench_boot(b);
    batch(b, 2);
    bench_close(b);
}

static void test_pair(void **state)
{
    struct bench *b = bench_open(*state, OSCC_EXAMPLES "/pair/model.yaml", "generic", RTL_ICARUS);
    boot(b);
    batch(b, 3);
    mishaps(b);
    calibration(b);
    assert_string_equal(bench_ask(b, "u"), "0");
    bench_close(b);
}

static void test_hardwired(void **state)
{
    struct scratch *s = *state;
    const char *path = bench_model(s, 3, 1, 1, 0, "chip: {weights: hardwired}\n");
    struct bench *b = bench_open(s, path, "sky130A", RTL_ICARUS);
    assert_int_equal(netlist_class_links(b->chip), 0);
    assert_int_equal(netlist_chain_bits(b->chip), 4 * 8);
    boot(b);
    batch(b, 2);
    calibration(b);
    bench_close(b);
}

/* From X: nothing that comes out of the control is unknown from the reset on. */
static void test_icarus(void **state)
{
    struct scratch *s = *state;
    const char *path = bench_model(s, 3, 2, 2, PIXELS, "");
    struct bench *b = bench_open(s, path, "sky130A", RTL_ICARUS);
    uint8_t byte;
    for (enum control_region r = CONTROL_CHAIN; r < CONTROL_REGIONS; r++)
        bench_read(b, r, 0, &byte, 1); /* before anything was written */
    assert_int_equal(bench_errors(b), 1 << CONTROL_E_BARE | 1 << CONTROL_E_EMPTY);
    boot(b);
    batch(b, 3);
    mishaps(b);
    calibration(b);
    assert_string_equal(bench_ask(b, "u"), "0");
    bench_close(b);
}

/* The example of ten classes and 64 pixels, with --all. */
static void test_digits(void **state)
{
    if (!everything)
        skip();
    struct bench *b =
        bench_open(*state, OSCC_EXAMPLES "/digits/model.yaml", "sky130A", RTL_VERILATOR);
    boot(b);
    batch(b, 3);
    mishaps(b);
    bench_close(b);
}

int main(int argc, char **argv)
{
    everything = argc > 1 && !strcmp(argv[1], "--all");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_verilated, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_pair, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_hardwired, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_digits, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_icarus, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
