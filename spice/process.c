/* SPDX-License-Identifier: Apache-2.0
 *
 * Starting a worker. posix_spawn and never fork alone: this process may have used OpenMP or BLAS,
 * whose threads a forked child would miss.
 */
#include "spice/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "compiler/base/arena.h"
#include "spice/wire.h"

double process_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ngspice reads this file, or the one in the user's home where it is missing. An existing one
 * stays: it belongs to the deck. */
static int write_init_file(const char *folder)
{
    static const char text[] = "* written by oscc: settings that every run starts from\n"
                               "set num_threads=1\n"
                               "set ng_nomodcheck\n";
    struct str path = {0};
    str_addf(&path, "%s/.spiceinit", folder);
    int fd = open(str_text(&path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int error = 0;
    if (fd < 0)
        error = errno == EEXIST ? 0 : errno;
    else if (write(fd, text, sizeof text - 1) != (ssize_t)(sizeof text - 1))
        error = errno ? errno : EIO;
    if (fd >= 0)
        close(fd);
    str_free(&path);
    return error;
}

/* A worker's environment: nothing of the user's that could change a result. What is let through
 * says where things are installed, and steers sanitizers. */
static char **make_environment(struct arena *arena, const char *folder)
{
    static const char *const kept[] = {"PATH",         "LD_LIBRARY_PATH", "SPICE_LIB_DIR",
                                       "ASAN_OPTIONS", "SPICE_SCRIPTS",   "UBSAN_OPTIONS",
                                       "PDK_ROOT",     "LSAN_OPTIONS"};
    enum { KEPT = sizeof kept / sizeof *kept };
    char **list = ARENA_ARRAY(arena, char *, KEPT + 5);
    size_t count = 0;
    for (size_t i = 0; i < KEPT; i++) {
        const char *value = getenv(kept[i]);
        if (value)
            list[count++] = arena_printf(arena, "%s=%s", kept[i], value);
    }
    list[count++] = arena_printf(arena, "HOME=%s", folder);
    list[count++] = arena_strdup(arena, "LC_ALL=C");
    /* the worker needs no BLAS, and starting its threads takes longer than a small circuit */
    list[count++] = arena_strdup(arena, "OPENBLAS_NUM_THREADS=1");
    list[count++] = arena_strdup(arena, "OMP_NUM_THREADS=1");
    return list;
}

static char **make_arguments(struct arena *arena, const struct spice_job *job, int result)
{
    char **list = ARENA_ARRAY(arena, char *, job->vector_count + 9);
    size_t count = 0;
    list[count++] = arena_strdup(arena, "oscc");
    list[count++] = arena_strdup(arena, "--spice-worker");
    list[count++] = arena_printf(arena, "%d", result);
    list[count++] = arena_strdup(arena, job->deck);
    list[count++] = arena_printf(arena, "%.17g", job->stop_s);
    list[count++] = arena_printf(arena, "%zu", job->elements);
    list[count++] = arena_strdup(arena, job->network ? job->network : "-");
    list[count++] = arena_printf(arena, "%d", job->pins);
    for (size_t i = 0; i < job->vector_count; i++)
        list[count++] = arena_strdup(arena, job->vectors[i]);
    return list;
}

/* In its own process group, so that Ctrl-C reaches oscc alone, which then ends its workers and
 * knows that it did. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, reset;
    sigemptyset(&none);
    sigemptyset(&reset);
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(&reset, signals[i]);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    error = error ? error : posix_spawnattr_setsigdefault(attributes, &reset);
    error = error ? error : posix_spawnattr_setpgroup(attributes, 0);
    return error ? error
                 : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP |
                                                            POSIX_SPAWN_SETSIGMASK |
                                                            POSIX_SPAWN_SETSIGDEF);
}

/* alive, result and pins keep their numbers: dup2 onto themselves only clears their close-on-exec.
 */
static int set_actions(posix_spawn_file_actions_t *actions, const char *folder, int alive,
                       int result, int pins)
{
    int error = posix_spawn_file_actions_addchdir_np(actions, folder);
    error = error
                ? error
                : posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    error = error ? error
                  : posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, SPICE_LOG_NAME,
                                                     O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, STDOUT_FILENO, STDERR_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, alive, alive);
    if (pins > STDERR_FILENO)
        error = error ? error : posix_spawn_file_actions_adddup2(actions, pins, pins);
    return error ? error : posix_spawn_file_actions_adddup2(actions, result, result);
}

static int spawn(struct process *process, int alive, const char *binary, const char *folder,
                 const struct spice_job *job)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        struct arena arena = {0};
        error = set_attributes(&attributes);
        error = error ? error : set_actions(&actions, folder, alive, process->result, job->pins);
        error = error ? error
                      : posix_spawn(&process->pid, binary, &actions, &attributes,
                                    make_arguments(&arena, job, process->result),
                                    make_environment(&arena, folder));
        arena_free(&arena);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* The file descriptors, then the process; errno values. */
static int open_and_spawn(struct process *process, const char *binary, const char *folder,
                          const struct spice_job *job)
{
    int ends[2];
    process->result = memfd_create("oscc-spice-result", MFD_CLOEXEC);
    if (process->result < 0)
        return errno;
    int error = pipe2(ends, O_CLOEXEC) ? errno : 0;
    if (!error) {
        process->alive = ends[0];
        process->started_s = process_now();
        error = spawn(process, ends[1], binary, folder, job);
        close(ends[1]);
        if (error)
            close(ends[0]);
    }
    if (error)
        close(process->result);
    return error;
}

bool process_start(struct process *process, const char *binary, const struct spice_job *job,
                   struct str *reason)
{
    /* the worker runs in another folder, so both paths must be absolute; this program's own may
     * have been replaced on disk by now, which /proc does not mind */
    char *folder = realpath(job->folder, NULL);
    if (!folder) {
        str_addf(reason, "cannot open the folder \"%s\": %s", job->folder, strerror(errno));
        return false;
    }
    char *program = binary ? realpath(binary, NULL) : strdup("/proc/self/exe");
    int error = program ? 0 : errno;
    if (error) {
        str_addf(reason, "cannot find the worker \"%s\": %s", binary ? binary : "",
                 strerror(error));
    } else if ((error = write_init_file(folder))) {
        str_addf(reason, "cannot write \"%s/.spiceinit\": %s", job->folder, strerror(error));
    } else if ((error = open_and_spawn(process, program, folder, job))) {
        str_addf(reason, "cannot start a worker in \"%s\": %s", job->folder, strerror(error));
    }
    free(program);
    free(folder);
    return error == 0;
}
