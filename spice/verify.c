/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/verify_part.h"

#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/interrupt.h"
#include "compiler/map/chip.h"
#include "compiler/sample/sample.h"
#include "spice/cards.h"
#include "spice/compare.h"
#include "spice/compare_fixed.h"
#include "spice/count.h"
#include "spice/deck.h"
#include "spice/device.h"
#include "spice/under_test.h"

/* What the workers' results are collected into. */
struct collector {
    struct arena *arena;
    const struct under_test *chip;
    struct device *device; /* level device, else NULL */
    const struct verify_options *options;
    const double *initial; /* count x (n + m) */
    struct campaign *campaign;
    size_t done;
};

static void collect(void *user, size_t index, const struct spice_result *result)
{
    struct collector *c = user;
    struct campaign_run *run = &c->campaign->runs[index];
    size_t oscillators = (size_t)c->chip->n + (size_t)c->chip->m;
    run->verdict = spice_verdict_name(result->verdict);
    run->wall_s = result->wall_s;
    if (result->verdict == SPICE_GOOD) {
        double *phases = ARENA_ARRAY(c->arena, double, oscillators);
        const double *initial = c->initial + index * oscillators;
        if (c->device) {
            double *energy = ARENA_ARRAY(c->arena, double, ENERGY_BLOCKS);
            device_phases(c->device, initial, result, phases);
            device_energy(c->device, result, energy);
            run->energy = energy;
            run->network_error = result->network_error;
        } else {
            deck_phases(c->chip, c->options->level, initial, result, phases);
        }
        run->circuit = phases;
    } else {
        run->reason = arena_strdup(c->arena, result->reason ? result->reason : "");
    }
    if (c->options->progress)
        c->options->progress(c->options->user, ++c->done, c->campaign->count);
}

static int write_run(struct collector *c, const struct campaign_run *run, const double *initial,
                     const char *folder, struct spice_job *job)
{
    int error = fs_make_folders(folder);
    if (error)
        return error;
    if (c->device)
        return device_write(c->arena, c->device, c->options->engine, run->sample, run->class_index,
                            initial, folder, job);
    return deck_write(c->arena, c->chip, c->options->level, run->sample, run->class_index, initial,
                      folder, job);
}

struct device *verify_open_device(struct arena *arena, const struct under_test *chip,
                                  const struct verify_options *options, struct campaign *campaign,
                                  const char *folder, struct diags *diags)
{
    const char *set = options->models;
    if (set && !cards_set_known(arena, chip->process, set, diags))
        return NULL;
    const char *root = pdk_root(arena, chip->process);
    if (!root) {
        diag_error(diags, DIAG_TOOL, SPAN_NONE, "not verified: the models of '%s' were not found",
                   chip->process);
        if (pdk_find(chip->process) && pdk_find(chip->process)->built_in)
            diag_help(diags, "install oscc with cmake --install, or set OSCC_DATA to the folder "
                             "that holds pdk/models");
        else
            diag_help(diags,
                      "set PDK_ROOT to the folder that holds %s; the netlist is complete "
                      "without it",
                      chip->process);
        return NULL;
    }
    struct device *(*const open[DEVICE_STARTS])(
        struct arena *, const struct under_test *, const char *, const char *, const char *,
        struct diags *) = {device_open, device_open_released, device_open_whole};
    struct device *device = open[options->start](arena, chip, root, set, campaign->corner, diags);
    if (device)
        campaign->models = device_models(device);
    campaign->engine = device_engine_name[options->engine];
    campaign->start = device_start_name[options->start];
    bool good = device && device_calibrate(device, options->worker,
                                           fs_join(arena, folder, "calibration"), diags);
    return good ? device : NULL;
}

/* The circuit's side: decks from the chip's files, run in workers. false when interrupted or when
 * a deck could not be written. */
