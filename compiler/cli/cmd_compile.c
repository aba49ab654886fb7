/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "compiler/base/fs.h"
#include "compiler/cli/cli.h"
#include "compiler/cli/verdict.h"
#include "compiler/map/chip.h"
#include "compiler/report/report.h"
#include "netlist/chip_folder.h"
#include "spice/verify.h"

/* Above this many couplings the phase equations take ngspice longer than a user waits for a first
 * look (0.3 s a sample at 4,000; the time grows faster than their number). */
enum { FIRST_LOOK_COUPLINGS = 5000, FIRST_LOOK_SAMPLES = 10 };

struct options {
    const char *out, *pdk, *dump;
    bool no_verify;
    int jobs;
};

static const struct pdk *choose_pdk(struct cli *cli, const char *name)
{
    const struct pdk *pdk = pdk_find(name);
    if (!pdk) {
        diag_error(&cli->diags, DIAG_UNKNOWN_PDK, SPAN_NONE, "unknown process '%s'", name);
        for (const struct pdk *const *p = pdk_all; *p; p++)
            diag_help(&cli->diags, "there is '%s': %s", (*p)->name, (*p)->title);
    }
    return pdk;
}

static void check_pass(struct cli *cli, const char *name)
{
    for (const struct map_pass *pass = map_passes; pass->name; pass++)
        if (!strcmp(name, pass->name))
            return;
    diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "no pass is called '%s'", name);
    for (const struct map_pass *pass = map_passes; pass->name; pass++)
        diag_help(&cli->diags, "%-10s %s", pass->name, pass->does);
}

static double seconds_since(struct timespec start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start.tv_sec) + 1e-9 * (double)(now.tv_nsec - start.tv_nsec);
}

/* The chip folder, or NULL when it could not be made. */
static const struct model *compile(struct cli *cli, const char *path, const struct options *options)
{
    struct model *model = cli_load_model(cli, path);
    const struct pdk *pdk = options->pdk || model
                                ? choose_pdk(cli, options->pdk ? options->pdk : model->chip.pdk)
                                : NULL;
    if (!model || !pdk)
        return NULL;
    struct str dumped = {0};
    const struct chip *chip =
        map_model(&cli->arena, model, pdk, options->dump, &dumped, &cli->diags);
    fputs(str_text(&dumped), stdout);
    str_free(&dumped);
    if (!chip || !options->out)
        return chip ? model : NULL;
    const char *slash = strrchr(path, '/');
    const char *command =
        arena_printf(&cli->arena, "oscc %s --pdk %s", slash ? slash + 1 : path, pdk->name);
    if (!netlist_write_chip(&cli->arena, chip, options->out, command, &cli->diags))
        return NULL;
    cli_say(cli, "%s: %d oscillators, %zu couplings, %s process, one run is %.4g us\n",
            options->out, model->n + model->m, model->couplings.count, pdk->name,
            chip->run_s * 1e6);
    return model;
}

/* A first look at the phase level, where that is quick. Returns an exit status. */
static int first_look(struct cli *cli, const struct options *options,
                      const struct report_compile *figures)
{
    char *resolved = fs_join(&cli->arena, options->out, "resolved.yaml");
    const struct model *model = cli_load_model(cli, resolved);
    if (!model)
        return CLI_TOOL;
    size_t couplings = model->couplings.count + (size_t)model->n * (size_t)model->m;
    bool quick = !options->no_verify && couplings <= FIRST_LOOK_COUPLINGS;
    if (quick) {
        int samples = model->classes < FIRST_LOOK_SAMPLES ? model->classes : FIRST_LOOK_SAMPLES;
        struct cli_progress progress = {cli, "phase level"};
        struct verify_options verify = {.level = MODEL_LEVEL_PHASE,
                                        .samples = (size_t)samples,
                                        .jobs = options->jobs,
                                        .progress = cli_progress,
                                        .user = &progress};
        if (!verify_campaign(&cli->arena, options->out, model, &verify, &cli->diags))
            return CLI_TOOL;
    }
    const struct report *report =
        report_build(&cli->arena, options->out, model, figures, &cli->diags);
    if (!report)
        return CLI_TOOL;
    if (!quick && !options->no_verify)
        cli_say(cli, "not verified: %zu couplings take long; run oscc verify %s --level cell\n",
                couplings, options->out);
    return quick ? cli_verdict(cli, report, MODEL_LEVEL_PHASE, "nominal") : CLI_GOOD;
}

int cli_compile(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    struct options options = {.jobs = cli_processors()};
    const struct cli_option list[] = {
        {"out", 'o', CLI_TEXT, &options.out, "DIR", "the chip folder to make"},
        {"pdk", 0, CLI_TEXT, &options.pdk, "NAME", "the process, instead of the model's"},
        {"dump", 0, CLI_TEXT, &options.dump, "PASS", "print the chip after a pass"},
        {"no-verify", 0, CLI_FLAG, &options.no_verify, NULL, "leave out the first verification"},
        {"jobs", 'j', CLI_COUNT, &options.jobs, "N", "simulations at a time"},
        {NULL, 0, CLI_FLAG, NULL, NULL, NULL}};
    int count, status = cli_parse(cli, command, list, argc, argv, 1, 1, &count);
    if (status >= 0)
        return status;
    if (!options.out && !options.dump) {
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "no output folder was given");
        diag_help(&cli->diags, "oscc %s -o chip/", argv[0]);
    }
    if (options.dump)
        check_pass(cli, options.dump);
    if (options.dump && cli->format == DIAG_JSON)
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "--dump prints text, so not --format=json");
    options.out = options.out ? cli_folder(cli, options.out) : NULL;
    if (cli->diags.errors)
        return cli_finish(cli, CLI_INPUT);

    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    const struct model *model = compile(cli, argv[0], &options);
    if (!model || !options.out)
        return cli_finish(cli, CLI_GOOD);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    struct report_compile figures = {seconds_since(start), (double)usage.ru_maxrss / 1024};
    return cli_finish(cli, first_look(cli, &options, &figures));
}
