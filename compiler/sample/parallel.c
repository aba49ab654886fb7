/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sample/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/arena.h"
#include "compiler/base/interrupt.h"

enum { MOST_WORKERS = 256, ALIGN = 64 };

struct loop {
    atomic_size_t next;
    size_t count;
    sample_task *task;
    void *context;
};

struct worker {
    struct loop *loop;
    int number;
    pthread_t thread;
};

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct loop *loop = worker->loop;
    while (!interrupt_requested()) {
        size_t index = atomic_fetch_add(&loop->next, 1);
        if (index >= loop->count)
            break;
        loop->task(loop->context, worker->number, index);
    }
    return NULL;
}

int sample_workers(int threads, size_t count)
{
    int most = count < MOST_WORKERS ? (int)count : MOST_WORKERS;
    int workers = threads < most ? threads : most;
    return workers < 1 ? 1 : workers;
}

bool sample_parallel(int workers, size_t count, sample_task *task, void *context)
{
    struct loop loop = {.count = count, .task = task, .context = context};
    struct worker worker[MOST_WORKERS];
    int made = 1; /* the calling thread is worker 0 */
    for (; made < sample_workers(workers, count); made++) {
        worker[made] = (struct worker){.loop = &loop, .number = made};
        if (pthread_create(&worker[made].thread, NULL, work, &worker[made]))
            break; /* those that there are do all of it */
    }
    worker[0] = (struct worker){.loop = &loop};
    work(&worker[0]);
    for (int i = 1; i < made; i++)
        pthread_join(worker[i].thread, NULL);
    return !interrupt_requested();
}

double *sample_doubles(size_t count)
{
    if (count > (SIZE_MAX / 2) / sizeof(double))
        arena_out_of_memory();
    size_t bytes = (count * sizeof(double) / ALIGN + 1) * ALIGN;
    double *memory = aligned_alloc(ALIGN, bytes);
    if (!memory)
        arena_out_of_memory();
    memset(memory, 0, bytes);
    return memory;
}
