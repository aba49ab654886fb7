/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/deck.h"

#include <math.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/str.h"
#include "spice/count.h"
#include "spice/lockstep_plan.h"
#include "spice/words.h"

/* Time points a run at least: enough that the integration error is far below the limits. */
enum { PHASE_POINTS = 200, CELL_POINTS_PER_CYCLE = 83 };

static void number(struct str *out, const char *before, double value)
{
    str_add(out, before);
    str_add_number(out, value);
}

/* What both levels share at their end. */
static void finish(struct str *out, double stop_s, double points, const char *const *vectors,
                   size_t count)
{
    number(out, ".tran ", stop_s / points);
    number(out, " ", stop_s);
    number(out, " 0 ", stop_s / points);
    str_add(out, " uic\n.options method=trap reltol=1e-4 trtol=1\n");
    for (size_t i = 0; i < count; i++)
        str_addf(out, ".save %s\n", vectors[i]);
    str_add(out, ".end\n");
}

/* One pull of oscillator j on oscillator i with a rate per unit of model time; a capacitor of one
 * farad a second of model time makes a current in ampere such a rate. */
static void pull(struct str *out, int i, int j, double rate)
{
    str_addf(out, "b%d_%d 0 p%d i=", i, j, i);
    str_add_number(out, rate);
    str_addf(out, "*sin(v(p%d)-v(p%d))\n", j, i);
}

/* The phase equations as behavioural sources, from chip.json and the weight memory. */
static void phase_circuit(const struct under_test *chip, int class_index, const double *initial,
                          struct str *out)
{
    int n = chip->n, m = chip->m;
    double farad = chip->run_s / chip->model_time;
    for (int i = 0; i < n + m; i++) {
        str_addf(out, "c%d p%d 0 ", i, i);
        str_add_number(out, farad);
        str_addf(out, "\ni%d 0 p%d dc ", i, i);
        str_add_number(out, chip->trim_lsb * chip->word[chip->trim.base + (size_t)i]);
        str_addf(out, "\n.ic v(p%d)=", i);
        str_add_number(out, initial[i]);
        str_add(out, "\n");
    }
    for (int i = 0; i < n; i++) {
        for (size_t s = chip->first[i]; s < chip->first[i + 1]; s++)
            if (chip->source[s] != i)
                pull(out, i, chip->source[s], chip->coupling_lsb * chip->word[chip->address[s]]);
        for (int k = 0; k < m; k++) {
            size_t word = ((size_t)class_index * (size_t)n + (size_t)i) * (size_t)m + (size_t)k;
            pull(out, i, n + k, chip->drive_lsb * chip->word[chip->drive.base + word]);
        }
    }
    size_t word = chip->cond.base;
    for (int k = 0; k < m; k++)
        for (int l = 0; l < m; l++)
            if (l != k)
                pull(out, n + k, n + l, chip->cond_lsb * chip->word[word++]);
}

/* The chip's own netlists, and the codes of the weight memory: those of trims as parameters, those
 * of couplers as modules of the array's tiles. */
static int cell_circuit(struct arena *arena, const struct under_test *chip, int class_index,
                        const double *initial, struct str *out)
{
    int error;
    const char *folder = chip->has_device ? "spice/behavioural" : "spice";
    const struct circuit *circuit = circuit_read(
        arena, arena_printf(arena, "%s/%s/top.spice", chip->folder, folder), &error, NULL);
    if (!circuit)
        return error;
    for (size_t w = chip->trim.base; w < chip->trim.base + chip->trim.count; w++)
        str_addf(out, ".param w%zu=%d\n", w, chip->word[w]);
    str_addf(out, ".include ../../../%s/top.spice\n", folder);
    words_add_modules(arena, circuit, chip, class_index, out);
    for (int i = 0; i < chip->n + chip->m; i++) {
        str_addf(out, ".ic v(x%d)=", i);
        str_add_number(out, chip->swing_v * cos(initial[i]));
        str_addf(out, " v(y%d)=", i);
        str_add_number(out, chip->swing_v * sin(initial[i]));
        str_add(out, "\n");
    }
    return 0;
}

static const char *const *name_vectors(struct arena *arena, const struct under_test *chip,
                                       enum model_level level, size_t *count)
{
    size_t oscillators = (size_t)chip->n + (size_t)chip->m;
    *count = level == MODEL_LEVEL_PHASE ? oscillators : 2 * oscillators;
    const char **names = ARENA_ARRAY(arena, const char *, *count);
    for (size_t i = 0; i < oscillators; i++) {
        if (level == MODEL_LEVEL_PHASE) {
            names[i] = arena_printf(arena, "p%zu", i);
        } else {
            names[2 * i] = arena_printf(arena, "x%zu", i);
            names[2 * i + 1] = arena_printf(arena, "y%zu", i);
        }
    }
    return names;
}

/* A deck that includes the first and prints the phases at the end, for plain ngspice. */
static void replay(const struct under_test *chip, enum model_level level, struct str *out)
{
    str_add(out, "* the same run, printed: phase<i> in rad, modulo a turn\n.include deck.spice\n"
                 ".control\nset numdgt=12\nrun\nlet last=length(time)-1\n");
    double turns =
        level == MODEL_LEVEL_PHASE ? 0 : chip->carrier_cycles - floor(chip->carrier_cycles);
    for (int i = 0; i < chip->n + chip->m; i++) {
        if (level == MODEL_LEVEL_PHASE)
            str_addf(out, "let phase%d=v(p%d)[last]\n", i, i);
        else
            str_addf(out, "let phase%d=ph(v(x%d)[last]+i*v(y%d)[last])-%.15g\n", i, i, i,
                     2 * acos(-1) * turns);
        str_addf(out, "print phase%d\n", i);
    }
    str_add(out, "quit 0\n.endc\n.end\n");
}

