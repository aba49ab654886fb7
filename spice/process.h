/* SPDX-License-Identifier: Apache-2.0
 *
 * One worker process, as its parent sees it. spice_run() (spice/run.h) is the way to use them.
 */
#ifndef OSCC_SPICE_PROCESS_H
#define OSCC_SPICE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "compiler/base/str.h"
#include "spice/run.h"

struct process {
    size_t index; /* of the job */
    pid_t pid;
    int alive;  /* read end of a pipe that the worker alone holds open: at its end it hangs up */
    int result; /* memory file, see spice/wire.h */
    double started_s; /* process_now() */
};

/* Why a running worker is ended, if it is. */
enum process_end { PROCESS_ENDED, PROCESS_TOO_LONG, PROCESS_INTERRUPTED };

/* A result together with what it points at. */
struct process_result {
    struct spice_result result;
    void *map;
    size_t map_length;
    struct str reason;
};

double process_now(void); /* s, from an arbitrary start */

/* Starts a worker for the job; binary NULL means this program. false, and the reason, where it
 * could not be started; nothing is left open then. */
bool process_start(struct process *process, const char *binary, const struct spice_job *job,
                   struct str *reason);

/* Ends the worker if it is still running, waits for it, and judges what it left. Closes the
 * process; free the result with process_result_free. */
void process_finish(struct process *process, const struct spice_job *job, enum process_end end,
                    struct process_result *result);
void process_result_free(struct process_result *result);

#endif
