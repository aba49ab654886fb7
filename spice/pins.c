/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/pins.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_S = 600 };

extern char **environ;

/* Its group is its own, so that Ctrl-C reaches oscc alone; no signal is ignored or blocked. */
static int spawn(struct pins *pins, int end, const char *const *command, const char *folder)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, pipe;
    sigemptyset(&none);
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int error = posix_spawn_file_actions_addchdir_np(&actions, folder);
    error = error ? error : posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO);
    error = error ? error
                  : posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "pins.log",
                                                     O_WRONLY | O_CREAT | O_TRUNC, 0666);
    error = error ? error : posix_spawnattr_setsigmask(&attributes, &none);
    error = error ? error : posix_spawnattr_setsigdefault(&attributes, &pipe);
    error = error ? error : posix_spawnattr_setpgroup(&attributes, 0);
    error = error ? error
                  : posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
                                                              POSIX_SPAWN_SETSIGMASK |
                                                              POSIX_SPAWN_SETSIGDEF);
    char *const *arguments = (char *const *)(uintptr_t)(const void *)command;
    error = error ? error
                  : posix_spawnp(&pins->pid, command[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

bool pins_start(struct pins *pins, const char *const *command, const char *folder,
                struct str *reason)
{
    int ends[2];
    *pins = (struct pins){.line = -1};
    int error = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) ? errno : 0;
    if (!error) {
        const struct timeval patience = {.tv_sec = PATIENCE_S};
        setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        pins->line = ends[0];
        error = spawn(pins, ends[1], command, folder);
        close(ends[1]);
        if (error) {
            close(pins->line);
            *pins = (struct pins){.line = -1};
        }
    }
    if (error)
        str_addf(reason, "cannot start '%s': %s", command[0], strerror(error));
    return !error;
}

void pins_end(struct pins *pins)
{
    if (pins->line >= 0)
        close(pins->line);
    if (pins->pid > 0) {
        kill(pins->pid, SIGKILL); /* it holds nothing that has to be saved */
        while (waitpid(pins->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    *pins = (struct pins){.line = -1};
}

static void clear(struct str *text)
{
    text->length = 0;
    str_add(text, ""); /* ends it there */
}

static bool send_all(const struct pins *pins, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        ssize_t sent = send(pins->line, text + at, length - at, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            return false;
        at += sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

/* One line; there is no other behind it, as nothing is said without being asked. */
static bool receive_line(const struct pins *pins, struct str *answer)
{
    char part[4096];
    clear(answer);
    while (!answer->length || answer->text[answer->length - 1] != '\n') {
        ssize_t got = recv(pins->line, part, sizeof part, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        str_add_bytes(answer, part, (size_t)got);
    }
    answer->text[--answer->length] = '\0';
    return true;
}

bool pins_ask(const struct pins *pins, const char *command, struct str *answer)
{
    struct str line = {0};
    str_addf(&line, "%s\n", command);
    bool good = send_all(pins, line.text, line.length) && receive_line(pins, answer);
    str_free(&line);
    if (!good) {
        clear(answer);
        str_addf(answer, "the digital control's process does not answer \"%.40s\"", command);
    }
    return good;
}

void pins_add_hex(size_t count, const bool *bit, struct str *out)
{
    for (size_t digit = (count + 3) / 4; digit-- > 0;) {
        unsigned value = 0;
        for (size_t b = 0; b < 4 && 4 * digit + b < count; b++)
            value |= (unsigned)bit[4 * digit + b] << b;
        str_addf(out, "%x", value);
    }
}

bool pins_read_hex(const char *text, size_t count, bool *bit)
{
    size_t length = strspn(text, "0123456789abcdefABCDEF");
    if (length != (count + 3) / 4 || (text[length] && text[length] != ' '))
        return false;
    for (size_t b = 0; b < 4 * length; b++) {
        char digit = text[length - 1 - b / 4];
        int value = digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
        bool set = value >> (b % 4) & 1;
        if (b < count)
            bit[b] = set;
        else if (set)
            return false;
    }
    return true;
}

bool pins_read_state(const char *text, size_t count, struct pins_state *state)
{
    unsigned en, power, busy;
    const char *rest = strchr(text, ' ');
    if (!rest || !pins_read_hex(text, count, state->h) ||
        sscanf(rest, "%u %u %x %u", &en, &power, &state->lag, &busy) != 4 || en > 1 || power > 1 ||
        busy > 1)
        return false;
    state->en = en;
    state->power = power;
    state->busy = busy;
    return true;
}

bool pins_tick(const struct pins *pins, size_t count, const bool *q, struct pins_state *state,
               struct str *answer)
{
    struct str command = {0};
    str_add(&command, "t ");
    pins_add_hex(count, q, &command);
    bool good = pins_ask(pins, str_text(&command), answer);
    str_free(&command);
    if (!good || pins_read_state(answer->text, count, state))
        return good;
    struct str fault = {0};
    str_addf(&fault, "the digital control's pins are no levels: \"%.80s\"", answer->text);
    clear(answer);
    str_add(answer, str_text(&fault));
    str_free(&fault);
    return false;
}
