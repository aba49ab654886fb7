/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside of compiler/sample: a loop over independent tasks on several threads, and memory.
 */
#ifndef OSCC_SAMPLE_PARALLEL_H
#define OSCC_SAMPLE_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

/* Does task number `index`; `worker` (0 .. workers - 1) says which scratch memory is free to use.
 * What a task computes must not depend on the worker. */
typedef void sample_task(void *context, int worker, size_t index);

/* Does tasks 0 .. count - 1 on up to `workers` threads, the calling one among them (fewer when no
 * more can be made). Returns false when the user interrupted; some tasks are then not done. */
bool sample_parallel(int workers, size_t count, sample_task *task, void *context);

/* The number of workers worth having: at least 1, at most one a task. */
int sample_workers(int threads, size_t count);

/* Zeroed room for count doubles, aligned to 64 bytes, so that no kernel that looks at alignment
 * rounds differently from call to call. Out of memory ends the program. Free with free(). */
double *sample_doubles(size_t count);

#endif
