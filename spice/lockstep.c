/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/lockstep.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "spice/lockstep_plan.h"
#include "spice/pins.h"

/* How far from the grid of even steps a point may be and still count as on it, steps. */
static const double near = 1e-3;

struct lockstep {
    struct arena arena;
    const struct lockstep_plan *plan;
    struct pins pins;
    const char *played; /* what is left of it; NULL: the control is asked */
    double step_s;
    int time_slot;
    int *slot; /* of each captured phase in ngspice's vectors */
    bool *q, *ignored;
    struct pins_state state;
    bool *before, *now; /* levels of the sources, before and after the last edge */
    double edge_s;
    uint64_t ticks;
    bool stopped;
    struct str answer, record;
};

struct lockstep *lockstep_open(int line, const char **fault)
{
    struct lockstep *l = calloc(1, sizeof *l);
    *fault = "no memory";
    if (!l)
        return NULL;
    *fault = "cannot be read";
    l->plan = lockstep_plan_read(&l->arena, LOCKSTEP_PLAN_NAME);
    if (!l->plan)
        return NULL;
    size_t count = l->plan->oscillators, length;
    char *played = NULL;
    if (line < 0 &&
        fs_read_text(&l->arena, LOCKSTEP_PLAYED_NAME, (size_t)1 << 32, &played, &length))
        return NULL;
    *fault = NULL;
    l->played = played;
    l->pins = (struct pins){.line = line};
    l->step_s = l->plan->tick_s / l->plan->steps;
    l->slot = ARENA_ARRAY(&l->arena, int, count);
    l->q = ARENA_ARRAY(&l->arena, bool, count);
    l->ignored = ARENA_ARRAY(&l->arena, bool, count);
    l->state.h = ARENA_ARRAY(&l->arena, bool, count);
    l->before = ARENA_ARRAY(&l->arena, bool, count + 1);
    l->now = ARENA_ARRAY(&l->arena, bool, count + 1);
    memcpy(l->now, l->plan->h, count * sizeof *l->now);
    l->now[count] = l->plan->en;
    memcpy(l->before, l->now, (count + 1) * sizeof *l->now);
    return l;
}

static int slot_of(pvecinfoall vectors, const char *name)
{
    for (int i = 0; i < vectors->veccount; i++)
        if (!strcmp(vectors->vecs[i]->vecname, name))
            return i;
    return -1;
}

bool lockstep_vectors(struct lockstep *l, pvecinfoall vectors)
{
    l->time_slot = slot_of(vectors, "time");
    bool all = l->time_slot >= 0;
    for (size_t i = 0; i < l->plan->oscillators; i++) {
        l->slot[i] = slot_of(vectors, l->plan->q[i]);
        all = all && l->slot[i] >= 0;
    }
    return all;
}

/* The control's answer to q, in l->answer and l->state. */
static bool ask(struct lockstep *l)
{
    size_t count = l->plan->oscillators;
    if (!l->played)
        return pins_tick(&l->pins, count, l->q, &l->state, &l->answer);
    const char *answer, *next = lockstep_record_next(l->played, count, l->ignored, &answer);
    if (!next || !pins_read_state(answer, count, &l->state))
        return false;
    l->played = next;
    return true;
}

static const char *tick(struct lockstep *l, double time, pvecvaluesall values)
{
    size_t count = l->plan->oscillators;
    for (size_t i = 0; i < count; i++)
        l->q[i] = values->vecsa[l->slot[i]]->creal > l->plan->threshold_v;
    if (!ask(l))
        return l->played ? "the record of the control's pins ends before the run"
                         : str_text(&l->answer);
    pins_add_hex(count, l->q, &l->record);
    str_addf(&l->record, " %s\n", str_text(&l->answer));
    bool en_was = l->now[count];
    memcpy(l->before, l->now, (count + 1) * sizeof *l->now);
    memcpy(l->now, l->state.h, count * sizeof *l->now);
    l->now[count] = l->state.en;
    l->edge_s = time;
    l->ticks++;
    l->stopped = l->plan->until_en_falls && en_was && !l->state.en;
    return NULL;
}

const char *lockstep_accept(struct lockstep *l, pvecvaluesall values)
{
    double time = values->vecsa[l->time_slot]->creal;
    double next_s = (double)(l->ticks + 1) * l->plan->tick_s;
    if (l->stopped || time < next_s - near * l->step_s)
        return NULL;
    if (time > next_s + near * l->step_s)
        return "the simulation stepped over an edge of the clock";
    return tick(l, time, values);
}

double lockstep_voltage(const struct lockstep *l, const char *source, double time)
{
    size_t k = strtoul(source + strlen(LOCKSTEP_SOURCE), NULL, 10);
    if (k > l->plan->oscillators)
        return 0;
    double share = fmin(fmax((time - l->edge_s) / l->step_s, 0), 1);
    return l->plan->high_v * ((l->now[k] ? share : 0) + (l->before[k] ? 1 - share : 0));
}

/* The next point of the grid is never stepped over. */
double lockstep_limit_step(const struct lockstep *l, double time, double step)
{
    double next = floor(time / l->step_s + near) + 1;
    return fmin(step, next * l->step_s - time);
}

int lockstep_write_record(const struct lockstep *l)
{
    return fs_write(LOCKSTEP_RECORD_NAME, str_text(&l->record), l->record.length);
}
