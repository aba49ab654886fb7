/* SPDX-License-Identifier: Apache-2.0
 *
 * A run in lock-step at level cell, whose oscillators are never held and always coupled: ngspice
 * simulates the time in which en is high. Before, each oscillator runs alone from the clock's edge
 * at which its h falls; afterwards, from the phase in which en left it; both at its own frequency.
 */
#include <math.h>
#include <string.h>

#include "spice/cosim_part.h"

static const double turn = 6.283185307179586476925;

/* What holds an oscillator holds it at an eighth of a turn (pdk/cells). */
static const double held_phase = 6.283185307179586476925 / 8;

/* Oscillators that run alone. */
struct alone {
    size_t count;
    double tick_s;
    double *phase; /* at the tick `since`, rad */
    double *rate;  /* rad a tick */
    size_t *since;
    bool *runs;
    bool *q;
    struct pins_state state;
    size_t tick;
};

static double phase_of(const struct alone *a, size_t i)
{
    return a->phase[i] + (a->runs[i] ? a->rate[i] * (double)(a->tick - a->since[i]) : 0);
}

static struct alone make_alone(struct cosim_run *run)
{
    const struct under_test *chip = run->chip;
    size_t count = (size_t)chip->n + (size_t)chip->m;
    struct alone a = {.count = count,
                      .phase = ARENA_ARRAY(run->arena, double, count),
                      .rate = ARENA_ARRAY(run->arena, double, count),
                      .since = ARENA_ARRAY(run->arena, size_t, count),
                      .runs = ARENA_ARRAY(run->arena, bool, count),
                      .q = ARENA_ARRAY(run->arena, bool, count),
                      .state = {.h = ARENA_ARRAY(run->arena, bool, count)}};
    a.tick_s = run->clock.tick_s;
    for (size_t i = 0; i < count; i++) {
        double carrier = turn * chip->carrier_cycles / chip->run_s;
        double omega = chip->trim_lsb * chip->word[chip->trim.base + i];
        a.rate[i] = (carrier + omega * chip->model_time / chip->run_s) * a.tick_s;
        a.phase[i] = held_phase;
    }
    return a;
}

/* One edge of the clock. false after a fault of the control. */
static bool step(struct cosim_run *run, struct alone *a)
{
    struct str q = {0};
    a->tick++;
    run->ticks++;
    for (size_t i = 0; i < a->count; i++)
        a->q[i] = cos(phase_of(a, i)) > 0;
    pins_add_hex(a->count, a->q, &q);
    const char *answer = host_ask(run->host, "t %s", str_text(&q));
    str_free(&q);
    if (!answer)
        return false;
    if (!pins_read_state(answer, a->count, &a->state)) {
        host_fail(run->host, "the digital control's pins are no levels: \"%.80s\"", answer);
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (!a->state.h[i] && !a->runs[i])
            a->since[i] = a->tick;
        if (a->state.h[i] && a->runs[i])
            a->phase[i] = held_phase;
        a->runs[i] = !a->state.h[i];
    }
    return true;
}

static void take_cell(struct cosim_run *run, const struct spice_result *result)
{
    size_t rose, fell;
    if (!cosim_read_record(run, &rose, &fell) || !fell) {
        cosim_run_failed(run, SPICE_SHORT,
                         "the digital control never ended the coupling: en did "
                         "not fall");
        return;
    }
    deck_phases_at(run->chip, result, (double)fell * run->clock.tick_s, run->phases);
    run->result->circuit = run->phases;
}

/* Till power falls. */
static bool finish(struct cosim_run *run, struct alone *a)
{
    double most = cosim_ticks_of_turns(run->control, run->control->turns + 4) + 64;
    for (size_t i = 0; i < a->count; i++) {
        a->phase[i] = run->phases[i];
        a->since[i] = a->tick;
    }
    for (double t = 0; t < most; t++) {
        if (!step(run, a))
            return false;
        if (!a->state.power)
            return true;
    }
    return true; /* whether the sample came to its end is seen by the host */
}

bool cosim_run_cell(struct cosim_run *run)
{
    const struct cosim_control *c = run->control;
    struct alone a = make_alone(run);
    double most = c->settle + ldexp(1, c->bits) + cosim_ticks_of_turns(c, c->forget + 2) + 64;
    while (!a.state.en && (double)a.tick < most && step(run, &a))
        ;
    if (!a.state.en) {
        cosim_run_failed(run, SPICE_SHORT,
                         run->host->fault ? run->host->fault
                                          : "the digital control never couples: en does not rise");
        return true;
    }
    for (size_t i = 0; i < a.count; i++) {
        run->start[i] = phase_of(&a, i);
        run->fell[i] = a.since[i];
    }
    double ticks = c->run_ticks + cosim_ticks_of_turns(c, c->run_cycles + 3) + 16;
    const struct deck_clock clock = {run->clock.tick_s, (size_t)ticks};
    struct spice_job job;
    int error =
        deck_write_clocked(run->arena, run->chip, run->result->sample, run->result->class_index,
                           run->start, a.state.h, &clock, run->folder, &job);
    if (error) {
        cosim_run_failed(run, SPICE_CRASHED,
                         arena_printf(run->arena, "cannot write the run: %s", strerror(-error)));
        return true;
    }
    if (!cosim_run_job(run, &job, take_cell))
        return false;
    if (run->result->circuit && !finish(run, &a)) {
        run->result->circuit = NULL;
        cosim_run_failed(run, SPICE_CRASHED, run->host->fault);
    }
    return true;
}