/* The deck of a run that lasts stop_s and has at least so many points, and its job. */
static int write_deck(struct arena *arena, const struct under_test *chip, enum model_level level,
                      uint64_t sample, int class_index, const double *initial, double stop_s,
                      double points, const char *folder, struct spice_job *job)
{
    struct str text = {0};
    int error = 0;
    *job = (struct spice_job){.folder = folder, .deck = "deck.spice", .stop_s = stop_s};
    job->vectors = name_vectors(arena, chip, level, &job->vector_count);
    str_addf(&text, "* %s, level %s, sample %llu, class %d\n", chip->name, model_level_name(level),
             (unsigned long long)sample, class_index);
    if (level == MODEL_LEVEL_PHASE)
        phase_circuit(chip, class_index, initial, &text);
    else
        error = cell_circuit(arena, chip, class_index, initial, &text);
    finish(&text, stop_s, points, job->vectors, job->vector_count);
    if (!error)
        error = fs_write_text(arena, folder, job->deck, &text);
    str_free(&text);
    return error ? error
                 : spice_count_elements(arena, fs_join(arena, folder, job->deck), &job->elements,
                                        NULL);
}

int deck_write_clocked(struct arena *arena, const struct under_test *chip, uint64_t sample,
                       int class_index, const double *initial, const bool *h,
                       const struct deck_clock *clock, const char *folder, struct spice_job *job)
{
    size_t oscillators = (size_t)chip->n + (size_t)chip->m;
    double points = CELL_POINTS_PER_CYCLE * clock->tick_s * chip->carrier_cycles / chip->run_s;
    struct lockstep_plan plan = {.oscillators = oscillators,
                                 .tick_s = clock->tick_s,
                                 .steps = (int)ceil(points),
                                 .until_en_falls = true,
                                 .h = ARENA_ARRAY(arena, bool, oscillators),
                                 .en = true,
                                 .q = ARENA_ARRAY(arena, const char *, oscillators)};
    double ticks = (double)clock->ticks;
    int error = write_deck(arena, chip, MODEL_LEVEL_CELL, sample, class_index, initial,
                           ticks * clock->tick_s, ticks * plan.steps, folder, job);
    memcpy(plan.h, h, oscillators * sizeof *h);
    for (size_t i = 0; i < oscillators; i++)
        plan.q[i] = job->vectors[2 * i];
    return error ? error : lockstep_plan_write(arena, &plan, folder);
}

void deck_phases_at(const struct under_test *chip, const struct spice_result *result, double time_s,
                    double *phases)
{
    size_t oscillators = (size_t)chip->n + (size_t)chip->m, p = 1;
    while (p + 1 < result->points && result->time[p] < time_s)
        p++;
    double part = (time_s - result->time[p - 1]) / (result->time[p] - result->time[p - 1]);
    for (size_t i = 0; i < oscillators; i++) {
        const double *v = result->values + 2 * (p * oscillators + i), *u = v - 2 * oscillators;
        phases[i] = atan2(u[1] + part * (v[1] - u[1]), u[0] + part * (v[0] - u[0]));
    }
}

int deck_write(struct arena *arena, const struct under_test *chip, enum model_level level,
               uint64_t sample, int class_index, const double *initial, const char *folder,
               struct spice_job *job)
{
    struct str text = {0};
    double points = level == MODEL_LEVEL_PHASE ? PHASE_POINTS
                                               : ceil(CELL_POINTS_PER_CYCLE * chip->carrier_cycles);
    int error = write_deck(arena, chip, level, sample, class_index, initial, chip->run_s, points,
                           folder, job);
    replay(chip, level, &text);
    if (!error)
        error = fs_write_text(arena, folder, "replay.spice", &text);
    str_add(&text, "#!/bin/sh\n# replays this run with plain ngspice and prints its final phases\n"
                   "cd \"$(dirname \"$0\")\" && exec ngspice -b replay.spice\n");
    if (!error)
        error = fs_write_text(arena, folder, "run.sh", &text);
    str_free(&text);
    return error;
}

void deck_phases(const struct under_test *chip, enum model_level level, const double *initial,
                 const struct spice_result *result, double *phases)
{
    const double pi = acos(-1);
    size_t oscillators = (size_t)chip->n + (size_t)chip->m;
    size_t width = level == MODEL_LEVEL_PHASE ? oscillators : 2 * oscillators;
    const double *end = result->values + (result->points - 1) * width;
    if (level == MODEL_LEVEL_PHASE) {
        memcpy(phases, end, oscillators * sizeof *phases);
        return;
    }
    for (size_t i = 0; i < oscillators; i++) {
        double phase = initial[i];
        for (size_t p = 0; p < result->points; p++) {
            const double *at = result->values + p * width + 2 * i;
            phase += remainder(atan2(at[1], at[0]) - phase, 2 * pi);
        }
        phases[i] = phase - 2 * pi * chip->carrier_cycles;
    }
}
