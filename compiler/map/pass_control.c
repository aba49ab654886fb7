/* SPDX-License-Identifier: Apache-2.0
 *
 * What the digital control is set to (docs/control.md): the clock, each oscillator's settings, the
 * reset values of the registers, all for the typical corner.
 */
#include <math.h>

#include "compiler/map/passes.h"
#include "pdk/measured.h"

/* Sizes of B that netlist/rtl takes. */
enum { LEAST_BITS = 4, MOST_BITS = 14 };

enum {
    FORGET_TURNS = 5,    /* four in which the start is forgotten, and that of the start itself */
    WATCHDOG_TURNS = 16, /* without an edge of the tone */
};

static const double turn = 6.283185307179586476925;
static const double fastest_hz = 120e6; /* the clock of the standard cells, typical corner */
static const double settle_s = 0.5e-6;  /* from power to release: the supply's switch, mid-rail */

/* A held cell has x and y high, 45 degrees, and q rises at -90: turns since an edge. */
static const double held_turns = 0.375;

/* Ticks from an edge of q to what it does: up to one until it is sampled, two flip-flops, and, of
 * en, its own. */
static const double enable_ticks = 2.5, capture_ticks = 2;

/* Relative deviation of an oscillator's frequency by its code of omega: of the trim where there is
 * one at the typical corner (spice/device_start.c takes the same), else omega T / (2 pi turns). */
static double frequency_share(const struct chip *chip, int code)
{
    const struct chip_corner *typical = chip->device.present ? chip->device.corners : NULL;
    int full = chip->omega.full;
    code = code < -full ? -full : code > full ? full : code;
    if (typical && typical->trim)
        return pdk_curve(typical->data->trim_count, typical->data->trim_code,
                         typical->data->trim_relative, typical->trim[code + full]);
    return code * chip->omega.lsb * chip->model_time /
           (turn * (typical ? typical->carrier_cycles : chip->carrier_cycles));
}

static double tone_hz(const struct chip *chip)
{
    if (!chip->device.present)
        return chip->carrier_hz;
    const struct chip_corner *typical = chip->device.corners;
    return typical->measured ? typical->is.frequency_hz : chip->device.frequency_hz;
}

/* Ticks from the last release (k = 0) to the rise of en, in the mean where the tone's phase is
 * drawn.
 *
 * A tone of phase 0 has target half a turn, which k = 2^(B-1) meets exactly, P being odd; at the
 * last release it stands P k bins after where it was held. The first edge that counts is the first
 * that is seen in state forget, up to two ticks before it. */
static double ticks_to_enable(const struct chip_control *control, bool tone_is_drawn)
{
    double period = ldexp(1, control->phases.bits) / control->phases.turns;
    double first = period / 2 - 2;
    if (!tone_is_drawn) {
        double stands = held_turns + control->phases.turns / 2.0;
        first = (1 - (stands - floor(stands))) * period;
        if (first - period >= -2)
            first -= period;
    }
    return first + (control->forget_turns - 1) * period + enable_ticks;
}

void map_run_length(const struct chip *chip, double cycles, int *turns, int *ticks)
{
    double period = ldexp(1, chip->control.phases.bits) / chip->control.phases.turns;
    *turns = (int)floor(cycles + 0.5 / period);
    *ticks = (int)lrint((cycles - *turns) * period);
}

static void set_registers(const struct chip *chip, struct chip_control *control)
{
    double period = ldexp(1, control->phases.bits) / control->phases.turns;
    double cycles =
        chip->device.present ? chip->device.corners[0].carrier_cycles : chip->carrier_cycles;
    map_run_length(chip, cycles, &control->run_cycles, &control->run_ticks);
    control->settle_ticks = (int)ceil(settle_s * control->clock_hz);
    control->forget_turns = FORGET_TURNS;
    control->watchdog_ticks = (int)ceil(WATCHDOG_TURNS * period);
    control->capture_ticks = (int)ceil(2 * (control->phases.turns + 1) * period);
}

/* Rate, start and readout of every oscillator.
 *
 * Codes are centres, half a step from phase 0; where all phases are drawn that half is left out.
 *
 * start: at the rise of en, t ticks after the last release, an oscillator has advanced
 * rate (k + t) bins; the part of rate t that others have not is P s t.
 *
 * readout: with x_j the ticks from the begin of the capture, less the latency, to edge j, the phase
 * when en falls is raw - s sum(x_j) plus what all have in common; the sum is 2^B P / 2 in the mean,
 * less the latency of P edges. */
static void set_oscillators(struct arena *arena, const struct chip *chip,
                            struct chip_control *control)
{
    struct control_phases *p = &control->phases;
    int count = p->main + p->conditioning, drawn = p->conditioning_random ? count : p->main;
    uint32_t *rate = ARENA_ARRAY(arena, uint32_t, (size_t)count);
    uint32_t *start = ARENA_ARRAY(arena, uint32_t, (size_t)count);
    uint16_t *readout = ARENA_ARRAY(arena, uint16_t, (size_t)count);
    const double one = 1 << CONTROL_FRACTION, bins = ldexp(1, p->bits);
    const uint32_t mask = (1u << (p->bits + CONTROL_FRACTION)) - 1;
    double to_enable = ticks_to_enable(control, !p->conditioning || p->conditioning_random);
    double edges = p->turns * (bins / 2 - capture_ticks);
    double origin = frequency_share(chip, chip->trim_code[p->reference < 0 ? 0 : p->reference]);
    double centre = drawn < count ? ldexp(1, p->bits - p->phase_bits) / 2 : 0;
    for (int i = 0; i < count; i++) {
        double share = frequency_share(chip, chip->trim_code[i]);
        double middle = i < drawn ? centre : bins / 2;
        rate[i] = (uint32_t)lrint(p->turns * (1 + share) * one) & mask;
        start[i] = (uint32_t)lrint((middle - p->turns * share * to_enable) * one) & mask;
        readout[i] = (uint16_t)(lrint(-(share - origin) * edges) & ((1 << p->bits) - 1));
    }
    p->rate = rate;
    p->start = start;
    p->readout = readout;
}

void pass_control(struct arena *arena, struct chip *chip, struct diags *diags)
{
    const struct model *model = chip->model;
    struct chip_control *control = &chip->control;
    /* a code's centre and phase 0, half a step apart, both want a bin */
    int bits = chip->phase_bits + (chip->m > 0 && !model->conditioning_random);
    bits = bits < chip->readout_bits ? chip->readout_bits : bits;
    bits = bits < LEAST_BITS ? LEAST_BITS : bits;
    if (bits > MOST_BITS || chip->n + chip->m < 2) {
        diag_warning(diags, DIAG_CHIP_LIMIT, SPAN_NONE,
                     "the chip gets no digital control: that is for two oscillators or more and "
                     "phases of up to %d bits",
                     MOST_BITS);
        return;
    }
    double fine_hz = ldexp(tone_hz(chip), bits);
    int turns = (int)ceil(fine_hz / fastest_hz);
    turns += turns % 2 == 0;
    control->clock_hz = fine_hz / turns;
    control->phases = (struct control_phases){
        .main = chip->n,
        .conditioning = chip->m,
        .conditioning_random = model->conditioning_random,
        .bits = bits,
        .turns = turns,
        .phase_bits = chip->phase_bits,
        .reference = model->readout == MODEL_REF_DRIVE        ? chip->n
                     : model->readout == MODEL_REF_OSCILLATOR ? 0
                                                              : -1,
    };
    set_registers(chip, control);
    set_oscillators(arena, chip, control);
}
