/* SPDX-License-Identifier: Apache-2.0
 *
 * Judging what a worker left: its end, its log, its own verdict, in this order of trust.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/base/fs.h"
#include "spice/process.h"
#include "spice/verdict.h"
#include "spice/wire.h"

const char *spice_verdict_name(enum spice_verdict verdict)
{
    static const char *const names[] = {
        [SPICE_GOOD] = "good",
        [SPICE_ERROR_LINE] = "error line",
        [SPICE_NO_PLOT] = "no plot",
        [SPICE_SHORT] = "short",
        [SPICE_WRONG_COUNT] = "wrong count",
        [SPICE_NO_VECTOR] = "no vector",
        [SPICE_CRASHED] = "crashed",
        [SPICE_INTERRUPTED] = "interrupted",
    };
    return (size_t)verdict < sizeof names / sizeof *names ? names[verdict] : "unknown verdict";
}

/* One line of a log as a part of a message: without the mark of the callback, printable, short. */
static void add_line(struct str *out, const char *line, size_t length)
{
    enum { LONGEST = 200 };
    if (length > 7 && (!memcmp(line, "stdout ", 7) || !memcmp(line, "stderr ", 7))) {
        line += 7;
        length -= 7;
    }
    while (length && (unsigned char)*line <= ' ') {
        line++;
        length--;
    }
    while (length && (unsigned char)line[length - 1] <= ' ')
        length--;
    for (size_t i = 0; i < length && i < LONGEST; i++) {
        bool printable = (unsigned char)line[i] >= ' ' && line[i] != 127;
        str_add_bytes(out, printable ? &line[i] : "?", 1);
    }
    if (length > LONGEST)
        str_add(out, "...");
}

/* The first error and what follows it: ngspice often says "Error on line 3:" first and then,
 * on lines of their own, which line and what is wrong with it. */
static void quote_error(struct str *out, const char *log, size_t length, const char *error,
                        size_t error_length)
{
    enum { FOLLOWING = 2 };
    static const char *const opening[] = {":", "from line", "stopped at", "at line"};
    str_add(out, "ngspice printed \"");
    size_t start = out->length;
    add_line(out, error, error_length);
    bool goes_on = false;
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++) {
        size_t tail = strlen(opening[i]);
        goes_on = goes_on || (out->length - start >= tail &&
                              !strcmp(out->text + out->length - tail, opening[i]));
    }
    const char *end = log + length, *at = error + error_length;
    for (int i = 0; goes_on && i < FOLLOWING && at < end; i++) {
        at++;
        const char *next = memchr(at, '\n', (size_t)(end - at));
        size_t line = (size_t)((next ? next : end) - at);
        str_add(out, " / ");
        add_line(out, at, line);
        at += line;
    }
    str_add(out, "\"");
}

/* The first error of the log goes to quote; false when there is none. */
static bool log_has_error(const struct spice_job *job, struct str *quote)
{
    struct str path = {0};
    str_addf(&path, "%s/" SPICE_LOG_NAME, job->folder);
    struct fs_map log;
    int error = fs_map(str_text(&path), &log);
    str_free(&path);
    if (error) {
        str_addf(quote, "cannot read the log: %s", strerror(-error));
        return true;
    }
    const char *text = log.bytes ? (const char *)log.bytes : "", *first;
    size_t length;
    bool found = spice_classify_log(text, log.length, &first, &length) == SPICE_LINE_ERROR;
    if (found)
        quote_error(quote, text, log.length, first, length);
    fs_unmap(&log);
    return found;
}

/* How the process ended, or nothing when it ended well. */
static void describe_end(struct str *out, const struct spice_job *job, enum process_end end,
                         int status)
{
    if (end == PROCESS_TOO_LONG)
        str_addf(out, "the worker took longer than %g s and was ended", job->limit_s);
    else if (WIFSIGNALED(status))
        str_addf(out, "the worker was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        str_addf(out, "the worker ended with status %d", WEXITSTATUS(status));
}

static const struct wire_header *map_result(int fd, struct process_result *result)
{
    struct stat info;
    if (fstat(fd, &info) || info.st_size < (off_t)sizeof(struct wire_header))
        return NULL;
    result->map_length = (size_t)info.st_size;
    result->map = mmap(NULL, result->map_length, PROT_READ, MAP_PRIVATE, fd, 0);
    if (result->map == MAP_FAILED)
        result->map = NULL;
    return result->map;
}

/* The worker's own verdict. What it wrote is checked like any file: it shared a process with a
 * simulator that may have overwritten its memory. */
static enum spice_verdict read_result(const struct wire_header *header, const struct spice_job *job,
                                      struct process_result *result)
{
    if (!header || header->complete != WIRE_COMPLETE || header->verdict >= SPICE_INTERRUPTED) {
        str_add(&result->reason, "the worker ended without a result");
        return SPICE_CRASHED;
    }
    if (header->verdict != SPICE_GOOD) {
        add_line(&result->reason, header->reason, strnlen(header->reason, WIRE_REASON));
        return (enum spice_verdict)header->verdict;
    }
    size_t room = (result->map_length - sizeof *header) / sizeof(double);
    if (header->vectors != job->vector_count || header->points == 0 ||
        header->points != room / (header->vectors + 1)) {
        str_add(&result->reason, "the worker's result has the wrong size");
        return SPICE_CRASHED;
    }
    result->result.network_error = header->network_error;
    result->result.points = header->points;
    result->result.time = (const double *)(const void *)(header + 1);
    result->result.values = result->result.time + header->points;
    return SPICE_GOOD;
}

static enum spice_verdict judge(const struct process *process, const struct spice_job *job,
                                enum process_end end, int status, struct process_result *result)
{
    if (end == PROCESS_INTERRUPTED) {
        str_add(&result->reason, "interrupted");
        return SPICE_INTERRUPTED;
    }
    struct str quote = {0};
    bool error_line = log_has_error(job, &quote);
    enum spice_verdict verdict;
    describe_end(&result->reason, job, end, status);
    if (result->reason.length) {
        verdict = SPICE_CRASHED;
        if (error_line)
            str_addf(&result->reason, "; %s", str_text(&quote));
    } else if (error_line) {
        verdict = SPICE_ERROR_LINE;
        str_add(&result->reason, str_text(&quote));
    } else {
        verdict = read_result(map_result(process->result, result), job, result);
    }
    str_free(&quote);
    return verdict;
}

void process_finish(struct process *process, const struct spice_job *job, enum process_end end,
                    struct process_result *result)
{
    *result = (struct process_result){0};
    if (end != PROCESS_ENDED)
        kill(process->pid, SIGKILL);
    int status = 0;
    while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
        ;
    result->result.wall_s = process_now() - process->started_s;
    close(process->alive);
    result->result.verdict = judge(process, job, end, status, result);
    close(process->result);
    result->result.reason = result->reason.length ? str_text(&result->reason) : NULL;
}

void process_result_free(struct process_result *result)
{
    if (result->map)
        munmap(result->map, result->map_length);
    str_free(&result->reason);
    *result = (struct process_result){0};
}
