/* SPDX-License-Identifier: Apache-2.0
 *
 * What the control makes of a frame, told by docs/control.md alone: the configuration that it
 * should hold, the bits of ERRORS, the bytes that come back. For a control whose oscillators never
 * move.
 */
#ifndef OSCC_TESTS_HOST_MODEL_H
#define OSCC_TESTS_HOST_MODEL_H

#include "tests/rtl/control_bench.h"

struct host_model {
    const struct chip *chip;
    struct arena *arena;
    size_t size[CONTROL_REGIONS]; /* bytes that can be read */
    uint8_t *byte[CONTROL_REGIONS];
    bool loaded[CONTROL_REGIONS];
    uint32_t chain_next, hash, errors, command;
    bool given, running; /* a sample that goes on, or a calibration */
    bool calibrating;
    uint32_t reg[CONTROL_REGISTERS_END / 4];
    int n, all, classes;
    uint32_t failures;
};

static void model_begin(struct host_model *m, struct arena *arena, const struct chip *chip)
{
    const size_t all = (size_t)(chip->n + chip->m);
    size_t words = 0, biases = 0;
    for (int l = 0; l < chip->control.decoder.layer_count; l++) {
        const struct control_layer *layer = &chip->control.decoder.layers[l];
        words += (size_t)(layer->outputs * ((layer->inputs + 3) / 4));
        biases += (size_t)layer->outputs;
    }
    *m = (struct host_model){.chip = chip,
                             .arena = arena,
                             .size = {CONTROL_REGISTERS_END, (netlist_chain_bits(chip) + 7) / 8,
                                      netlist_class_links(chip) * (size_t)chip->classes, 4 * words,
                                      4 * biases, 8 * all, 2 * all, 0, 0, all, 4 * all},
                             .n = chip->n,
                             .all = chip->n + chip->m,
                             .classes = chip->classes};
    for (int r = 0; r < CONTROL_REGIONS; r++)
        m->byte[r] = ARENA_ARRAY(arena, uint8_t, m->size[r] + 1);
    const struct netlist_registers reset = netlist_registers(chip);
    m->reg[CONTROL_ID / 4] = 0x4f534343;
    m->reg[CONTROL_VERSION / 4] = 1;
    m->reg[CONTROL_SIZE / 4] = (uint32_t)chip->n << 16 | (uint32_t)chip->m;
    m->reg[CONTROL_COUNT / 4] = 1;
    m->reg[CONTROL_SEED / 4] = (uint32_t)(reset.seed >> 32);
    m->reg[CONTROL_SEED / 4 + 1] = (uint32_t)reset.seed;
    m->reg[CONTROL_RUN / 4] = reset.run;
    m->reg[CONTROL_WAIT / 4] = reset.wait;
    m->reg[CONTROL_LAG / 4] = reset.lag;
    m->reg[CONTROL_LIMITS / 4] = reset.limits;
    m->reg[CONTROL_DIVIDE / 4] = reset.divide;
    m->reg[CONTROL_MODE / 4] = reset.mode;
    m->reg[CONTROL_CALIBRATION / 4] = reset.calibration;
    m->loaded[CONTROL_CLASS] = !m->size[CONTROL_CLASS];
}

static uint32_t model_register(const struct host_model *m, uint32_t address)
{
    uint32_t status = m->running | (uint32_t)m->calibrating << 7;
    switch (address) {
    case CONTROL_HASH:
        return m->hash;
    case CONTROL_STATUS:
        for (int r = CONTROL_CHAIN; r <= CONTROL_SETTINGS; r++)
            status |= (uint32_t)m->loaded[r] << r;
        return status;
    case CONTROL_ERRORS:
        return m->errors;
    case CONTROL_CALIBRATION:
        return m->reg[address / 4] | m->failures;
    default:
        return m->reg[address / 4];
    }
}

static void model_set_register(struct host_model *m, uint32_t address, uint32_t value)
{
    static const uint32_t kept[CONTROL_REGISTERS_END / 4] = {[CONTROL_SEED / 4] = 0xffffffff,
                                                             [CONTROL_SEED / 4 + 1] = 0xffffffff,
                                                             [CONTROL_SAMPLE / 4] = 0xffffffff,
                                                             [CONTROL_SAMPLE / 4 + 1] = 0xffffffff,
                                                             [CONTROL_RUN / 4] = 0xffffffff,
                                                             [CONTROL_WAIT / 4] = 0xffffffff,
                                                             [CONTROL_LAG / 4] = 0xf,
                                                             [CONTROL_LIMITS / 4] = 0xffffffff,
                                                             [CONTROL_DIVIDE / 4] = 0xffff,
                                                             [CONTROL_MODE / 4] = 7,
                                                             [CONTROL_CALIBRATION / 4] =
                                                                 0x1fff0000};
    if (address == CONTROL_COMMAND) {
        m->command = value;
        m->given = value;
    } else if (address == CONTROL_ERRORS) {
        m->errors &= ~value;
    } else if (address == CONTROL_CLASS_FIRST || address == CONTROL_COUNT) {
        m->reg[address / 4] = value > 0xffff ? 0xffff : value;
    } else if (kept[address / 4]) {
        m->reg[address / 4] = value & kept[address / 4];
    }
}

