/* SPDX-License-Identifier: Apache-2.0
 *
 * The worker: one process, one circuit. It is started in the job's folder with stdout and stderr
 * on the log, drives libngspice through one transient run, and leaves the values in a memory file
 * (spice/wire.h). It judges what only the process with the circuit in it can see; the lines of
 * the log are judged by the parent, which has them even when the worker dies.
 */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <signal.h>

#include <ngspice/sharedspice.h>

#include "spice/crossbar.h"
#include "spice/lockstep.h"
#include "spice/network.h"
#include "spice/run.h"
#include "spice/wire.h"

struct worker {
    int result; /* file descriptor */
    const char *deck;
    double stop_s;
    unsigned long long elements; /* expected */
    const char *network;         /* "-": none */
    int pins;                    /* see struct spice_job */
    char **vectors;
    size_t vector_count;

    struct crossbar *crossbar; /* NULL without a network */
    struct lockstep *lockstep; /* NULL without the digital control */
    bool counting;             /* lines of `inventory` come in */
    bool circuit;              /* it had a circuit to count */
    unsigned long long counted;
};

/* Writes the verdict and ends the process without running ngspice's or the sanitizers' handlers
 * for exit: what ngspice leaves behind is of no interest, and it may be in any state. */
static _Noreturn void finish(const struct worker *worker, struct wire_header *header)
{
    header->complete = WIRE_COMPLETE;
    fflush(NULL); /* what ngspice printed past the callback belongs to the log */
    ssize_t written = pwrite(worker->result, header, sizeof *header, 0);
    _exit(written == (ssize_t)sizeof *header ? 0 : 1);
}

__attribute__((format(printf, 3, 4))) static _Noreturn void
fail(const struct worker *worker, enum spice_verdict verdict, const char *format, ...)
{
    struct wire_header header = {.verdict = verdict};
    va_list args;
    va_start(args, format);
    vsnprintf(header.reason, sizeof header.reason, format, args);
    va_end(args);
    finish(worker, &header);
}

/* "ASRC: 7", one line a device type. */
static void count_line(struct worker *worker, const char *line)
{
    if (strstr(line, "Circuit Inventory")) {
        worker->circuit = true;
        return;
    }
    const char *colon = strrchr(line, ':');
    char *end;
    unsigned long long count = colon ? strtoull(colon + 1, &end, 10) : 0;
    if (colon && *end == '\0')
        worker->counted += count;
}

static int on_line(char *line, int id, void *user)
{
    struct worker *worker = user;
    (void)id;
    if (worker->counting)
        count_line(worker, line);
    /* unbuffered, so that the log is whole up to the moment a crash ends it */
    size_t length = strlen(line);
    char *copy = malloc(length + 1);
    if (!copy)
        return 0;
    memcpy(copy, line, length);
    copy[length] = '\n';
    fflush(stdout);
    for (size_t at = 0; at <= length;) {
        ssize_t written = write(STDOUT_FILENO, copy + at, length + 1 - at);
        if (written < 0 && errno != EINTR)
            break;
        at += written > 0 ? (size_t)written : 0;
    }
    free(copy);
    return 0;
}

static int on_status(char *status, int id, void *user)
{
    (void)status;
    (void)id;
    (void)user;
    return 0;
}

/* ngspice cannot go on after it called this, and returning from it leads nowhere good. */
static int on_exit_request(int status, NG_BOOL immediate, NG_BOOL quit, int id, void *user)
{
    (void)immediate;
    (void)id;
    fail(user, SPICE_CRASHED,
         quit ? "the deck told ngspice to quit, status %d" : "ngspice gave up, status %d", status);
}

static int on_vectors(pvecinfoall vectors, int id, void *user)
{
    struct worker *worker = user;
    (void)id;
    if (worker->crossbar && !crossbar_vectors(worker->crossbar, vectors))
        fail(worker, SPICE_NO_VECTOR, "the deck does not save every node of its network");
    if (worker->lockstep && !lockstep_vectors(worker->lockstep, vectors))
        fail(worker, SPICE_NO_VECTOR, "the deck does not save every captured phase");
    return 0;
}

static int on_point(pvecvaluesall values, int count, int id, void *user)
{
    struct worker *worker = user;
    (void)count;
    (void)id;
    if (worker->crossbar)
        crossbar_accept(worker->crossbar, values);
    const char *fault = worker->lockstep ? lockstep_accept(worker->lockstep, values) : NULL;
    if (fault)
        fail(worker, SPICE_CRASHED, "%s", fault);
    return 0;
}

