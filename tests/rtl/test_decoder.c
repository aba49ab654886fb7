/* SPDX-License-Identifier: Apache-2.0
 *
 * decoder.v against control/decoder.c, bit for bit: random networks and codes in Verilator, fewer
 * in Icarus, and some in the gates that Yosys makes of it; what goes through the windows comes
 * back, at any time; a full FIFO stalls, an empty one says so; one wrong weight, bias or table
 * entry is seen.
 */
#include "tests/rtl/rtl_bench.h"
#include "tests/unit/testing.h"

#include <math.h>

#include "control/decoder.h"
#include "netlist/control_decoder.h"

static const char *const sources = "decoder.v decoder_sines.v decoder_mac.v decoder_activate.v "
                                   "decoder_fifo.v decoder_window.v ram.v";

struct shape {
    const char *name;
    int main, bits, fifo, layers;
    int outputs[CONTROL_MOST_LAYERS];
    int vectors; /* in Verilator, whose builds take longest */
    int shift;   /* of all layers; 0: drawn. With 1 and 31 biases are near the ends of 32 bits */
};

static const struct shape shapes[] = {
    {"digits", 64, 6, 64, 1, {64}, 2000, 0},
    {"smallest", 2, 6, 4, 1, {3}, 10000, 0},
    {"one", 1, 2, 2, 2, {1, 1}, 0, 0},
    {"odd", 5, 7, 8, 2, {7, 9}, 10000, 0},
    {"three", 17, 8, 64, 3, {13, 6, 10}, 5000, 0},
    {"eight", 3, 5, 16, 8, {5, 4, 3, 8, 1, 2, 9, 6}, 5000, 0},
    {"finest", 4, 6, 8, 2, {6, 5}, 0, 1},
    {"coarsest", 4, 6, 8, 2, {6, 5}, 0, 31},
};

/* SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
struct random {
    uint64_t state;
};

static uint32_t draw(struct random *r, uint32_t below)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) >> 32) % below;
}

/* Random weights and tables; every second network has weights at their ends. */
static struct control_decoder *make_decoder(struct arena *arena, struct random *r,
                                            const struct shape *shape)
{
    struct control_decoder *d = ARENA_NEW(arena, struct control_decoder);
    struct control_layer *layers = ARENA_ARRAY(arena, struct control_layer, (size_t)shape->layers);
    int turn = 1 << shape->bits, inputs = 2 * shape->main;
    bool extreme = draw(r, 2) == 0;
    /* of 32 bits, for the rounding and 32 products; biases that leave less let sums wrap */
    const int32_t left = (shape->shift ? 1 << (shape->shift - 1) : 0) + 32 * 128 * 128;
    for (int l = 0; l < shape->layers; l++) {
        struct control_layer *layer = &layers[l];
        int8_t *weight = ARENA_ARRAY(arena, int8_t, (size_t)(inputs * shape->outputs[l]));
        int32_t *bias = ARENA_ARRAY(arena, int32_t, (size_t)shape->outputs[l]);
        for (int i = 0; i < inputs * shape->outputs[l]; i++)
            weight[i] = (int8_t)(extreme ? (draw(r, 2) ? 127 : -128) : (int)draw(r, 256) - 128);
        for (int o = 0; o < shape->outputs[l]; o++)
            bias[o] = (int32_t)draw(r, 20001) - 10000;
        layer->shift = 1 + (int)(log2(sqrt(inputs) * 70 * 90 / 128) + draw(r, 3));
        if (shape->shift)
            layer->shift = shape->shift;
        for (int o = 0; shape->shift && extreme && o < shape->outputs[l]; o++)
            bias[o] = draw(r, 2) ? INT32_MAX - (draw(r, 2) ? left : 0)
                                 : INT32_MIN + (draw(r, 2) ? left : 0);
        layer->inputs = inputs;
        layer->outputs = shape->outputs[l];
        layer->weight = weight;
        layer->bias = bias;
        inputs = shape->outputs[l];
    }
    int8_t *sine = ARENA_ARRAY(arena, int8_t, (size_t)turn);
    uint8_t *pixel = ARENA_ARRAY(arena, uint8_t, CONTROL_PIXEL_ENTRIES);
    for (int c = 0; c < turn; c++)
        sine[c] = (int8_t)lround(127 * sin(2 * acos(-1) * c / turn));
    for (int i = 0; i < CONTROL_PIXEL_ENTRIES; i++)
        pixel[i] = (uint8_t)draw(r, 256);
    *d = (struct control_decoder){.main = shape->main,
                                  .bits = shape->bits,
                                  .layer_count = shape->layers,
                                  .layers = layers,
                                  .sine = sine,
                                  .pixel = pixel};
    return d;
}

