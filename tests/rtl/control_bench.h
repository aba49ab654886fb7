/* SPDX-License-Identifier: Apache-2.0
 *
 * The control of a compiled chip in a simulator, spoken to through its pins
 * (netlist/rtl/tb/pins.v): the host's side for tests.
 */
#ifndef OSCC_TESTS_CONTROL_BENCH_H
#define OSCC_TESTS_CONTROL_BENCH_H

#include "tests/rtl/rtl_bench.h"
#include "tests/unit/testing.h"

#include <math.h>

#include "compiler/map/chip.h"
#include "netlist/chip_folder.h"
#include "netlist/control.h"
#include "spice/pins.h"

struct bench {
    struct scratch *scratch;
    const struct chip *chip;
    const char *verilog; /* the folder of the chip's Verilog */
    struct pins pins;
    struct str answer;
    int all;     /* oscillators */
    bool *h, *q; /* of the pins, all */
    struct pins_state state;
    double clocks; /* so far, roughly: those of frames are counted as they should be */
};

/* SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
__attribute__((unused)) static uint32_t bench_draw(uint64_t *random, uint32_t below)
{
    uint64_t z = *random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) >> 32) % below;
}

static void bench_add_list(struct str *out, size_t count, uint64_t *random, double size)
{
    for (size_t i = 0; i < count; i++)
        str_addf(out, "%s%.4f", i ? ", " : "", size * ((double)bench_draw(random, 2001) / 1e3 - 1));
}

static void bench_add_matrix(struct str *out, size_t rows, size_t columns, uint64_t *random,
                             double size)
{
    for (size_t i = 0; i < rows; i++) {
        str_add(out, i ? ", [" : "[");
        bench_add_list(out, columns, random, size);
        str_add(out, "]");
    }
}

/* A dense model of n oscillators and m tones with `pixels` pixels (0: no decoder), classes of
 * drives, all of them random; its path. */
__attribute__((unused)) static const char *bench_model(struct scratch *s, int n, int m, int classes,
                                                       int pixels, const char *chip)
{
    struct str text = {0};
    uint64_t random = (uint64_t)(n * 100 + m * 10 + classes);
    str_addf(&text,
             "oscc: 1\nname: bench%d\noscillators: %d\nconditioning: %d\nclasses: %d\n"
             "dynamics:\n  weights:\n    K: [",
             n, n, m, classes);
    bench_add_matrix(&text, (size_t)n, (size_t)n, &random, 0.5);
    str_add(&text, "]\n    omega: [");
    bench_add_list(&text, (size_t)n, &random, 0.5);
    str_add(&text, "]\n    K_drive: [");
    for (int c = 0; c < classes; c++) {
        str_add(&text, c ? ", [" : "[");
        bench_add_matrix(&text, (size_t)n, (size_t)m, &random, 1);
        str_add(&text, "]");
    }
    str_add(&text, "]\n");
    if (m > 1) {
        str_add(&text, "    K_cond: [");
        bench_add_matrix(&text, (size_t)m, (size_t)m, &random, 0.3);
        str_add(&text, "]\n");
    }
    str_add(&text, "  conditioning_start: zero\nreadout: ref_drive\n");
    if (pixels) {
        str_addf(&text, "image: {channels: 1, height: 1, width: %d}\n", pixels);
        str_add(&text, "decoder:\n  kind: linear\n  activation: tanh\n  weights:\n"
                       "    out.weight: [");
        bench_add_matrix(&text, (size_t)pixels, 2 * (size_t)n, &random, 0.6);
        str_add(&text, "]\n    out.bias: [");
        bench_add_list(&text, (size_t)pixels, &random, 0.2);
        str_add(&text, "]\n");
    }
    str_add(&text, chip);
    const char *path = scratch_write(s, "model.yaml", text.text, text.length);
    str_free(&text);
    return path;
}

/* Starts the simulator anew, from the reset. */
__attribute__((unused)) static void bench_restart(struct bench *b, enum rtl_simulator simulator)
{
    static const char *const icarus[] = {"vvp", "-n", "pins.icarus", NULL};
    static const char *const verilated[] = {"./pins.verilated", NULL};
    struct str reason = {0};
    pins_end(&b->pins);
    if (!pins_start(&b->pins, simulator == RTL_ICARUS ? icarus : verilated, b->verilog, &reason))
        fail_msg("%s", reason.text);
    b->clocks = 0;
}

/* Compiles a model for a process, writes its chip, builds the test bench and starts it. */
__attribute__((unused)) static struct bench *bench_open(struct scratch *s, const char *model_path,
                                                        const char *process,
                                                        enum rtl_simulator simulator)
{
    struct bench *b = ARENA_NEW(&s->arena, struct bench);
    b->scratch = s;
    b->pins.line = -1;
    const struct model *model = model_load(&s->arena, model_path, &s->diags);
    if (model)
        b->chip = map_model(&s->arena, model, pdk_find(process), NULL, NULL, &s->diags);
    const char *folder = fs_join(&s->arena, s->folder, "chip");
    if (!b->chip || !netlist_write_chip(&s->arena, b->chip, folder, "test", &s->diags))
        fail_msg("%s is no chip", model_path);
    assert_true(netlist_has_control(b->chip));
    b->verilog = fs_join(&s->arena, folder, "verilog");
    b->all = b->chip->n + b->chip->m;
    b->h = b->state.h = ARENA_ARRAY(&s->arena, bool, (size_t)b->all);
    b->q = ARENA_ARRAY(&s->arena, bool, (size_t)b->all);
    const char *build =
        simulator == RTL_ICARUS
            ? "iverilog -Wall -g2005 -I. -o pins.icarus -s pins"
            : "verilator --binary -O3 -Wno-lint -Wno-style -j 2 -I. --top pins -Mdir obj "
              "-o ../pins.verilated";
    if (rtl_shell("cd %s && %s %s/tb/pins.v *.v >build.log 2>&1", b->verilog, build, OSCC_RTL)) {
        rtl_shell("cat %s/build.log", b->verilog);
        fail_msg("the test bench was not built");
    }
    bench_restart(b, simulator);
    return b;
}