static int on_current(double *amperes, double time, char *source, int id, void *user)
{
    struct worker *worker = user;
    (void)id;
    *amperes = worker->crossbar ? crossbar_current(worker->crossbar, source, time) : 0;
    return 0;
}

static int on_voltage(double *volts, double time, char *source, int id, void *user)
{
    struct worker *worker = user;
    (void)id;
    *volts = worker->lockstep ? lockstep_voltage(worker->lockstep, source, time) : 0;
    return 0;
}

static int on_step(double time, double *step, double old_step, int redo, int id, int location,
                   void *user)
{
    struct worker *worker = user;
    (void)old_step;
    (void)redo;
    (void)id;
    if (location == 0 && worker->crossbar)
        *step = crossbar_limit_step(worker->crossbar, *step);
    if (location == 0 && worker->lockstep)
        *step = lockstep_limit_step(worker->lockstep, time, *step);
    return 0;
}

static void start_ngspice(struct worker *worker)
{
    bool network = strcmp(worker->network, "-") != 0, pins = worker->pins != SPICE_NO_PINS;
    const char *fault;
    if (!network && !pins) {
        ngSpice_Init(on_line, on_status, on_exit_request, NULL, NULL, NULL, worker);
        return;
    }
    if (network && !(worker->crossbar = crossbar_read(worker->network, &fault)))
        fail(worker, SPICE_CRASHED, "the network \"%.100s\" %s", worker->network, fault);
    if (pins && !(worker->lockstep = lockstep_open(worker->pins, &fault)))
        fail(worker, SPICE_CRASHED, "the plan of the lock-step %s", fault);
    static int identity;
    ngSpice_Init(on_line, on_status, on_exit_request, on_point, on_vectors, NULL, worker);
    ngSpice_Init_Sync(on_voltage, on_current, on_step, &identity, worker);
}

static void command(const char *text)
{
    char copy[1024]; /* ngspice cuts commands at this length, and takes no const */
    snprintf(copy, sizeof copy, "%s", text);
    ngSpice_Command(copy);
}

/* Names that ngspice's command line takes as one word and as no expression, variable or option. */
static bool is_plain_name(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
    size_t length = strlen(name);
    return length > 0 && length < 512 && strspn(name, plain) == length;
}

static void load(struct worker *worker)
{
    if (!is_plain_name(worker->deck))
        fail(worker, SPICE_CRASHED, "ngspice cannot open a deck of the name \"%.100s\"",
             worker->deck);
    if (access(worker->deck, R_OK))
        fail(worker, SPICE_CRASHED, "cannot read the deck \"%.100s\": %s", worker->deck,
             strerror(errno));
    /* with a folder, so that ngspice does not look for it along its own paths */
    char source[600];
    snprintf(source, sizeof source, "source %s%s", worker->deck[0] == '/' ? "" : "./",
             worker->deck);
    command(source);

    worker->counting = true;
    command("inventory");
    worker->counting = false;
    if (!worker->circuit)
        fail(worker, SPICE_NO_PLOT, "no circuit was loaded");
    if (worker->counted != worker->elements)
        fail(worker, SPICE_WRONG_COUNT, "the circuit has %llu elements, %llu were emitted",
             worker->counted, worker->elements);
}

/* A requested vector as the plot names it: v(node) is "node", i(source) "source#branch". */
static void plot_name(const char *requested, char *name, size_t room)
{
    size_t length = strlen(requested);
    bool wrapped = length > 3 && requested[1] == '(' && requested[length - 1] == ')';
    if (wrapped && (requested[0] == 'v' || requested[0] == 'i'))
        snprintf(name, room, "%.*s%s", (int)(length - 3), requested + 2,
                 requested[0] == 'i' ? "#branch" : "");
    else
        snprintf(name, room, "%s", requested);
}

/* ngGet_Vec_Info looks into the plot of constants too, where a node that is called "e" or "c"
 * and was not saved would be found: so ask the plot for its names first. */
static const double *find_vector(char **saved, const char *requested, size_t *length)
{
    char name[512];
    plot_name(requested, name, sizeof name);
    for (size_t k = 0; saved && saved[k]; k++) {
        if (strcmp(saved[k], name) != 0)
            continue;
        const vector_info *info = ngGet_Vec_Info(name);
        if (!info || !info->v_realdata || info->v_length < 0)
            return NULL;
        *length = (size_t)info->v_length;
        return info->v_realdata;
    }
    return NULL;
}