/* What the bench is told to do, and what it should write. */
struct play {
    struct arena *arena;
    struct random *random;
    const struct shape *shape;
    const struct control_decoder *decoder;
    struct str commands, expected;
    int underflows;
};

static void command(struct play *p, int op, unsigned a, unsigned b, unsigned c)
{
    str_addf(&p->commands, "%d %u %u %u\n", op, a, b, c);
}

static uint8_t byte_of(struct play *p, int region, unsigned at)
{
    size_t count;
    const uint32_t *words = netlist_decoder_words(
        p->arena, p->decoder, region == 3 ? DECODER_WEIGHTS : DECODER_BIASES, &count);
    return (uint8_t)(words[at / 4] >> 8 * (region == 3 ? at % 4 : 3 - at % 4));
}

static unsigned bytes_of(struct play *p, int region)
{
    size_t count;
    netlist_decoder_words(p->arena, p->decoder, region == 3 ? DECODER_WEIGHTS : DECODER_BIASES,
                          &count);
    return 4 * (unsigned)count;
}

static void load(struct play *p)
{
    for (int region = 3; region <= 4; region++) {
        size_t count;
        const uint32_t *words = netlist_decoder_words(
            p->arena, p->decoder, region == 3 ? DECODER_WEIGHTS : DECODER_BIASES, &count);
        for (unsigned at = 0; at < 4 * count; at++)
            command(p, 1, (unsigned)region, at,
                    words[at / 4] >> 8 * (region == 3 ? at % 4 : 3 - at % 4) & 255);
    }
}

static void read_back(struct play *p, int region, unsigned at)
{
    command(p, 2, (unsigned)region, at, 0);
    str_addf(&p->expected, "%02x\n", byte_of(p, region, at));
}

static void status(struct play *p, const char *bits)
{
    command(p, 4, 2, 0, 0); /* the last write is done */
    command(p, 8, 0, 0, 0);
    str_addf(&p->expected, "%s %d\n", bits, p->underflows);
}

static int pixels_of(const struct play *p)
{
    return p->shape->outputs[p->shape->layers - 1];
}

/* Codes of one sample; what they give is expected. */
static void sample(struct play *p)
{
    uint16_t code[64];
    uint8_t pixel[64];
    bool same = draw(p->random, 8) == 0; /* all at one place: sums are as large as they get */
    uint32_t common = draw(p->random, 1u << p->shape->bits);
    for (int i = 0; i < p->shape->main; i++) {
        code[i] = (uint16_t)(same ? common : draw(p->random, 1u << p->shape->bits));
        command(p, 3, (unsigned)i, code[i], 0);
    }
    control_decode(p->decoder, code, pixel);
    for (int o = 0; o < pixels_of(p); o++)
        str_addf(&p->expected, "%02x\n", pixel[o]);
}

static void take_pixels(struct play *p)
{
    static const unsigned gaps[] = {0, 1, 3, 40};
    command(p, 6, (unsigned)pixels_of(p), gaps[draw(p->random, 4)], 0);
}

/* Samples read while they are decoded, or after it; some with a memory read in between. */
static void samples(struct play *p, int count)
{
    for (int i = 0; i < count; i++) {
        struct str before = p->expected;
        if (draw(p->random, 4) == 0) {
            p->expected = (struct str){0};
            sample(p);
            struct str pixels = p->expected;
            p->expected = before;
            int region = 3 + (int)draw(p->random, 2);
            command(p, 4, draw(p->random, 60), 0, 0);
            for (unsigned k = draw(p->random, 4); k; k--)
                read_back(p, region, draw(p->random, bytes_of(p, region)));
            str_add(&p->expected, str_text(&pixels));
            str_free(&pixels);
        } else {
            sample(p);
        }
        if (draw(p->random, 4) == 0 && pixels_of(p) <= p->shape->fifo)
            command(p, 5, 0, 0, 0);
        take_pixels(p);
    }
}