static bool run_circuit(struct collector *c, const char *folder, struct diags *diags)
{
    size_t count = c->campaign->count;
    size_t oscillators = (size_t)c->chip->n + (size_t)c->chip->m;
    uint64_t seed = c->options->has_seed ? c->options->seed : c->chip->seed;
    double *initial = ARENA_ARRAY(c->arena, double, count *oscillators);
    struct spice_job *jobs = ARENA_ARRAY(c->arena, struct spice_job, count);
    c->initial = initial;
    for (size_t i = 0; i < count; i++) {
        if (interrupt_requested()) /* thousands of decks take seconds */
            return false;
        struct campaign_run *run = &c->campaign->runs[i];
        const char *path = fs_join(c->arena, folder, campaign_run_name(c->arena, run));
        under_test_initial_phases(c->chip, seed, run->sample, initial + i * oscillators);
        int error = write_run(c, run, initial + i * oscillators, path, &jobs[i]);
        if (error) {
            diag_error(diags, DIAG_IO, SPAN_NONE, "cannot write the run '%s': %s", path,
                       strerror(-error));
            return false;
        }
    }
    struct spice_pool pool = {c->options->worker, c->options->jobs, collect, c};
    return spice_run(&pool, jobs, count);
}

static double *solve(struct arena *arena, const struct model *model, enum sample_solver solver,
                     const struct campaign *c, const double *initial, const int *classes, int jobs)
{
    size_t oscillators = (size_t)c->n + (size_t)c->m;
    double *final = ARENA_ARRAY(arena, double, c->count *oscillators);
    return sample_phases(model, solver, c->count, initial, classes, jobs, final) ? final : NULL;
}

/* RMS of what rounding to the readout's codes changes. */
static double readout_error(struct arena *arena, const struct campaign *c, const double *final)
{
    size_t oscillators = (size_t)c->n + (size_t)c->m;
    double *rounded = ARENA_ARRAY(arena, double, c->count *oscillators);
    memcpy(rounded, final, c->count * oscillators * sizeof *rounded);
    compare_round_phases(c->count * oscillators, c->readout_bits, rounded);
    return compare_rms(c->count, oscillators, rounded, final);
}

bool verify_reference(struct arena *arena, const struct model *model, struct campaign *c, int jobs)
{
    size_t oscillators = (size_t)c->n + (size_t)c->m;
    double *initial = ARENA_ARRAY(arena, double, c->count *oscillators);
    double *unlimited = ARENA_ARRAY(arena, double, c->count *oscillators);
    int *classes = ARENA_ARRAY(arena, int, c->count);
    for (size_t i = 0; i < c->count; i++) {
        sample_initial_phases(model, c->seed, c->runs[i].sample, model->chip.phase_bits,
                              initial + i * oscillators);
        sample_initial_phases(model, c->seed, c->runs[i].sample, 32, unlimited + i * oscillators);
        classes[i] = c->runs[i].class_index;
    }
    const struct model *quantised = map_quantised_model(arena, model);
    double *ode = solve(arena, quantised, SAMPLE_ODE, c, initial, classes, jobs);
    double *own = solve(arena, model, SAMPLE_MODEL, c, initial, classes, jobs);
    double *exact = solve(arena, model, SAMPLE_ODE, c, initial, classes, jobs);
    double *free_start = solve(arena, model, SAMPLE_ODE, c, unlimited, classes, jobs);
    if (!ode || !own || !exact || !free_start)
        return false;
    c->budget = (struct campaign_budget){
        .solver = compare_rms(c->count, oscillators, own, exact),
        .quantisation = compare_rms(c->count, oscillators, ode, exact),
        .initial_phase = compare_rms(c->count, oscillators, free_start, exact),
        .readout = readout_error(arena, c, ode),
    };
    for (size_t i = 0; i < c->count; i++) {
        c->runs[i].ode = ode + i * oscillators;
        c->runs[i].model = own + i * oscillators;
    }
    return true;
}