__attribute__((unused)) static void bench_close(struct bench *b)
{
    pins_end(&b->pins);
    str_free(&b->answer);
}

__attribute__((format(printf, 2, 3), unused)) static const char *bench_ask(struct bench *b,
                                                                           const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *command = arena_vprintf(&b->scratch->arena, format, args);
    va_end(args);
    if (!pins_ask(&b->pins, command, &b->answer))
        fail_msg("%s", b->answer.text);
    return str_text(&b->answer);
}

/* A frame as it is; what came back goes to `back` unless NULL. */
__attribute__((unused)) static void bench_frame(struct bench *b, const uint8_t *bytes, size_t count,
                                                uint8_t *back)
{
    struct str command = {0};
    str_addf(&command, "s %zu ", count);
    for (size_t i = 0; i < count; i++)
        str_addf(&command, "%02x", bytes[i]);
    if (!pins_ask(&b->pins, command.text, &b->answer))
        fail_msg("%s", b->answer.text);
    str_free(&command);
    b->clocks += 16 + 64 * (double)count;
    assert_int_equal(b->answer.length, 2 * count);
    for (size_t i = 0; i < count; i++) {
        unsigned value;
        if (sscanf(b->answer.text + 2 * i, "%2x", &value) != 1)
            fail_msg("miso was unknown: %s", b->answer.text);
        if (back)
            back[i] = (uint8_t)value;
    }
}

__attribute__((unused)) static void bench_write(struct bench *b, enum control_region region,
                                                uint32_t address, const uint8_t *data, size_t count)
{
    uint8_t frame[CONTROL_WRITE_FRAME];
    for (size_t at = 0; at < count; at += CONTROL_DATA) {
        size_t part = count - at < CONTROL_DATA ? count - at : CONTROL_DATA;
        size_t length = control_write_frame(frame, region, address + (uint32_t)at, data + at, part);
        bench_frame(b, frame, length, NULL);
    }
}

__attribute__((unused)) static void bench_read(struct bench *b, enum control_region region,
                                               uint32_t address, uint8_t *data, size_t count)
{
    uint8_t *frame = ARENA_ARRAY(&b->scratch->arena, uint8_t, CONTROL_READ_HEAD + count);
    control_read_frame(frame, region, address, count);
    bench_frame(b, frame, CONTROL_READ_HEAD + count, frame);
    memcpy(data, frame + CONTROL_READ_HEAD, count);
}

__attribute__((unused)) static void bench_set(struct bench *b, enum control_register name,
                                              uint32_t value)
{
    uint8_t bytes[4];
    control_put(bytes, value, 4);
    bench_write(b, CONTROL_REGISTERS, (uint32_t)name, bytes, 4);
}

__attribute__((unused)) static uint32_t bench_get(struct bench *b, enum control_register name)
{
    uint8_t bytes[4];
    bench_read(b, CONTROL_REGISTERS, (uint32_t)name, bytes, 4);
    return (uint32_t)control_get(bytes, 4);
}

/* ERRORS, which are cleared. */
__attribute__((unused)) static uint32_t bench_errors(struct bench *b)
{
    uint32_t errors = bench_get(b, CONTROL_ERRORS);
    bench_set(b, CONTROL_ERRORS, 0xffffffff);
    return errors;
}

/* Waits until the control is not busy, at most so many clocks, without a sign of the oscillators.
 */
__attribute__((unused)) static bool bench_idle(struct bench *b, unsigned limit)
{
    unsigned clocks, busy;
    const char *answer = bench_ask(b, "i %u", limit);
    if (sscanf(answer, "%u %u", &clocks, &busy) != 2)
        fail_msg("busy was unknown: %s", answer);
    b->clocks += clocks;
    return !busy;
}

/* Plays boot.hex. */
__attribute__((unused)) static void bench_boot(struct bench *b)
{
    struct arena *arena = &b->scratch->arena;
    char *text;
    size_t length;
    assert_int_equal(
        fs_read_text(arena, fs_join(arena, b->verilog, "boot.hex"), 1 << 24, &text, &length), 0);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        uint8_t frame[CONTROL_WRITE_FRAME];
        size_t count = strlen(line) / 2;
        assert_true(count <= CONTROL_WRITE_FRAME);
        for (size_t i = 0; i < count; i++) {
            unsigned value;
            assert_int_equal(sscanf(line + 2 * i, "%2x", &value), 1);
            frame[i] = (uint8_t)value;
        }
        bench_frame(b, frame, count, NULL);
    }
    assert_true(bench_idle(b, 100000));
}

/* What stands in a chain, link k in bit k % 8 of byte k / 8, as region 1 has it from its end. */
__attribute__((unused)) static void bench_chain(struct bench *b, char which, size_t bits,
                                                uint8_t *bytes)
{
    const char *answer = bench_ask(b, "%c", which);
    bool *bit = ARENA_ARRAY(&b->scratch->arena, bool, bits);
    if (!pins_read_hex(answer, bits, bit))
        fail_msg("chain %c: %s", which, answer);
    memset(bytes, 0, (bits + 7) / 8);
    for (size_t k = 0; k < bits; k++)
        bytes[(bits + 7) / 8 - 1 - k / 8] |= (uint8_t)(bit[k] << k % 8);
}

#endif