/* What speaks against an access, or -1. */
static int model_fault(const struct host_model *m, bool write, unsigned region, uint32_t address,
                       size_t count, bool first)
{
    static const unsigned unit[CONTROL_REGIONS] = {4, 1, 1, 4, 4, 8, 2, 1, 1, 1, 4};
    if (region >= CONTROL_REGIONS ||
        (write && (region == CONTROL_PIXELS || region == CONTROL_CODES)))
        return CONTROL_E_UNKNOWN;
    size_t stop = address + count, size = m->size[region];
    if (region == CONTROL_REGISTERS && stop > size)
        return CONTROL_E_UNKNOWN;
    if (region == CONTROL_PIXELS)
        return CONTROL_E_EMPTY;
    if (region == CONTROL_CODES)
        size = address < 0x10000 ? 2 * (size_t)m->n : 0x10000 + 2 * (size_t)m->all;
    if (stop > size)
        return CONTROL_E_RANGE;
    if (write && (address % unit[region] || stop % unit[region]))
        return CONTROL_E_RANGE;
    if (!write && first && region == CONTROL_REGISTERS && address % 4)
        return CONTROL_E_RANGE;
    bool any_time =
        region == CONTROL_REGISTERS &&
        (!write || (count == 4 && (address == CONTROL_COMMAND || address == CONTROL_ERRORS)));
    if (m->running && !any_time)
        return CONTROL_E_BUSY;
    if (region == CONTROL_CHAIN && address && (write ? address != m->chain_next : first))
        return CONTROL_E_ORDER;
    if (!write && region == CONTROL_CODES)
        return CONTROL_E_BARE; /* no sample was ever drawn */
    return write || region == CONTROL_REGISTERS || m->loaded[region] ? -1 : CONTROL_E_BARE;
}

/* Release ticks of the sample that begins, from the settings. */
static void model_release(struct host_model *m)
{
    struct control_phases phases = m->chip->control.phases;
    size_t count = (size_t)m->all;
    uint32_t *rate = ARENA_ARRAY(m->arena, uint32_t, count);
    uint32_t *start = ARENA_ARRAY(m->arena, uint32_t, count);
    uint16_t *tick = ARENA_ARRAY(m->arena, uint16_t, count);
    for (size_t i = 0; i < count; i++) {
        rate[i] = (uint32_t)control_get(m->byte[CONTROL_SETTINGS] + 8 * i, 3);
        start[i] = (uint32_t)control_get(m->byte[CONTROL_SETTINGS] + 8 * i + 3, 3);
    }
    phases.rate = rate;
    phases.start = start;
    const uint32_t *seed = m->reg + CONTROL_SEED / 4, *sample = m->reg + CONTROL_SAMPLE / 4;
    control_release_ticks(&phases, (uint64_t)seed[0] << 32 | seed[1],
                          (uint64_t)sample[0] << 32 | sample[1], tick);
    for (size_t i = 0; i < count; i++)
        control_put(m->byte[CONTROL_RELEASE] + 2 * i, tick[i], 2);
}

/* What a command makes of all this; a sample that begins goes on until model_ends(). */
static void model_command(struct host_model *m)
{
    if (!m->given)
        return;
    m->given = false;
    bool ready =
        m->loaded[CONTROL_CHAIN] && m->loaded[CONTROL_CLASS] && m->loaded[CONTROL_SETTINGS];
    if (m->size[CONTROL_WEIGHTS] && !(m->reg[CONTROL_MODE / 4] & 4))
        ready = ready && m->loaded[CONTROL_WEIGHTS] && m->loaded[CONTROL_BIASES];
    switch (m->command) {
    case CONTROL_START:
        if (m->running)
            m->errors |= 1u << CONTROL_E_BUSY;
        else if (!ready)
            m->errors |= 1u << CONTROL_E_BARE;
        else if (m->reg[CONTROL_CLASS_FIRST / 4] >= (uint32_t)m->classes)
            m->errors |= 1u << CONTROL_E_CLASS;
        else if (m->reg[CONTROL_COUNT / 4]) {
            m->running = true;
            if (!(m->reg[CONTROL_MODE / 4] & 1))
                model_release(m);
        }
        break;
    case CONTROL_CALIBRATE:
        if (m->running) {
            m->errors |= 1u << CONTROL_E_BUSY;
        } else if (!m->loaded[CONTROL_CHAIN] || !m->loaded[CONTROL_TARGET]) {
            m->errors |= 1u << CONTROL_E_BARE;
        } else {
            m->running = m->calibrating = true;
            m->failures = 0;
        }
        break;
    case CONTROL_ABORT:
        if (m->calibrating) { /* trial codes are in the chain */
            m->loaded[CONTROL_CHAIN] = m->loaded[CONTROL_TRIM] = false;
            m->chain_next = 0;
        }
        m->running = m->calibrating = false;
        break;
    case CONTROL_CLEAR:
        if (m->running) {
            m->errors |= 1u << CONTROL_E_BUSY;
            break;
        }
        for (int r = 0; r < CONTROL_REGIONS; r++)
            m->loaded[r] = r == CONTROL_CLASS && !m->size[r];
        m->hash = 0;
        m->chain_next = 0;
        break;
    default:
        m->errors |= 1u << CONTROL_E_UNKNOWN;
    }
}