static void write_text(const char *folder, const char *name, struct str *text)
{
    struct arena arena = {0};
    assert_int_equal(fs_write_text(&arena, folder, name, text), 0);
    arena_free(&arena);
}

/* Tables and sizes into a folder, where the bench is built and run. */
static void write_files(const struct control_decoder *d, int fifo, const char *folder)
{
    struct arena arena = {0};
    struct str text = {0};
    netlist_write_decoder_params(d, &text);
    str_addf(&text, "`define MAIN %d\n`define CODE_BITS %d\n`define TEST_FIFO %d\n", d->main,
             d->bits, fifo);
    write_text(folder, "params.vh", &text);
    netlist_write_decoder_image(&arena, d, DECODER_SINES, &text);
    write_text(folder, "sine.hex", &text);
    netlist_write_decoder_image(&arena, d, DECODER_PIXELS, &text);
    write_text(folder, "pixel.hex", &text);
    arena_free(&arena);
}

/* Whether the bench wrote what was expected; the first difference is printed where it should be the
 * same. */
static bool plays(struct play *p, enum rtl_simulator simulator, const char *folder, bool quiet)
{
    struct str commands = p->commands, expected = p->expected;
    p->commands = p->expected = (struct str){0};
    str_add(&commands, "0 0 0 0\n");
    str_add(&expected, "end\n");
    write_text(folder, "in.txt", &commands);
    assert_int_equal(rtl_run(simulator, folder, "in.txt", "out.txt"), 0);
    char *out;
    size_t length, at = 0, line = 1;
    assert_int_equal(
        fs_read_text(p->arena, fs_join(p->arena, folder, "out.txt"), 1 << 28, &out, &length), 0);
    bool same = !strcmp(out, str_text(&expected));
    for (; !same && out[at] && out[at] == expected.text[at]; at++)
        line += out[at] == '\n';
    if (!same && !quiet)
        print_error("%s, line %zu: \"%.12s\" where \"%.12s\" should be\n", p->shape->name, line,
                    out + at, expected.text + at);
    str_free(&expected);
    return same;
}

static void begin(struct play *p, struct scratch *s, struct random *r, const struct shape *shape)
{
    *p = (struct play){.arena = &s->arena, .random = r, .shape = shape};
    p->decoder = make_decoder(&s->arena, r, shape);
}

/* Networks of one shape share a build but for their shifts and tables, which are in the files; so
 * the networks of a build have the same shifts. */
static void against_model(struct scratch *s, enum rtl_simulator simulator,
                          const struct shape *shape, int networks, int vectors)
{
    struct random r = {(uint64_t)shape->main * 1000 + (uint64_t)shape->layers};
    const char *folder = arena_printf(&s->arena, "%s/%s%d", s->folder, shape->name, simulator);
    assert_int_equal(fs_make_folders(folder), 0);
    struct play p;
    begin(&p, s, &r, shape);
    write_files(p.decoder, shape->fifo, folder);
    assert_int_equal(rtl_build(simulator, "tb_decoder", sources, "", folder), 0);
    for (int n = 0; n < networks; n++) {
        const struct control_layer *built = p.decoder->layers;
        begin(&p, s, &r, shape);
        struct control_layer *layers = (struct control_layer *)p.decoder->layers;
        for (int l = 0; l < shape->layers; l++)
            layers[l].shift = built[l].shift;
        write_files(p.decoder, shape->fifo, folder);
        status(&p, "0000");
        load(&p);
        status(&p, "0011");
        samples(&p, vectors / networks);
        status(&p, "0011");
        if (!plays(&p, simulator, folder, false))
            fail();
    }
}

static void test_verilator(void **state)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].vectors)
            against_model(*state, RTL_VERILATOR, &shapes[i], 5, shapes[i].vectors);
}

static void test_icarus(void **state)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        against_model(*state, RTL_ICARUS, &shapes[i], shapes[i].vectors ? 2 : 8,
                      shapes[i].main > 20 ? 6
                      : shapes[i].vectors ? 100
                                          : 800);
}

