/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs jobs in worker processes, so many at a time. Only the running ones take memory.
 */
#include <poll.h>

#include "compiler/base/interrupt.h"
#include "spice/process.h"

struct pool {
    const struct spice_pool *plan;
    const struct spice_job *jobs;
    struct process *running; /* `room` of each */
    struct pollfd *polled;
    size_t room, count;
};

static void report(const struct pool *pool, size_t index, const struct spice_result *result)
{
    if (pool->plan->done)
        pool->plan->done(pool->plan->user, index, result);
}

static void start(struct pool *pool, size_t index)
{
    struct process *process = &pool->running[pool->count];
    struct str reason = {0};
    process->index = index;
    if (process_start(process, pool->plan->worker, &pool->jobs[index], &reason)) {
        pool->count++;
    } else {
        struct spice_result result = {.verdict = SPICE_CRASHED, .reason = str_text(&reason)};
        report(pool, index, &result);
    }
    str_free(&reason);
}

/* Takes one worker out; the last one moves to its slot. */
static void finish(struct pool *pool, size_t slot, enum process_end end)
{
    struct process process = pool->running[slot];
    pool->running[slot] = pool->running[--pool->count];
    struct process_result result;
    process_finish(&process, &pool->jobs[process.index], end, &result);
    report(pool, process.index, &result.result);
    process_result_free(&result);
}

static double time_left(const struct pool *pool, size_t slot, double now)
{
    const struct process *process = &pool->running[slot];
    return process->started_s + pool->jobs[process->index].limit_s - now;
}

static bool has_limit(const struct pool *pool, size_t slot)
{
    return pool->jobs[pool->running[slot].index].limit_s > 0;
}

/* Sleeps until a worker ends or has to be ended. Not for longer than GLANCE_MS: a signal may
 * arrive just before the sleep, or in another thread, and would then not wake it. */
static void wait_for_workers(struct pool *pool)
{
    enum { GLANCE_MS = 200 };
    double sleep_ms = GLANCE_MS, now = process_now();
    for (size_t i = 0; i < pool->count; i++) {
        pool->polled[i] = (struct pollfd){.fd = pool->running[i].alive};
        double left_ms = has_limit(pool, i) ? 1e3 * time_left(pool, i, now) : GLANCE_MS;
        if (left_ms < sleep_ms)
            sleep_ms = left_ms > 0 ? left_ms : 0;
    }
    /* rounded up, or the last millisecond before a limit would be spent in turning round */
    int ended = poll(pool->polled, (nfds_t)pool->count, (int)sleep_ms + 1);
    now = process_now();
    for (size_t i = pool->count; i-- > 0;) {
        /* downwards: finish() moves the last worker, seen already, to slot i */
        if (ended > 0 && pool->polled[i].revents)
            finish(pool, i, PROCESS_ENDED);
        else if (has_limit(pool, i) && time_left(pool, i, now) <= 0)
            finish(pool, i, PROCESS_TOO_LONG);
    }
}

bool spice_run(const struct spice_pool *plan, const struct spice_job *jobs, size_t count)
{
    size_t room = plan->jobs > 1 ? (size_t)plan->jobs : 1;
    if (room > count)
        room = count;
    if (count == 0)
        return !interrupt_requested();
    struct pool pool = {.plan = plan, .jobs = jobs, .room = room};
    struct arena arena = {0};
    pool.running = ARENA_ARRAY(&arena, struct process, room);
    pool.polled = ARENA_ARRAY(&arena, struct pollfd, room);

    size_t next = 0;
    while ((next < count || pool.count > 0) && !interrupt_requested()) {
        while (pool.count < pool.room && next < count && !interrupt_requested())
            start(&pool, next++);
        if (pool.count > 0)
            wait_for_workers(&pool);
    }
    bool whole = next == count && pool.count == 0;
    while (pool.count > 0)
        finish(&pool, pool.count - 1, PROCESS_INTERRUPTED);
    arena_free(&arena);
    return whole;
}
