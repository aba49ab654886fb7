/* SPDX-License-Identifier: Apache-2.0
 *
 * Running a program of somebody else's to its end: Yosys, OpenSTA, Icarus Verilog.
 */
#ifndef OSCC_SYNTH_TOOL_H
#define OSCC_SYNTH_TOOL_H

#include <stdbool.h>

#include "compiler/base/arena.h"
#include "compiler/base/diag.h"

struct tool {
    const char *program, *package; /* what it is called, and the Debian package that holds it */
};

struct tool_job {
    const struct tool *tool;
    const char *const *arguments; /* without the program; NULL-terminated */
    const char *const *settings;  /* "NAME=VALUE" beside this process's environment, or NULL */
    const char *folder;           /* where it runs */
    const char *log;              /* a file there that takes what it prints */
    unsigned limit_s;             /* of processor time, ended after that; 0: never */
};

enum tool_end { TOOL_GOOD, TOOL_FAILED, TOOL_TOO_LONG, TOOL_INTERRUPTED, TOOL_MISSING };

/* Whether a program is to be found. */
bool tool_present(const struct tool *tool);

/* Runs it; TOOL_FAILED where its exit status is not 0. */
enum tool_end tool_run(struct arena *arena, const struct tool_job *job);

/* The same, with a fault in diags, which quotes the log's last line, for all but TOOL_GOOD. */
bool tool_run_or_say(struct arena *arena, const struct tool_job *job, struct diags *diags);

/* E403 for a program that is not there. */
void tool_say_missing(const struct tool *tool, struct diags *diags);

#endif
