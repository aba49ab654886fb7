/* SPDX-License-Identifier: Apache-2.0
 *
 * For test_cards.c: one deck in one process of its own, all its analyses, every vector they left.
 */
#ifndef OSCC_CARDS_WORKER_H
#define OSCC_CARDS_WORKER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ngspice/sharedspice.h>

#include "compiler/base/fs.h"
#include "spice/process.h"

struct vector {
    const char *plot, *name; /* "dc1", "i(v1)" as ngspice names it */
    size_t length;
    const double *values;
};

struct outcome {
    struct vector *vectors;
    size_t count;
    double load_s, run_s, peak_mb;
};

static int worker_line(char *line, int id, void *user)
{
    (void)id;
    (void)user;
    puts(line);
    return 0;
}

static int worker_exit(int status, NG_BOOL immediate, NG_BOOL quit, int id, void *user)
{
    (void)immediate, (void)quit, (void)id, (void)user;
    fflush(NULL);
    _exit(status ? status : 9);
}

static int worker_command(const char *text)
{
    char copy[1000];
    snprintf(copy, sizeof copy, "%s", text);
    return ngSpice_Command(copy);
}

static void worker_vector(FILE *out, const char *plot, const char *name)
{
    char full[512];
    snprintf(full, sizeof full, "%s.%s", plot, name);
    const vector_info *info = ngGet_Vec_Info(full);
    if (!info || !info->v_realdata || info->v_length <= 0)
        return;
    fprintf(out, "%s %s %d\n", plot, name, info->v_length);
    fwrite(info->v_realdata, sizeof(double), (size_t)info->v_length, out);
    fputc('\n', out);
}

/* Since this program began; getrusage() would count the test that it was forked from. */
static double worker_peak_mb(void)
{
    char line[256];
    double kb = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %lf", &kb) == 1)
            break;
    if (status)
        fclose(status);
    return kb / 1024;
}

/* argv: --cards-worker DECK RESULT */
static int cards_worker(char **argv)
{
    if (!freopen("log.txt", "w", stdout) || dup2(1, 2) < 0)
        return 9;
    ngSpice_Init(worker_line, NULL, worker_exit, NULL, NULL, NULL, NULL);
    worker_command("set num_threads=1");
    char source[600];
    snprintf(source, sizeof source, "source ./%s", argv[2]);
    double begin = process_now();
    worker_command(source);
    double loaded = process_now();
    worker_command("run");
    double ran = process_now();
    FILE *out = fopen(argv[3], "wb");
    if (!out)
        return 9;
    fprintf(out, "%.6f %.6f %.3f\n", loaded - begin, ran - loaded, worker_peak_mb());
    char **plots = ngSpice_AllPlots();
    for (size_t i = 0; plots && plots[i]; i++)
        if (strcmp(plots[i], "const") != 0) {
            char **names = ngSpice_AllVecs(plots[i]);
            for (size_t k = 0; names && names[k]; k++)
                worker_vector(out, plots[i], names[k]);
        }
    fclose(out);
    fflush(NULL);
    _exit(0);
}

static struct outcome read_outcome(struct arena *arena, const char *path)
{
    struct outcome outcome = {.vectors = ARENA_ARRAY(arena, struct vector, 4000)};
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    assert_int_equal(fscanf(in, "%lf %lf %lf\n", &outcome.load_s, &outcome.run_s, &outcome.peak_mb),
                     3);
    char plot[64], name[256];
    int length;
    while (fscanf(in, "%63s %255s %d", plot, name, &length) == 3) {
        assert_int_equal(fgetc(in), '\n');
        assert_true(length > 0 && outcome.count < 4000);
        double *values = ARENA_ARRAY(arena, double, (size_t)length);
        assert_int_equal(fread(values, sizeof *values, (size_t)length, in), length);
        outcome.vectors[outcome.count++] = (struct vector){
            arena_strdup(arena, plot), arena_strdup(arena, name), (size_t)length, values};
    }
    fclose(in);
    return outcome;
}

/* Runs a deck in a folder that it shares with nobody at the time. */
static struct outcome run_deck(struct arena *arena, const char *folder, const char *behaviour,
                               const char *text, size_t length)
{
    struct str init = {0};
    str_add(&init, "* test\nset num_threads=1\nset ng_nomodcheck\n");
    if (behaviour)
        str_addf(&init, "set ngbehavior=%s\n", behaviour);
    char *result = fs_join(arena, folder, "result.bin");
    remove(result);
    assert_int_equal(fs_write(fs_join(arena, folder, ".spiceinit"), str_text(&init), init.length),
                     0);
    assert_int_equal(fs_write(fs_join(arena, folder, "deck.sp"), text, length), 0);
    str_free(&init);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (chdir(folder) || setenv("HOME", folder, 1))
            _exit(8);
        execl("/proc/self/exe", "test_cards", "--cards-worker", "deck.sp", "result.bin",
              (char *)NULL);
        _exit(8);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0)
        fail_msg("the worker ended with %d, see %s/log.txt", status, folder);
    return read_outcome(arena, result);
}

static const struct vector *find_vector(const struct outcome *outcome, const char *plot,
                                        const char *name)
{
    for (size_t i = 0; i < outcome->count; i++)
        if (!strcmp(outcome->vectors[i].plot, plot) && !strcmp(outcome->vectors[i].name, name))
            return &outcome->vectors[i];
    return NULL;
}

#endif
