/* SPDX-License-Identifier: Apache-2.0
 *
 * What lock-step costs: the first sample of a co-simulation, once with the digital control
 * answering at each edge of its clock, once with the same answers from the record. The circuits,
 * steps and waveforms are the same.
 *
 *   oscc verify CHIP --cosim --level LEVEL, then
 *   bench_cosim CHIP [LEVEL [TIMES]]        LEVEL: cell (the default) or device; the best of TIMES,
 * 3
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

#include "compiler/base/fs.h"
#include "spice/cosim.h"
#include "spice/count.h"
#include "spice/lockstep_plan.h"
#include "spice/run.h"

struct bench {
    struct arena arena;
    const char *campaign, *run; /* folders */
    bool device;
    struct spice_job job;
    double wall_s; /* of the last run; 0: it failed */
};

static double processor_s(void)
{
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* What the control's process has used so far. */
static double control_s(const struct pins *pins)
{
    char path[64];
    unsigned long user = 0, kernel = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pins->pid);
    FILE *file = pins->pid ? fopen(path, "r") : NULL;
    if (file) {
        if (fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                   &kernel) != 2)
            user = kernel = 0;
        fclose(file);
    }
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static void take(void *user, size_t index, const struct spice_result *result)
{
    struct bench *b = user;
    (void)index;
    b->wall_s = result->verdict == SPICE_GOOD ? result->wall_s : 0;
    if (result->reason)
        fprintf(stderr, "%s\n", result->reason);
}

/* What was said before the worker had the line: to the end of the chains' reading, or, at level
 * cell, to the edge at which en rose. */
static bool say(struct bench *b, const struct pins *pins)
{
    char *said, *line;
    size_t length;
    struct str answer = {0};
    bool good = !fs_read_text(&b->arena, fs_join(&b->arena, b->campaign, "said.txt"),
                              (size_t)1 << 32, &said, &length);
    bool chains = false, reached = false;
    for (line = good ? said : NULL; line && *line && good && !reached;) {
        char *end = strchr(line, '\n'), *next = end ? strchr(end + 1, '\n') : NULL;
        if (!next)
            return false;
        *end = *next = '\0';
        good = pins_ask(pins, line + 2, &answer) && !strcasecmp(answer.text, end + 3);
        chains = chains || !strcmp(line, "> d");
        const char *en = chains && line[2] == 't' ? strchr(end + 3, ' ') : NULL;
        reached = b->device ? chains : en && en[1] == '1';
        line = next + 1;
    }
    str_free(&answer);
    return good && reached;
}

/* Seconds of the worker's wall time, and of processor time of both processes; 0: it failed. */
static double run(struct bench *b, bool live, double *processor)
{
    struct pins pins = {.line = SPICE_PINS_PLAYED};
    struct str reason = {0};
    if (live &&
        (!cosim_build_start(COSIM_VERILATOR, fs_join(&b->arena, b->campaign, "build-verilator"),
                            &pins, &reason) ||
         !say(b, &pins))) {
        fprintf(stderr, "the digital control does not say what it said: %s\n", str_text(&reason));
        return 0;
    }
    double before = processor_s() + control_s(&pins);
    b->job.pins = pins.line;
    b->wall_s = 0;
    struct spice_pool pool = {OSCC_BINARY, 1, take, b};
    spice_run(&pool, &b->job, 1);
    *processor = processor_s() + control_s(&pins) - before;
    pins_end(&pins);
    str_free(&reason);
    return b->wall_s;
}

static bool open_bench(struct bench *b, const char *chip, const char *level)
{
    char *deck, *tran;
    size_t length;
    b->device = !strcmp(level, "device");
    b->campaign =
        arena_printf(&b->arena, "%s/verify/cosim-%s-%s", chip, level, b->device ? "tt" : "nominal");
    b->run = fs_join(&b->arena, b->campaign, "000000");
    b->job = (struct spice_job){.folder = b->run, .deck = "deck.spice"};
    const char *path = fs_join(&b->arena, b->run, b->job.deck);
    if (fs_read_text(&b->arena, path, (size_t)1 << 32, &deck, &length) ||
        !(tran = strstr(deck, ".tran ")) || sscanf(tran, ".tran %*g %lg", &b->job.stop_s) != 1 ||
        spice_count_elements(&b->arena, path, &b->job.elements, NULL) ||
        fs_copy(fs_join(&b->arena, b->run, LOCKSTEP_RECORD_NAME),
                fs_join(&b->arena, b->run, LOCKSTEP_PLAYED_NAME))) {
        fprintf(stderr, "'%s' is no run of a co-simulation: oscc verify %s --cosim --level %s\n",
                b->run, chip, level);
        return false;
    }
    if (fs_exists(fs_join(&b->arena, b->run, "network.bin")))
        b->job.network = "network.bin";
    return true;
}

int main(int argc, char **argv)
{
    struct bench b = {0};
    const char *level = argc > 2 ? argv[2] : "cell";
    int times = argc > 3 ? atoi(argv[3]) : 3;
    double best[2] = {0}, processor[2] = {0};
    if (argc < 2 || !open_bench(&b, argv[1], level))
        return 2;
    for (int i = 0; i < times; i++) { /* in turn, so that the machine's load is the same for both */
        for (int live = 0; live < 2; live++) {
            double used, wall = run(&b, live, &used);
            if (!(wall > 0))
                return 3;
            best[live] = i && best[live] < wall ? best[live] : wall;
            processor[live] = i && processor[live] < used ? processor[live] : used;
        }
    }
    printf("level %s, seconds of the first sample, best of %d\n", level, times);
    printf("%-28s %10s %10s\n", "", "wall", "processor");
    printf("%-28s %10.4f %10.4f\n", "recorded control", best[0], processor[0]);
    printf("%-28s %10.4f %10.4f\n", "in lock-step", best[1], processor[1]);
    printf("%-28s %9.1f%% %9.1f%%\n", "lock-step costs", 100 * (best[1] / best[0] - 1),
           100 * (processor[1] / processor[0] - 1));
    arena_free(&b.arena);
    return 0;
}
