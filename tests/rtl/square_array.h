/* SPDX-License-Identifier: Apache-2.0
 *
 * An array of square waves at the control's pins: oscillators that do not feel each other, each
 * with a frequency of its own, held and released by h. It writes down what happens, tick by tick.
 */
#ifndef OSCC_TESTS_SQUARE_ARRAY_H
#define OSCC_TESTS_SQUARE_ARRAY_H

#include "compiler/sample/sample.h"
#include "control/phase.h"
#include "tests/rtl/control_bench.h"

/* Turns since a rising edge at which an oscillator is held. */
static const double square_held = 0.375;

/* Ticks from an edge of q to where it is counted: two flip-flops. */
enum { square_latency = 2 };

struct square_array {
    struct bench *bench;
    double *rate, *phase; /* turns a tick, turns */
    bool *dead;           /* shows no edges */
    bool *was;            /* q of the tick before */
    unsigned *last;       /* tick of the last edge */
    unsigned tick;
    unsigned *released;         /* tick at which h fell last */
    unsigned *edge;             /* `turns` ticks an oscillator: edges since the capture began */
    int *edges, turns;          /* how many of them; how many there may be */
    unsigned enabled, captured; /* ticks at which en rose and fell last */
    int samples;                /* how often it fell */
};

__attribute__((unused)) static void square_begin(struct square_array *a, struct bench *b)
{
    const struct control_phases *p = &b->chip->control.phases;
    struct arena *arena = &b->scratch->arena;
    size_t all = (size_t)b->all;
    *a = (struct square_array){.bench = b, .turns = p->turns};
    a->rate = ARENA_ARRAY(arena, double, all);
    a->phase = ARENA_ARRAY(arena, double, all);
    a->dead = ARENA_ARRAY(arena, bool, all);
    a->was = ARENA_ARRAY(arena, bool, all);
    a->released = ARENA_ARRAY(arena, unsigned, all);
    a->edge = ARENA_ARRAY(arena, unsigned, all *(size_t)p->turns);
    a->last = ARENA_ARRAY(arena, unsigned, all);
    a->edges = ARENA_ARRAY(arena, int, all);
    for (size_t i = 0; i < all; i++)
        a->rate[i] = ldexp(p->rate[i], -CONTROL_FRACTION - p->bits);
}

/* One clock. */
__attribute__((unused)) static void square_tick(struct square_array *a)
{
    struct bench *b = a->bench;
    for (int i = 0; i < b->all; i++) {
        b->q[i] = b->state.power && !a->dead[i] && a->phase[i] - floor(a->phase[i]) < 0.5;
        if (b->q[i] && !a->was[i]) {
            a->last[i] = a->tick;
            if (a->edges[i] < a->turns)
                a->edge[i * a->turns + a->edges[i]++] = a->tick;
        }
        a->was[i] = b->q[i];
    }
    bool en = b->state.en;
    bool *held = ARENA_ARRAY(&b->scratch->arena, bool, (size_t)b->all);
    memcpy(held, b->h, (size_t)b->all * sizeof *held);
    if (!pins_tick(&b->pins, (size_t)b->all, b->q, &b->state, &b->answer))
        fail_msg("%s", b->answer.text);
    b->clocks++;
    a->tick++;
    for (int i = 0; i < b->all; i++) {
        if (held[i] && !b->h[i])
            a->released[i] = a->tick;
        a->phase[i] = b->h[i] ? square_held : a->phase[i] + a->rate[i];
    }
    if (!en && b->state.en)
        a->enabled = a->tick;
    if (en && !b->state.en) {
        a->captured = a->tick;
        a->samples++;
        for (int i = 0; i < b->all; i++) { /* one may be on its way through the flip-flops */
            a->edges[i] = a->last[i] + square_latency >= a->tick;
            a->edge[i * a->turns] = a->last[i];
        }
    }
}

/* Codes of the sample captured last, by control/phase.c from the edges seen: code[n]. */
__attribute__((unused)) static void square_codes(const struct square_array *a, uint16_t *raw,
                                                 uint16_t *code)
{
    const struct control_phases *p = &a->bench->chip->control.phases;
    uint32_t *edge = ARENA_ARRAY(&a->bench->scratch->arena, uint32_t, (size_t)a->turns);
    for (int i = 0; i < a->bench->all; i++) {
        assert_int_equal(a->edges[i], a->turns);
        for (int k = 0; k < a->turns; k++)
            edge[k] = a->edge[i * a->turns + k] + square_latency - a->captured;
        raw[i] = control_raw_code(p, edge);
    }
    control_codes(p, raw, code);
}

#endif