/* The netlist that Yosys makes of one shape, in its own gates: the same bytes, from the X of
 * power-up. A warning but for what abc says of itself is a fault. */
static void test_gates(void **state)
{
    struct scratch *s = *state;
    const struct shape *shape = &shapes[3];
    struct random r = {11};
    struct play p;
    const char *folder = fs_join(&s->arena, s->folder, "gates");
    assert_int_equal(fs_make_folders(folder), 0);
    begin(&p, s, &r, shape);
    write_files(p.decoder, shape->fifo, folder);
    const struct control_layer *l = p.decoder->layers;
    struct str script = {0};
    str_add(&script, "read_verilog");
    for (const char *name = sources; *name; name += strcspn(name, " ") + 1) {
        str_addf(&script, " %s/%.*s", OSCC_RTL, (int)strcspn(name, " "), name);
        if (!name[strcspn(name, " ")])
            break;
    }
    str_addf(&script,
             "\nchparam -set MAIN %d -set BITS %d -set LAYERS 2 -set INPUTS %d -set OUTPUTS %d "
             "-set SHIFT %d -set WEIGHT_WORDS %zu -set BIASES %zu -set FIFO %d decoder\n"
             "hierarchy -check -top decoder\nsynth -flatten -top decoder\ncheck -assert\n"
             "select -assert-none t:$*LATCH*\nwrite_verilog -noattr gates.v\n",
             shape->main, shape->bits, l[1].inputs << 16 | l[0].inputs,
             l[1].outputs << 16 | l[0].outputs, l[1].shift << 16 | l[0].shift,
             netlist_decoder_count(p.decoder, DECODER_WEIGHTS),
             netlist_decoder_count(p.decoder, DECODER_BIASES), shape->fifo);
    write_text(folder, "gates.ys", &script);
    assert_int_equal(rtl_shell("cd %s && yosys -q -l yosys.log gates.ys >yosys.out 2>&1", folder),
                     0);
    assert_int_not_equal(rtl_shell("grep -i warning %s/yosys.log | grep -v ABC:", folder), 0);
    assert_int_equal(rtl_shell("cd %s && iverilog -g2005 -DGATES -s tb_decoder -o icarus "
                               "%s/rtl/tb_decoder.v gates.v >build.log 2>&1",
                               folder, OSCC_TEST_DATA),
                     0);
    for (int fault = 0; fault < 2; fault++) {
        load(&p);
        if (fault) /* in one weight: it must show here too */
            command(&p, 1, 3, 21, byte_of(&p, 3, 21) ^ 16u);
        samples(&p, 60);
        assert_true(plays(&p, RTL_ICARUS, folder, fault) == !fault);
    }
}

/* One build of a small network, for the tests that play many times. */
static const char *small(struct scratch *s, struct play *p, struct random *r)
{
    const struct shape *shape = &shapes[3];
    const char *folder = fs_join(&s->arena, s->folder, "small");
    assert_int_equal(fs_make_folders(folder), 0);
    begin(p, s, r, shape);
    write_files(p->decoder, shape->fifo, folder);
    assert_int_equal(rtl_build(RTL_ICARUS, "tb_decoder", sources, "", folder), 0);
    return folder;
}

/* The chip differs from the model in one place; the samples must show it. */
static void test_wrong(void **state)
{
    struct scratch *s = *state;
    struct random r = {7};
    struct play p;
    const char *folder = small(s, &p, &r);
    for (int fault = -1; fault < 4; fault++) {
        load(&p);
        if (fault == 0)
            command(&p, 1, 3, 21, byte_of(&p, 3, 21) ^ 16u);
        if (fault == 1)
            command(&p, 1, 4, 30, byte_of(&p, 4, 30) ^ 4u);
        struct control_decoder wrong = *p.decoder;
        int8_t *sine = ARENA_ARRAY(&s->arena, int8_t, 1u << wrong.bits);
        uint8_t *pixel = ARENA_ARRAY(&s->arena, uint8_t, CONTROL_PIXEL_ENTRIES);
        memcpy(sine, wrong.sine, 1u << wrong.bits);
        memcpy(pixel, wrong.pixel, CONTROL_PIXEL_ENTRIES);
        sine[5] = (int8_t)(sine[5] ^ (fault == 2 ? 8 : 0));
        for (int i = 0; i < CONTROL_PIXEL_ENTRIES; i += 64)
            pixel[i] = (uint8_t)(pixel[i] ^ (fault == 3));
        wrong.sine = sine;
        wrong.pixel = pixel;
        write_files(&wrong, p.shape->fifo, folder);
        samples(&p, 100);
        assert_true(plays(&p, RTL_ICARUS, folder, fault >= 0) == (fault < 0));
    }
}

