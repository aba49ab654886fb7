/* SPDX-License-Identifier: Apache-2.0
 *
 * A run in lock-step: the array of transistors from held cells, and what both levels share.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "spice/cosim_part.h"
#include "spice/lockstep_plan.h"

double cosim_ticks_of_turns(const struct cosim_control *control, double turns)
{
    return turns * ldexp(1, control->bits) / control->turns;
}

void cosim_run_failed(struct cosim_run *run, enum spice_verdict verdict, const char *reason)
{
    run->result->verdict = spice_verdict_name(verdict);
    run->result->reason = arena_strdup(run->arena, reason ? reason : "");
}

struct waiting {
    struct cosim_run *run;
    void (*done)(struct cosim_run *run, const struct spice_result *result);
};

static void take(void *user, size_t index, const struct spice_result *result)
{
    struct waiting *w = user;
    struct campaign_run *r = w->run->result;
    (void)index;
    r->wall_s = result->wall_s;
    if (result->verdict == SPICE_GOOD) {
        r->verdict = spice_verdict_name(SPICE_GOOD);
        w->done(w->run, result);
    } else {
        cosim_run_failed(w->run, result->verdict, result->reason);
    }
}

bool cosim_run_job(struct cosim_run *run, struct spice_job *job,
                   void (*done)(struct cosim_run *run, const struct spice_result *result))
{
    struct waiting waiting = {run, done};
    struct spice_pool pool = {run->options->worker, 1, take, &waiting};
    job->pins = run->host->pins.line;
    return spice_run(&pool, job, 1);
}

bool cosim_read_record(struct cosim_run *run, size_t *rose, size_t *fell)
{
    size_t count = (size_t)run->chip->n + (size_t)run->chip->m, length;
    char *text;
    bool *q = ARENA_ARRAY(run->arena, bool, count), en = false;
    struct pins_state state = {.h = ARENA_ARRAY(run->arena, bool, count)};
    const char *answer;
    *rose = *fell = 0;
    if (fs_read_text(run->arena, fs_join(run->arena, run->folder, LOCKSTEP_RECORD_NAME),
                     (size_t)1 << 32, &text, &length))
        return false;
    host_add_record(run->host, text);
    const char *at = text;
    for (size_t tick = 1; (at = lockstep_record_next(at, count, q, &answer)); tick++) {
        if (!pins_read_state(answer, count, &state))
            return false;
        for (size_t i = 0; i < count; i++)
            if (!state.h[i] && !run->fell[i])
                run->fell[i] = tick;
        if (state.en && !en)
            *rose = tick;
        if (!state.en && en)
            *fell = tick;
        en = state.en;
        run->ticks++;
    }
    return true;
}

static void take_device(struct cosim_run *run, const struct spice_result *result)
{
    double *energy = ARENA_ARRAY(run->arena, double, ENERGY_BLOCKS);
    size_t rose, fell;
    if (!cosim_read_record(run, &rose, &fell) || !rose || !fell) {
        cosim_run_failed(run, SPICE_SHORT,
                         "the digital control never ended the coupling: en did not rise and fall");
        return;
    }
    device_phases_at(run->device, result, (double)rose * run->clock.tick_s, run->start);
    device_phases_at(run->device, result, (double)fell * run->clock.tick_s, run->phases);
    device_energy(run->device, result, energy);
    run->result->energy = energy;
    run->result->network_error = result->network_error;
    run->result->circuit = run->phases;
}

bool cosim_run_device(struct cosim_run *run)
{
    enum { MARGIN_TICKS = 16 };
    const struct cosim_control *c = run->control;
    const double margin = 1.02;
    /* the tone may be a little slower than it is taken for */
    double turns = (double)c->forget + (double)c->run_cycles + 3 + c->turns + 2;
    run->clock.ticks = (size_t)(c->settle + ldexp(1, c->bits) + c->run_ticks +
                                margin * cosim_ticks_of_turns(c, turns)) +
                       MARGIN_TICKS;
    size_t oscillators = (size_t)run->chip->n + (size_t)run->chip->m;
    const double *held = ARENA_ARRAY(run->arena, double, oscillators);
    struct spice_job job;
    device_drive_by_pins(run->device, &run->clock);
    int error = device_write(run->arena, run->device, run->options->engine, run->result->sample,
                             run->result->class_index, held, run->folder, &job);
    if (!error)
        return cosim_run_job(run, &job, take_device);
    cosim_run_failed(run, SPICE_CRASHED,
                     arena_printf(run->arena, "cannot write the run: %s", strerror(-error)));
    return true;
}
