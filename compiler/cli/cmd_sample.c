/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/npy.h"
#include "compiler/cli/cli.h"
#include "compiler/report/picture.h"
#include "compiler/sample/sample.h"

struct options {
    const char *solver, *out, *initial_in, *classes_in, *phases_out, *images_out;
    int samples, jobs;
    struct cli_seed class_given, seed;
};

/* What is drawn: `count` samples, phases count x (n + m). */
struct batch {
    size_t count;
    double *initial, *final, *images;
    int *classes;
};

/* An array of the command line, or NULL. */
static const struct npy *read_array(struct cli *cli, const char *option, const char *path)
{
    struct fs_map map;
    struct npy *npy = ARENA_NEW(&cli->arena, struct npy);
    int error = fs_map(path, &map);
    if (error) {
        diag_error(&cli->diags, DIAG_FILE_MISSING, SPAN_NONE, "%s: cannot read '%s': %s", option,
                   path, strerror(-error));
        return NULL;
    }
    const char *fault = npy_parse(&cli->arena, map.bytes, map.length, npy);
    fs_unmap(&map);
    for (size_t i = 0; !fault && i < npy->count; i++)
        if (!isfinite(npy->values[i]))
            fault = arena_printf(&cli->arena, "value %zu is not finite", i);
    if (fault) {
        diag_error(&cli->diags, DIAG_ARRAY_FILE, SPAN_NONE, "%s: '%s': %s", option, path, fault);
        return NULL;
    }
    return npy;
}

static const char *shape_text(struct cli *cli, const struct npy *npy)
{
    const char *text = "";
    for (int d = 0; d < npy->dimensions; d++)
        text = arena_printf(&cli->arena, "%s%s%zu", text, d ? ", " : "", npy->shape[d]);
    return text;
}

static void draw_initial(struct cli *cli, const struct model *model, const struct options *options,
                         struct batch *batch)
{
    size_t oscillators = (size_t)model->n + (size_t)model->m;
    uint64_t seed = options->seed.given ? options->seed.value : model->chip.seed;
    batch->initial = ARENA_ARRAY(&cli->arena, double, batch->count *oscillators);
    for (size_t i = 0; i < batch->count; i++)
        sample_initial_phases(model, seed, i, 32, batch->initial + i * oscillators);
}

static void read_initial(struct cli *cli, const struct model *model, const struct options *options,
                         struct batch *batch)
{
    const struct npy *npy = read_array(cli, "--initial-phases", options->initial_in);
    size_t oscillators = (size_t)model->n + (size_t)model->m;
    if (!npy)
        return;
    if (npy->dimensions != 2 || npy->shape[1] != oscillators || !npy->shape[0]) {
        diag_error(&cli->diags, DIAG_ARRAY_FILE, SPAN_NONE,
                   "--initial-phases: '%s' has the shape (%s), expected (samples, %zu)",
                   options->initial_in, shape_text(cli, npy), oscillators);
        diag_help(&cli->diags, "%d main phases, then %d conditioning phases in each row", model->n,
                  model->m);
        return;
    }
    batch->count = npy->shape[0];
    batch->initial = ARENA_ARRAY(&cli->arena, double, npy->count);
    memcpy(batch->initial, npy->values, npy->count * sizeof *npy->values);
}

static void choose_classes(struct cli *cli, const struct model *model,
                           const struct options *options, struct batch *batch)
{
    batch->classes = ARENA_ARRAY(&cli->arena, int, batch->count);
    const struct npy *npy =
        options->classes_in ? read_array(cli, "--classes", options->classes_in) : NULL;
    if (options->classes_in && !npy)
        return;
    if (npy && (npy->dimensions != 1 || npy->shape[0] != batch->count)) {
        diag_error(&cli->diags, DIAG_ARRAY_FILE, SPAN_NONE,
                   "--classes: '%s' has the shape (%s), expected (%zu)", options->classes_in,
                   shape_text(cli, npy), batch->count);
        return;
    }
    for (size_t i = 0; i < batch->count; i++) {
        double value = npy                          ? npy->values[i]
                       : options->class_given.given ? (double)options->class_given.value
                                                    : (double)(i % (size_t)model->classes);
        if (!(value >= 0 && value < model->classes && value == floor(value))) {
            diag_error(&cli->diags, DIAG_ARRAY_FILE, SPAN_NONE,
                       "class %g of sample %zu is not one of 0..%d", value, i, model->classes - 1);
            return;
        }
        batch->classes[i] = (int)value;
    }
}

static void report_write(struct cli *cli, const char *path, int error)
{
    if (error)
        diag_error(&cli->diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s", path,
                   strerror(-error));
    else
        cli_say(cli, "%s\n", path);
}