/* The sample that goes on finds no edge of its tone; a calibration none of any, and puts the middle
 * code into all trims, which are the last bits of the chain's bytes. */
static void model_ends(struct host_model *m)
{
    if (m->calibrating) {
        m->errors |= 1u << CONTROL_E_CALIBRATION;
        m->failures = (uint32_t)m->all;
        m->loaded[CONTROL_TRIM] = true;
        memset(m->byte[CONTROL_TRIM], 0x80, (size_t)m->all);
        size_t size = m->size[CONTROL_CHAIN];
        memset(m->byte[CONTROL_CHAIN] + size - (size_t)m->all, 0x01, (size_t)m->all);
    } else if (m->running) {
        m->errors |= 1u << CONTROL_E_TONE;
    }
    m->running = m->calibrating = false;
}

static void model_put(struct host_model *m, unsigned region, uint32_t address, const uint8_t *data,
                      size_t count)
{
    if (region == CONTROL_REGISTERS)
        for (size_t i = 0; i < count; i += 4)
            model_set_register(m, address + (uint32_t)i, (uint32_t)control_get(data + i, 4));
    else
        memcpy(m->byte[region] + address, data, count);
    if (region >= CONTROL_CHAIN && region <= CONTROL_SETTINGS)
        m->hash = control_crc32(m->hash, data, count);
    bool whole = address + count == m->size[region];
    if (region == CONTROL_CHAIN) {
        m->loaded[region] = whole;
        m->chain_next = whole ? 0 : address + (uint32_t)count;
    } else if (whole) {
        m->loaded[region] = true;
    }
    model_command(m);
}

/* Data bytes of a read whose first `begun` were begun; bits of ERRORS come after all of them. */
static void model_get(struct host_model *m, unsigned region, uint32_t address, uint8_t *data,
                      size_t begun)
{
    int fault = -1;
    uint32_t shown = 0;
    for (size_t k = 0; k < begun; k++, address++) {
        if (fault < 0)
            fault = model_fault(m, false, region, address, 1, !k);
        data[k] = 0;
        if (fault < 0 && region == CONTROL_REGISTERS) {
            if (address % 4 == 0)
                shown = model_register(m, address);
            data[k] = (uint8_t)(shown >> 8 * (3 - address % 4));
        } else if (fault < 0) {
            data[k] = m->byte[region][address];
        }
        if (fault >= 0)
            m->errors |= 1u << fault;
    }
}

/* A frame of so many bits; back: what comes back, zeros where nothing does. */
static void model_frame(struct host_model *m, const uint8_t *frame, size_t bits, uint8_t *back)
{
    size_t count = bits / 8;
    int fault = -1;
    uint32_t address = count < 5 ? 0 : (uint32_t)control_get(frame + 2, 3);
    memset(back, 0, (bits + 7) / 8);
    if (!bits)
        return;
    if (!count || (frame[0] != 2 && frame[0] != 3))
        fault = count ? CONTROL_E_UNKNOWN : CONTROL_E_SHORT;
    else if (bits % 8 || count < (frame[0] == 3 ? 6 : 8))
        fault = CONTROL_E_SHORT;
    else if (frame[0] == 2 && count > CONTROL_WRITE_FRAME)
        fault = CONTROL_E_LONG;
    else if (frame[0] == 2 && control_crc16(frame, count))
        fault = CONTROL_E_CRC;
    else if (frame[0] == 2)
        fault = model_fault(m, true, frame[1], address, count - 7, true);
    if (count >= 6 && frame[0] == 3) {
        model_get(m, frame[1], address, back + 6, (bits + 7) / 8 - 6);
        if (bits % 8)
            back[count] &= (uint8_t)(0xff00 >> bits % 8);
    }
    if (fault >= 0)
        m->errors |= 1u << fault;
    else if (frame[0] == 2)
        model_put(m, frame[1], address, frame + 5, count - 7);
}

#endif