/* The chip's netlists can be read and name only modules that they have, so that no run has to fail
 * for that. */
static bool check_netlists(struct arena *arena, const struct under_test *chip, struct diags *diags)
{
    char *top = arena_printf(arena, "%s/%s/top.spice", chip->folder,
                             chip->has_device ? "spice/behavioural" : "spice");
    const char *unread;
    size_t count;
    int error = spice_count_elements(arena, top, &count, &unread);
    if (unread)
        diag_error(diags, DIAG_IO, SPAN_NONE, "cannot read '%s': %s", unread, strerror(-error));
    else if (error)
        diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE,
                   "'%s' uses a module that its files do not define", top);
    if (error)
        diag_help(diags, "compile the model again");
    return !error;
}

struct campaign *verify_plan(struct arena *arena, const struct under_test *chip,
                             const struct model *model, const struct verify_options *options)
{
    struct campaign *c = ARENA_NEW(arena, struct campaign);
    *c = (struct campaign){
        .level = options->level,
        .corner = options->level == MODEL_LEVEL_DEVICE ? options->corner : "nominal",
        .seed = options->has_seed ? options->seed : model->chip.seed,
        .n = chip->n,
        .m = chip->m,
        .readout_bits = chip->readout_bits,
        .count = options->samples,
        .runs = ARENA_ARRAY(arena, struct campaign_run, options->samples),
    };
    for (size_t i = 0; i < c->count; i++) {
        c->runs[i].sample = i;
        c->runs[i].class_index = (int)(i % (size_t)model->classes);
    }
    return c;
}

struct under_test *verify_read_chip(struct arena *arena, const char *folder,
                                    const struct model *model, const struct verify_options *options,
                                    struct diags *diags)
{
    struct under_test *chip = under_test_read(arena, folder, diags);
    if (!chip)
        return NULL;
    if (chip->n != model->n || chip->m != model->m || chip->classes != model->classes) {
        diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE,
                   "chip.json and resolved.yaml disagree on the number of oscillators or classes");
        return NULL;
    }
    if (!compare_read_decoder(arena, folder, model, diags)) /* what the report will need */
        return NULL;
    if (options->level == MODEL_LEVEL_DEVICE && !chip->has_device) {
        diag_error(diags, DIAG_USAGE, SPAN_NONE,
                   "the chip has no transistors: it was made in behavioural cells only");
        diag_help(diags, "verify with --level cell, or compile the model again and read why");
        return NULL;
    }
    if (options->level == MODEL_LEVEL_CELL && !check_netlists(arena, chip, diags))
        return NULL;
    return chip;
}

struct campaign *verify_campaign(struct arena *arena, const char *folder, const struct model *model,
                                 const struct verify_options *options, struct diags *diags)
{
    struct under_test *chip = verify_read_chip(arena, folder, model, options, diags);
    if (!chip)
        return NULL;
    struct campaign *campaign = verify_plan(arena, chip, model, options);
    struct fs_stage stage = {0};
    char *target = arena_printf(arena, "%s/verify/%s", folder,
                                campaign_name(arena, campaign->level, campaign->corner));
    int error = fs_stage_begin(arena, target, &stage);
    struct collector collector = {arena, chip, NULL, options, NULL, campaign, 0};
    if (!error && campaign->level == MODEL_LEVEL_DEVICE)
        collector.device = verify_open_device(arena, chip, options, campaign, stage.path, diags);
    bool complete = !error && (campaign->level != MODEL_LEVEL_DEVICE || collector.device) &&
                    run_circuit(&collector, stage.path, diags) &&
                    verify_reference(arena, model, campaign, options->jobs);
    if (complete)
        error = campaign_write(arena, campaign, stage.path);
    if (complete && !error)
        error = fs_stage_commit(&stage);
    if (error)
        diag_error(diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s", target, strerror(-error));
    if (error || !complete) {
        fs_stage_abort(&stage);
        return NULL;
    }
    return campaign;
}