/* Images in rows of ten. */
static int write_grid(struct cli *cli, const struct model *model, const struct batch *batch,
                      const char *path)
{
    enum { COLUMNS = 10 };
    int columns = batch->count < COLUMNS ? (int)batch->count : COLUMNS;
    int rows = (int)((batch->count + COLUMNS - 1) / COLUMNS);
    const double **images = ARENA_ARRAY(&cli->arena, const double *, (size_t)(rows * columns));
    for (size_t i = 0; i < batch->count; i++)
        images[i] = batch->images + i * (size_t)model_pixels(model);
    struct picture picture = {model->channels, model->height, model->width, rows,
                              columns,         NULL,          NULL,         images};
    return picture_write(&cli->arena, &picture, path);
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && !strcmp(text + length - tail, end);
}

static void write_results(struct cli *cli, const struct model *model, const struct batch *batch,
                          const struct options *options)
{
    size_t phases[2] = {batch->count, (size_t)model->n + (size_t)model->m};
    size_t images[4] = {batch->count, (size_t)model->channels, (size_t)model->height,
                        (size_t)model->width};
    if (options->phases_out)
        report_write(cli, options->phases_out,
                     npy_write_f64(options->phases_out, 2, phases, batch->final));
    if (options->images_out)
        report_write(cli, options->images_out,
                     npy_write_f64(options->images_out, 4, images, batch->images));
    if (options->out)
        report_write(cli, options->out,
                     ends_with(options->out, ".npy")
                         ? npy_write_f64(options->out, 4, images, batch->images)
                         : write_grid(cli, model, batch, options->out));
}

static void check_options(struct cli *cli, const struct model *model, const struct options *options)
{
    if (strcmp(options->solver, "model") != 0 && strcmp(options->solver, "ode") != 0)
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "--solver takes model or ode, not '%s'",
                   options->solver);
    if (!options->out && !options->phases_out && !options->images_out) {
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "no output was asked for");
        diag_help(&cli->diags, "-o FILE.png for a picture, -o FILE.npy for images, --phases-out "
                               "FILE.npy for phases");
    }
    if (options->out && !ends_with(options->out, ".png") && !ends_with(options->out, ".npy"))
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE,
                   "-o takes a name that ends with .png or .npy, not '%s'", options->out);
    if (model && !model_pixels(model) && (options->out || options->images_out)) {
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "this model has no decoder, so no images");
        diag_help(&cli->diags, "its phases: --phases-out FILE.npy");
    }
}

int cli_sample(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    struct options options = {.solver = "model", .samples = 10, .jobs = cli_processors()};
    const struct cli_option list[] = {
        {"count", 'n', CLI_COUNT, &options.samples, "N", "how many samples (10)"},
        {"class", 0, CLI_SEED, &options.class_given, "C", "all of one class (else in turn)"},
        {"seed", 0, CLI_SEED, &options.seed, "S", "of the initial phases (the model's)"},
        {"solver", 0, CLI_TEXT, &options.solver, "model|ode", "its own, or the exact solution"},
        {"out", 'o', CLI_TEXT, &options.out, "FILE", "a picture (.png) or images (.npy)"},
        {"initial-phases", 0, CLI_TEXT, &options.initial_in, "F.npy", "(samples, n + m), rad"},
        {"classes", 0, CLI_TEXT, &options.classes_in, "F.npy", "(samples), integers"},
        {"phases-out", 0, CLI_TEXT, &options.phases_out, "F.npy", "(samples, n + m), rad"},
        {"images-out", 0, CLI_TEXT, &options.images_out, "F.npy", "(samples, C, H, W), 0..1"},
        {"jobs", 'j', CLI_COUNT, &options.jobs, "N", "threads (processors)"},
        {NULL, 0, CLI_FLAG, NULL, NULL, NULL}};
    int count, status = cli_parse(cli, command, list, argc, argv, 1, 1, &count);
    if (status >= 0)
        return status;
    const struct model *model = cli_load_model(cli, argv[0]);
    check_options(cli, model, &options);
    if (cli->diags.errors)
        return cli_finish(cli, CLI_INPUT);

    struct batch batch = {.count = (size_t)options.samples};
    if (options.initial_in)
        read_initial(cli, model, &options, &batch);
    else
        draw_initial(cli, model, &options, &batch);
    choose_classes(cli, model, &options, &batch);
    if (cli->diags.errors)
        return cli_finish(cli, CLI_INPUT);

    size_t oscillators = (size_t)model->n + (size_t)model->m;
    size_t pixels = (size_t)model_pixels(model);
    batch.final = ARENA_ARRAY(&cli->arena, double, batch.count *oscillators);
    batch.images = ARENA_ARRAY(&cli->arena, double, batch.count *pixels);
    enum sample_solver solver = strcmp(options.solver, "ode") ? SAMPLE_MODEL : SAMPLE_ODE;
    bool complete = sample_phases(model, solver, batch.count, batch.initial, batch.classes,
                                  options.jobs, batch.final);
    if (complete && pixels)
        complete = sample_images(model, batch.count, batch.final, options.jobs, batch.images);
    if (complete)
        write_results(cli, model, &batch, &options);
    return cli_finish(cli, complete ? CLI_GOOD : CLI_INTERRUPTED);
}
