/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "compiler/base/fs.h"
#include "compiler/base/interrupt.h"

extern char **environ;

bool tool_present(const struct tool *tool)
{
    struct arena arena = {0};
    const char *path = getenv("PATH");
    bool present = false;
    while (path && *path && !present) {
        size_t length = strcspn(path, ":");
        const char *folder = arena_strndup(&arena, path, length);
        present = access(fs_join(&arena, folder, tool->program), X_OK) == 0;
        path += length + (path[length] == ':');
    }
    arena_free(&arena);
    return present;
}

static char **words(struct arena *arena, const char *first, const char *const *rest)
{
    size_t count = 0;
    while (rest[count])
        count++;
    char **list = ARENA_ARRAY(arena, char *, count + 2);
    list[0] = arena_strdup(arena, first);
    for (size_t i = 0; i < count; i++)
        list[i + 1] = arena_strdup(arena, rest[i]);
    return list;
}

/* The settings stand before what they override. */
static char **environment(struct arena *arena, const char *const *settings)
{
    size_t count = 0, mine = 0, kept = 0;
    while (environ[count])
        count++;
    while (settings && settings[mine])
        mine++;
    char **list = ARENA_ARRAY(arena, char *, count + mine + 1);
    for (; kept < mine; kept++)
        list[kept] = arena_strdup(arena, settings[kept]);
    for (size_t i = 0; i < count; i++) {
        bool overridden = false;
        for (size_t s = 0; s < mine; s++) {
            size_t name = strcspn(settings[s], "=") + 1;
            overridden = overridden || !strncmp(settings[s], environ[i], name);
        }
        if (!overridden)
            list[kept++] = environ[i];
    }
    return list;
}

static int spawn(struct arena *arena, const struct tool_job *job, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int error = posix_spawn_file_actions_addchdir_np(&actions, job->folder);
    error =
        error ? error
              : posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    error = error ? error
                  : posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, job->log,
                                                     O_WRONLY | O_CREAT | O_TRUNC, 0666);
    error =
        error ? error : posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    error = error ? error : posix_spawnattr_setpgroup(&attributes, 0);
    error = error ? error : posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    error = error ? error
                  : posix_spawnp(pid, job->tool->program, &actions, &attributes,
                                 words(arena, job->tool->program, job->arguments),
                                 environment(arena, job->settings));
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

enum tool_end tool_run(struct arena *arena, const struct tool_job *job)
{
    pid_t pid;
    int error = spawn(arena, job, &pid), status = 0;
    if (error)
        return error == ENOENT ? TOOL_MISSING : TOOL_FAILED;
    enum tool_end end = TOOL_GOOD;
    const struct rlimit limit = {job->limit_s, job->limit_s};
    if (job->limit_s)
        prlimit(pid, RLIMIT_CPU, &limit, NULL); /* it ends by a signal then */
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (end == TOOL_GOOD && interrupt_requested())
            end = TOOL_INTERRUPTED;
        if (end != TOOL_GOOD)
            kill(-pid, SIGKILL); /* with whatever it has started */
        const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
        nanosleep(&pause, NULL);
    }
    if (end == TOOL_GOOD && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
        end = job->limit_s && WIFSIGNALED(status) &&
                      (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)
                  ? TOOL_TOO_LONG
                  : TOOL_FAILED;
    return end;
}

void tool_say_missing(const struct tool *tool, struct diags *diags)
{
    diag_error(diags, DIAG_TOOL, SPAN_NONE, "the program '%s' was not found", tool->program);
    diag_help(diags, "on Debian and Ubuntu the package %s holds it", tool->package);
}

bool tool_run_or_say(struct arena *arena, const struct tool_job *job, struct diags *diags)
{
    enum tool_end end = tool_run(arena, job);
    if (end == TOOL_GOOD)
        return true;
    if (end == TOOL_MISSING) {
        tool_say_missing(job->tool, diags);
        return false;
    }
    const char *log = fs_join(arena, job->folder, job->log);
    char *text = NULL, *line = NULL;
    size_t length = 0;
    if (!fs_read_text(arena, log, 1 << 28, &text, &length)) {
        while (length && text[length - 1] == '\n')
            text[--length] = '\0';
        char *last = strrchr(text, '\n');
        line = last ? last + 1 : text;
    }
    diag_error(diags, DIAG_TOOL, SPAN_NONE, "%s %s", job->tool->program,
               end == TOOL_FAILED     ? "failed"
               : end == TOOL_TOO_LONG ? "took too long and was ended"
                                      : "was interrupted");
    diag_help(diags, "its log: %s", log);
    if (line && *line)
        diag_help(diags, "which ends with: %.300s", line);
    return false;
}
