/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/cli/cli.h"
#include "compiler/cli/verdict.h"
#include "spice/verify.h"

/* The levels that this version can simulate, in words for a message. */
static bool find_level(struct cli *cli, const char *name, enum model_level *level)
{
    for (int l = 0; l < MODEL_LEVEL_COUNT; l++) {
        *level = (enum model_level)l;
        if (!strcmp(name, model_level_name(*level)))
            return true;
    }
    diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "--level takes phase, cell or device, not '%s'",
               name);
    return false;
}

const struct model *cli_open_chip(struct cli *cli, const char *folder)
{
    const char *resolved = fs_join(&cli->arena, folder, "resolved.yaml");
    if (fs_exists(resolved))
        return cli_load_model(cli, resolved);
    if (fs_is_folder(folder))
        diag_error(&cli->diags, DIAG_FILE_MISSING, SPAN_NONE,
                   "'%s' is not a chip folder: it has no resolved.yaml", folder);
    else
        diag_error(&cli->diags, DIAG_FILE_MISSING, SPAN_NONE, "%s '%s'",
                   fs_exists(folder) ? "this is no folder:" : "there is no folder", folder);
    diag_help(&cli->diags, "make one: oscc MODEL.yaml -o chip/");
    return NULL;
}

static bool find_engine(struct cli *cli, const char *name, enum device_engine *engine)
{
    *engine = strcmp(name, device_engine_name[DEVICE_MONOLITHIC]) ? DEVICE_PARTITIONED
                                                                  : DEVICE_MONOLITHIC;
    if (!strcmp(name, device_engine_name[*engine]))
        return true;
    diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE,
               "--engine takes partitioned or monolithic, not '%s'", name);
    return false;
}

static bool find_start(struct cli *cli, const char *name, struct verify_options *options)
{
    for (int s = 0; s < DEVICE_STARTS; s++) {
        options->start = (enum device_start)s;
        if (strcmp(name, device_start_name[s]) != 0)
            continue;
        if (s == DEVICE_LOADED) /* nothing is left for the partitioned engine */
            options->engine = DEVICE_MONOLITHIC;
        return true;
    }
    diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE,
               "--start takes orbit, released or loaded, not '%s'", name);
    return false;
}

/* Corners as written, "tt,ss"; NULL-terminated. Levels without corners have one, "nominal". */
static const char **split_corners(struct cli *cli, enum model_level level, const char *text)
{
    const char **list = ARENA_ARRAY(&cli->arena, const char *, strlen(text) + 2);
    size_t count = 0;
    if (level != MODEL_LEVEL_DEVICE)
        list[count++] = "nominal";
    while (level == MODEL_LEVEL_DEVICE && *text) {
        size_t length = strcspn(text, ",");
        if (length)
            list[count++] = arena_strndup(&cli->arena, text, length);
        text += length + (text[length] == ',');
    }
    return list;
}

/* One campaign a corner, then one report; the worst exit status of all. */
static int verify_corners(struct cli *cli, const char *folder, const struct model *model,
                          struct verify_options *options, const char *const *corners)
{
    int worst = CLI_GOOD;
    for (const char *const *corner = corners; *corner; corner++) {
        options->corner = *corner;
        if (!verify_campaign(&cli->arena, folder, model, options, &cli->diags))
            return CLI_TOOL;
        const struct report *report = report_build(&cli->arena, folder, model, NULL, &cli->diags);
        int status = report ? cli_verdict(cli, report, options->level, *corner) : CLI_TOOL;
        worst = status > worst ? status : worst;
    }
    return worst;
}