/* Every byte of both memories comes back, and is independent of the others. */
static void test_windows(void **state)
{
    struct scratch *s = *state;
    struct random r = {8};
    struct play p;
    const char *folder = small(s, &p, &r);
    load(&p);
    for (int region = 3; region <= 4; region++)
        for (unsigned at = 0; at < bytes_of(&p, region); at++)
            read_back(&p, region, at);
    for (int i = 0; i < 300; i++) {
        int region = 3 + (int)draw(&r, 2);
        unsigned at = draw(&r, bytes_of(&p, region));
        command(&p, 1, (unsigned)region, at, byte_of(&p, region, at) ^ 255u);
        command(&p, 1, (unsigned)region, at, byte_of(&p, region, at));
        read_back(&p, region, draw(&r, bytes_of(&p, region)));
    }
    status(&p, "0011");
    command(&p, 7, 1, 0, 0);
    status(&p, "0000");
    command(&p, 1, 4, bytes_of(&p, 4) - 1, byte_of(&p, 4, bytes_of(&p, 4) - 1));
    status(&p, "0001");
    command(&p, 1, 3, bytes_of(&p, 3) - 1, byte_of(&p, 3, bytes_of(&p, 3) - 1));
    status(&p, "0011");
    samples(&p, 3);
    assert_true(plays(&p, RTL_ICARUS, folder, false));
}

static void test_fifo(void **state)
{
    struct scratch *s = *state;
    struct random r = {9};
    struct play p;
    const char *folder = small(s, &p, &r);
    load(&p);
    for (int i = 0; i < 3; i++) { /* empty: a zero, and it is counted */
        command(&p, 2, 7, 0, 0);
        str_add(&p.expected, "00\n");
        p.underflows++;
        status(&p, "0011");
    }
    /* nine pixels, room for eight: it waits for the host as long as it takes */
    command(&p, 4, 0, 0, 0);
    struct str before = p.expected;
    p.expected = (struct str){0};
    sample(&p);
    struct str pixels = p.expected;
    p.expected = before;
    command(&p, 4, 3000, 0, 0);
    status(&p, "1111");
    command(&p, 6, 1, 0, 0);
    str_add_bytes(&p.expected, pixels.text, 3);
    command(&p, 5, 0, 0, 0);
    status(&p, "0111");
    command(&p, 6, 8, 0, 0);
    str_add(&p.expected, pixels.text + 3);
    str_free(&pixels);
    status(&p, "0011");
    command(&p, 2, 7, 0, 0);
    str_add(&p.expected, "00\n");
    p.underflows++;
    status(&p, "0011");
    assert_true(plays(&p, RTL_ICARUS, folder, false));
}

/* A stop at any time leaves no code and no pixel behind. */
static void test_stop(void **state)
{
    struct scratch *s = *state;
    struct random r = {10};
    struct play p;
    const char *folder = small(s, &p, &r);
    load(&p);
    for (int clocks = 0; clocks < 150; clocks++) {
        for (int i = 0; i < p.shape->main - (clocks % 5 == 4); i++)
            command(&p, 3, (unsigned)i, draw(&r, 128), 0);
        command(&p, 4, (unsigned)clocks, 0, 0);
        command(&p, 7, 0, 0, 0);
        status(&p, "0011");
        if (clocks % 3 == 0)
            command(&p, 4, draw(&r, 30), 0, 0);
        samples(&p, 1);
        status(&p, "0011");
    }
    assert_true(plays(&p, RTL_ICARUS, folder, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_verilator, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_icarus, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_gates, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_wrong, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_windows, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_fifo, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_stop, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
