/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/cosim_build.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/base/fs.h"
#include "pdk/pdk.h"

enum { MOST_WORDS = 128 };

extern char **environ;

static const struct {
    const char *name, *tool, *package;
    const char *const build[16], *const run[4];
} kinds[COSIM_BUILDS] = {
    {"verilator",
     "verilator",
     "verilator",
     {"verilator", "--binary", "-O3", "-Wno-lint", "-Wno-style", "-j", "2", "--top-module", "pins",
      "-Mdir", "obj", "-o", "../pins", NULL},
     {"./pins", NULL}},
    {"icarus",
     "iverilog",
     "iverilog",
     {"iverilog", "-g2005", "-s", "pins", "-o", "pins.vvp", NULL},
     {"vvp", "-n", "pins.vvp", NULL}},
    {"gates",
     "iverilog",
     "iverilog",
     {"iverilog", "-g2005", "-DOSCC_NETLIST", "-s", "pins", "-o", "pins.vvp", NULL},
     {"vvp", "-n", "pins.vvp", NULL}},
};

const char *cosim_build_name(enum cosim_build_kind kind)
{
    return kinds[kind].name;
}

/* Runs a tool in a folder to its end, what it says in build.log there. 0, its status, or a negative
 * errno. */
static int run_tool(char *const *words, const char *folder)
{
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    int error = posix_spawn_file_actions_addchdir_np(&actions, folder);
    error =
        error ? error
              : posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    error = error ? error
                  : posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "build.log",
                                                     O_WRONLY | O_CREAT | O_TRUNC, 0666);
    error =
        error ? error : posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    error = error ? error : posix_spawnp(&pid, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error)
        return -error;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    return length >= tail && !strcmp(name + length - tail, ending);
}

/* The mapped control and the memories that it was left; its cells come from their library. */
static const char *const netlist[] = {"../synth/control_netlist.v", "ram.v"};

/* The library's cells as Verilog, in cells.v. */
static int write_cells(struct arena *arena, const char *from, const char *folder)
{
    char *words[] = {
        "yosys", "-q", "-p",
        arena_printf(arena, "read_liberty -ignore_miss_func %s; write_verilog -noattr cells.v",
                     fs_join(arena, from, "../synth/cells.lib")),
        NULL};
    return run_tool(words, folder);
}

/* Adds the Verilog of a folder (or the netlist of what is in it), and copies the tables that it
 * reads to where it will run. */
static int add_sources(struct arena *arena, bool gates, const char *from, const char *folder,
                       char **words, size_t *count)
{
    char **names;
    size_t files;
    int error = fs_list(arena, from, &names, &files);
    for (size_t i = 0; i < sizeof netlist / sizeof *netlist && gates; i++)
        words[(*count)++] = fs_join(arena, from, netlist[i]);
    for (size_t i = 0; i < files && !error; i++) {
        if (ends_with(names[i], ".hex"))
            error = fs_copy(fs_join(arena, from, names[i]), fs_join(arena, folder, names[i]));
        if (gates || !ends_with(names[i], ".v"))
            continue;
        if (*count + 2 > MOST_WORDS)
            return -E2BIG;
        words[(*count)++] = fs_join(arena, from, names[i]);
    }
    return error;
}

bool cosim_build(struct arena *arena, enum cosim_build_kind kind, const char *chip,
                 const char *folder, struct diags *diags)
{
    char *words[MOST_WORDS] = {NULL};
    size_t count = 0;
    const char *data = pdk_data_folder(arena);
    char *from = realpath(fs_join(arena, chip, "verilog"), NULL);
    for (const char *const *word = kinds[kind].build; *word; word++)
        words[count++] = arena_strdup(arena, *word);
    words[count++] = arena_printf(arena, "-I%s", from ? from : "");
    words[count++] = fs_join(arena, data ? data : "", "netlist/rtl/tb/pins.v");
    if (kind == COSIM_GATES && from && !fs_exists(fs_join(arena, from, netlist[0]))) {
        diag_error(diags, DIAG_USAGE, SPAN_NONE, "the chip's control was not mapped to gates");
        diag_help(diags, "oscc synth %s", chip);
        free(from);
        return false;
    }
    int error = from ? fs_make_folders(folder) : -ENOENT;
    if (!error)
        error = add_sources(arena, kind == COSIM_GATES, from, folder, words, &count);
    if (error)
        diag_error(diags, DIAG_IO, SPAN_NONE, "cannot read the Verilog of '%s': %s", chip,
                   strerror(-error));
    int status = 0;
    if (!error && kind == COSIM_GATES) {
        words[count++] = "cells.v";
        status = write_cells(arena, from, folder);
    }
    if (!error && !status)
        status = run_tool(words, folder);
    if (status == -ENOENT) {
        diag_error(diags, DIAG_TOOL, SPAN_NONE, "%s was not found", kinds[kind].tool);
        diag_help(diags, "co-simulation needs it; on Debian: apt install %s", kinds[kind].package);
    } else if (status) {
        diag_error(diags, DIAG_TOOL, SPAN_NONE, "%s could not build the digital control",
                   kinds[kind].tool);
        char *said;
        size_t length;
        if (!fs_read_text(arena, fs_join(arena, folder, "build.log"), 1 << 24, &said, &length))
            diag_help(diags, "it said: %.*s", (int)strcspn(said, "\n"), said);
    }
    free(from);
    return !error && !status;
}

bool cosim_build_start(enum cosim_build_kind kind, const char *folder, struct pins *pins,
                       struct str *reason)
{
    return pins_start(pins, kinds[kind].run, folder, reason);
}