/* The fast path and the pins, side by side in one report. */
static int verify_pins(struct cli *cli, const char *folder, const struct model *model,
                       struct verify_options *options, const char *const *corners)
{
    options->corner = corners[0];
    if (options->level == MODEL_LEVEL_PHASE || !corners[0] || corners[1] ||
        (options->level == MODEL_LEVEL_DEVICE && strcmp(corners[0], "tt") != 0)) {
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE,
                   "--cosim takes the levels cell and device, and the corner tt alone");
        diag_help(&cli->diags, "the trims of other corners are found by calibration");
        return CLI_INPUT;
    }
    int status = verify_corners(cli, folder, model, options, corners);
    if (status != CLI_GOOD && status != CLI_SPEC)
        return status;
    if (!cosim_campaign(&cli->arena, folder, model, options, &cli->diags))
        return CLI_TOOL;
    const struct report *report = report_build(&cli->arena, folder, model, NULL, &cli->diags);
    int pins = report ? cli_cosim_verdict(cli, report, options->level, corners[0]) : CLI_TOOL;
    return pins > status ? pins : status;
}

int cli_verify(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    const char *level_name = "cell", *corners = "tt", *models = NULL;
    const char *engine = device_engine_name[DEVICE_PARTITIONED];
    const char *start = device_start_name[DEVICE_ON_ORBIT];
    int samples = 20, jobs = cli_processors(), count;
    struct cli_seed seed = {0};
    bool cosim = false, icarus = false, gates = false;
    const struct cli_option list[] = {
        {"level", 0, CLI_TEXT, &level_name, "L", "phase, cell or device: what simulates the cells"},
        {"corners", 0, CLI_TEXT, &corners, "C,C", "of level device: tt,ss,ff,sf,fs (tt)"},
        {"models", 0, CLI_TEXT, &models, "SET", "of level device: oscc pdk list shows the sets"},
        {"engine", 0, CLI_TEXT, &engine, "E", "of level device: partitioned or monolithic"},
        {"start", 0, CLI_TEXT, &start, "S", "of level device: orbit, released or loaded"},
        {"cosim", 0, CLI_FLAG, &cosim, NULL, "also through the pins of the digital control"},
        {"icarus", 0, CLI_FLAG, &icarus, NULL,
         "of --cosim: its first sample in Icarus Verilog too"},
        {"gates", 0, CLI_FLAG, &gates, NULL,
         "of --cosim: its first sample in gates (oscc synth) too"},
        {"samples", 'n', CLI_COUNT, &samples, "N", "images to draw, classes in turn (20)"},
        {"seed", 0, CLI_SEED, &seed, "S", "of the initial phases, instead of the chip's"},
        {"jobs", 'j', CLI_COUNT, &jobs, "N", "simulations at a time (processors)"},
        {NULL, 0, CLI_FLAG, NULL, NULL, NULL}};
    int status = cli_parse(cli, command, list, argc, argv, 1, 1, &count);
    if (status >= 0)
        return status;
    struct verify_options options = {.samples = (size_t)samples,
                                     .has_seed = seed.given,
                                     .seed = seed.value,
                                     .jobs = jobs,
                                     .models = models,
                                     .icarus = icarus,
                                     .gates = gates,
                                     .progress = cli_progress};
    if (!find_level(cli, level_name, &options.level) ||
        !find_engine(cli, engine, &options.engine) || !find_start(cli, start, &options))
        return cli_finish(cli, CLI_INPUT);
    struct cli_progress progress = {cli, arena_printf(&cli->arena, "level %s", level_name)};
    options.user = &progress;

    const char *folder = cli_folder(cli, argv[0]);
    const struct model *model = cli_open_chip(cli, folder);
    const char *const *list_of_corners = split_corners(cli, options.level, corners);
    int (*verify)(struct cli *, const char *, const struct model *, struct verify_options *,
                  const char *const *) = cosim ? verify_pins : verify_corners;
    return cli_finish(cli,
                      model ? verify(cli, folder, model, &options, list_of_corners) : CLI_TOOL);
}

int cli_report(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    int count, status = cli_parse(cli, command, NULL, argc, argv, 1, 1, &count);
    if (status >= 0)
        return status;
    const char *folder = cli_folder(cli, argv[0]);
    const struct model *model = cli_open_chip(cli, folder);
    const struct report *report =
        model ? report_build(&cli->arena, folder, model, NULL, &cli->diags) : NULL;
    if (report)
        cli_say(cli, "%s/report/summary.md\n", folder);
    return cli_finish(cli, CLI_GOOD);
}
