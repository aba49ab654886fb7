/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "netlist/control.h"

/* A flip-flop of the chains wants a clock no faster than that (spice/device_load.c). */
static const double chain_clock_s = 12e-9;

enum { CAL_TURNS = 8, CAL_TOLERANCE = 2 }; /* 2^8 turns; ticks */

uint32_t netlist_run_register(const struct chip *chip, double cycles)
{
    int turns, ticks;
    map_run_length(chip, cycles, &turns, &ticks);
    return (uint32_t)turns << 16 | (uint32_t)ticks;
}

struct netlist_registers netlist_registers(const struct chip *chip)
{
    const struct chip_control *c = &chip->control;
    return (struct netlist_registers){
        .run = (uint32_t)c->run_cycles << 16 | (uint32_t)c->run_ticks,
        .wait = (uint32_t)c->settle_ticks << 16 | (uint32_t)c->forget_turns,
        .lag = chip->device.present ? (uint32_t)chip->device.corners[0].lag_code : 0,
        .limits = (uint32_t)c->watchdog_ticks << 16 | (uint32_t)c->capture_ticks,
        .divide = (uint32_t)ceil(chain_clock_s / 2 * c->clock_hz),
        .mode = c->decoder.layer_count ? 0 : 4,
        .calibration = CAL_TURNS << 24 | CAL_TOLERANCE << 16,
        .seed = chip->seed};
}

struct boot {
    struct str *out;
    uint32_t hash;
};

static void add_frame(struct boot *boot, enum control_region region, uint32_t address,
                      const uint8_t *data, size_t count)
{
    uint8_t frame[CONTROL_WRITE_FRAME];
    size_t length = control_write_frame(frame, region, address, data, count);
    for (size_t i = 0; i < length; i++)
        str_addf(boot->out, "%02x", frame[i]);
    str_add(boot->out, "\n");
    if (region != CONTROL_REGISTERS)
        boot->hash = control_crc32(boot->hash, data, count);
}

static void add_registers(struct boot *boot, enum control_register first, const uint32_t *value,
                          size_t count)
{
    uint8_t data[CONTROL_DATA];
    for (size_t i = 0; i < count; i++)
        control_put(data + 4 * i, value[i], 4);
    add_frame(boot, CONTROL_REGISTERS, first, data, 4 * count);
}

uint32_t netlist_write_boot(struct arena *arena, const struct chip *chip, struct str *out)
{
    struct boot boot = {.out = out};
    const struct netlist_registers r = netlist_registers(chip);
    const uint32_t sample[] = {0, 1, (uint32_t)(r.seed >> 32), (uint32_t)r.seed, 0, 0};
    const uint32_t timing[] = {r.run, r.wait, r.lag, r.limits, r.divide, r.mode};
    add_registers(&boot, CONTROL_COMMAND, &(uint32_t){CONTROL_CLEAR}, 1);
    add_registers(&boot, CONTROL_CLASS_FIRST, sample, sizeof sample / sizeof *sample);
    add_registers(&boot, CONTROL_RUN, timing, sizeof timing / sizeof *timing);
    for (enum control_region region = CONTROL_CHAIN; region <= CONTROL_SETTINGS; region++) {
        struct netlist_bytes data = netlist_region(arena, chip, region);
        for (size_t at = 0; at < data.count; at += CONTROL_DATA) {
            size_t left = data.count - at;
            add_frame(&boot, region, (uint32_t)at, data.bytes + at,
                      left < CONTROL_DATA ? left : CONTROL_DATA);
        }
    }
    return boot.hash;
}