static const double *check_time(struct worker *worker, char **saved, size_t *points)
{
    const double *time = find_vector(saved, "time", points);
    if (!time || *points == 0)
        fail(worker, SPICE_NO_PLOT, "the run has no points");
    for (size_t i = 0; i < *points; i++)
        if (!isfinite(time[i]) || (i > 0 && time[i] < time[i - 1]))
            fail(worker, SPICE_NO_VECTOR, "the time is not ascending at point %zu", i);
    double last = time[*points - 1];
    if (!(fabs(last - worker->stop_s) < 1e-9 * worker->stop_s))
        fail(worker, SPICE_SHORT, "the run ended at %.12g s, not at %.12g s", last, worker->stop_s);
    return time;
}

static _Noreturn void deliver(struct worker *worker, char *plot)
{
    char **saved = ngSpice_AllVecs(plot);
    size_t points = 0, count = worker->vector_count;
    const double *time = check_time(worker, saved, &points);

    size_t bytes;
    if (__builtin_mul_overflow(points, (count + 1) * sizeof(double), &bytes) ||
        __builtin_add_overflow(bytes, sizeof(struct wire_header), &bytes) ||
        ftruncate(worker->result, (off_t)bytes))
        fail(worker, SPICE_CRASHED, "no memory for %zu points of %zu vectors", points, count);
    void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, worker->result, 0);
    if (map == MAP_FAILED)
        fail(worker, SPICE_CRASHED, "no memory for %zu points of %zu vectors", points, count);
    double *times = (double *)(void *)((char *)map + sizeof(struct wire_header));
    double *values = times + points;
    memcpy(times, time, points * sizeof *times);
    for (size_t k = 0; k < count; k++) {
        size_t length = 0;
        const double *vector = find_vector(saved, worker->vectors[k], &length);
        if (!vector || length != points)
            fail(worker, SPICE_NO_VECTOR, "the run has no vector \"%.100s\"", worker->vectors[k]);
        for (size_t i = 0; i < points; i++) {
            if (!isfinite(vector[i]))
                fail(worker, SPICE_NO_VECTOR, "\"%.100s\" is not finite at %.6g s",
                     worker->vectors[k], time[i]);
            values[i * count + k] = vector[i];
        }
    }
    struct wire_header header = {.verdict = SPICE_GOOD, .points = points, .vectors = count};
    if (worker->crossbar)
        header.network_error = crossbar_error(worker->crossbar);
    int unwritten = worker->crossbar && crossbar_records(worker->crossbar)
                        ? crossbar_write_record(worker->crossbar, NETWORK_DRIVE_NAME)
                        : 0;
    if (!unwritten && worker->lockstep)
        unwritten = lockstep_write_record(worker->lockstep);
    if (unwritten)
        fail(worker, SPICE_CRASHED, "cannot write what the run recorded: %s", strerror(-unwritten));
    finish(worker, &header);
}

static bool parse_arguments(int argc, char **argv, struct worker *worker)
{
    if (argc < 8)
        return false;
    char *end[4];
    long result = strtol(argv[2], &end[0], 10);
    worker->deck = argv[3];
    worker->stop_s = strtod(argv[4], &end[1]);
    worker->elements = strtoull(argv[5], &end[2], 10);
    worker->result = (int)result;
    worker->network = argv[6];
    worker->pins = (int)strtol(argv[7], &end[3], 10);
    worker->vectors = argv + 8;
    worker->vector_count = (size_t)argc - 8;
    return result > STDERR_FILENO && result < 1 << 20 && worker->stop_s > 0 &&
           isfinite(worker->stop_s) && *end[0] == '\0' && *end[1] == '\0' && *end[2] == '\0' &&
           *end[3] == '\0';
}

int spice_worker_main(int argc, char **argv)
{
    static struct worker worker; /* ngspice keeps its address */
    if (!parse_arguments(argc, argv, &worker)) {
        fputs("usage: oscc --spice-worker <result-fd> <deck> <stop> <elements> <network> "
              "<pins> [<vector>...]\n"
              "(started by oscc itself, one process for each circuit)\n",
              stderr);
        return 2;
    }
    /* no worker outlives an oscc that was killed */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    start_ngspice(&worker);
    command("set num_threads=1");
    load(&worker);

    char *plot = ngSpice_CurPlot();
    char *before = strdup(plot ? plot : "");
    command("run");
    plot = ngSpice_CurPlot();
    if (!before || !plot || !strcmp(plot, before) || strncmp(plot, "tran", 4) != 0)
        fail(&worker, SPICE_NO_PLOT, "the deck ran no transient analysis");
    deliver(&worker, plot);
}
