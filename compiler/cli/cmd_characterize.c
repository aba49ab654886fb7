/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/cli/cli.h"
#include "compiler/report/datasheet.h"
#include "spice/characterise.h"

enum { DRAWS = 40 };

struct options {
    const char *pdk, *corner, *set, *out;
    struct cli_seed seed;
    bool again;
    int jobs;
};

static const struct pdk *choose(struct cli *cli, const char *name)
{
    const struct pdk *pdk = pdk_find(name);
    if (pdk && pdk->device)
        return pdk;
    if (pdk)
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE,
                   "the process '%s' has no cells of transistors", name);
    else
        diag_error(&cli->diags, DIAG_UNKNOWN_PDK, SPAN_NONE, "unknown process '%s'", name);
    for (const struct pdk *const *p = pdk_all; *p; p++)
        if ((*p)->device)
            diag_help(&cli->diags, "there is '%s': %s", (*p)->name, (*p)->title);
    return NULL;
}

static bool check_corner(struct cli *cli, const struct pdk *pdk, const char *corner)
{
    for (const struct pdk_corner *c = pdk->device->corners; c->name; c++)
        if (!strcmp(c->name, corner))
            return true;
    diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "the process '%s' has no corner '%s'", pdk->name,
               corner);
    for (const struct pdk_corner *c = pdk->device->corners; c->name; c++)
        diag_help(&cli->diags, "there is '%s'", c->name);
    return false;
}

/* A number of the result by its keys. */
static double value(const json_t *root, const char *part, const char *key)
{
    return json_number_value(json_object_get(json_object_get(root, part), key));
}

static void say(const struct cli *cli, const json_t *root, enum characterise_origin origin)
{
    static const char *const origins[] = {"measured", "measured before, from the cache",
                                          "measured again, for the cache held a damaged one"};
    cli_say(cli, "%s, models %s, corner %s: %s\n",
            json_string_value(json_object_get(root, "process")),
            json_string_value(json_object_get(root, "models")),
            json_string_value(json_object_get(root, "corner")), origins[origin]);
    cli_say(cli, "  %-28s %.4f MHz\n", "frequency, free",
            value(root, "cell", "free_frequency_hz") / 1e6);
    cli_say(cli, "  %-28s %.4f MHz\n", "frequency, loaded",
            value(root, "cell", "loaded_frequency_hz") / 1e6);
    cli_say(cli, "  %-28s %.4f V about %.4f V\n", "amplitude", value(root, "cell", "amplitude_v"),
            value(root, "cell", "mid_v"));
    cli_say(cli, "  %-28s cell %.1f uW, driver %.1f uW\n", "power",
            value(root, "cell", "power_w") * 1e6, value(root, "cell", "driver_power_w") * 1e6);
    cli_say(cli, "  %-28s %.1f ns\n", "start-up", value(root, "cell", "start_up_s") * 1e9);
    cli_say(cli, "  coupling at a bus of           gain   lag, rad  third harmonic\n");
    const json_t *points = json_object_get(root, "coupling"), *p;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)points, i, p)
        cli_say(cli, "    %5.1f uS, %.2f ns, row %5.1f uS %6.3f %9.4f  %.4f\n",
                json_number_value(json_object_get(p, "bus_load_s")) * 1e6,
                json_number_value(json_object_get(p, "bus_delay_s")) * 1e9,
                json_number_value(json_object_get(p, "row_load_s")) * 1e6,
                json_number_value(json_object_get(p, "gain")),
                json_number_value(json_object_get(p, "lag_rad")),
                json_number_value(json_object_get(p, "third_relative")));
}

static bool write_folder(struct cli *cli, const char *folder, json_t *root)
{
    int error = fs_make_folders(folder);
    if (!error)
        error =
            json_write(fs_join(&cli->arena, folder, "characterisation.json"), json_incref(root), 0);
    if (!error)
        error = datasheet_write(&cli->arena, root, folder);
    if (error)
        diag_error(&cli->diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s", folder,
                   strerror(-error));
    else
        cli_say(cli, "%s/datasheet.md, %s/characterisation.json\n", folder, folder);
    return !error;
}

static json_t *measure(struct cli *cli, const struct pdk *pdk, const struct options *options,
                       enum characterise_origin *origin)
{
    const char *root = pdk_root(&cli->arena, pdk->name), *temporary = getenv("TMPDIR");
    if (!root) {
        diag_error(&cli->diags, DIAG_TOOL, SPAN_NONE,
                   "not measured: the models of '%s' were not found", pdk->name);
        diag_help(&cli->diags, "set PDK_ROOT to the folder that holds %s", pdk->name);
        return NULL;
    }
    char *folder = arena_printf(&cli->arena, "%s/oscc-characterize-XXXXXX",
                                temporary && *temporary ? temporary : "/tmp");
    if (!mkdtemp(folder)) {
        diag_error(&cli->diags, DIAG_IO, SPAN_NONE, "cannot make a folder like '%s'", folder);
        return NULL;
    }
    struct cli_progress progress = {cli,
                                    arena_printf(&cli->arena, "%s %s", pdk->name, options->corner)};
    struct bench_lab lab = {.arena = &cli->arena,
                            .diags = &cli->diags,
                            .pdk = pdk,
                            .root = root,
                            .set = options->set,
                            .corner = options->corner,
                            .folder = folder,
                            .jobs = options->jobs,
                            .progress = cli_progress,
                            .user = &progress};
    struct characterise_options what = {options->seed.given ? options->seed.value : 1, DRAWS, NULL};
    json_t *result =
        bench_open(&lab)
            ? characterise(&lab, &what, options->again ? NULL : cards_cache_folder(&cli->arena),
                           origin)
            : NULL;
    if (result || !cli->diags.errors) /* else its logs are wanted */
        fs_remove_tree(folder);
    return result;
}

int cli_characterize(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    struct options options = {.pdk = "sky130A", .corner = "tt", .jobs = cli_processors()};
    const struct cli_option list[] = {
        {"pdk", 0, CLI_TEXT, &options.pdk, "NAME", "the process (sky130A)"},
        {"corner", 0, CLI_TEXT, &options.corner, "C", "of the process (tt)"},
        {"models", 0, CLI_TEXT, &options.set, "SET",
         "its device models, as in oscc pdk list (the first)"},
        {"out", 'o', CLI_TEXT, &options.out, "DIR", "where the datasheet and its data go"},
        {"again", 0, CLI_FLAG, &options.again, NULL, "measure, whatever the cache holds"},
        {"seed", 0, CLI_SEED, &options.seed, "S", "of the mismatch draws (1)"},
        {"jobs", 'j', CLI_COUNT, &options.jobs, "N", "simulations at a time (processors)"},
        {NULL, 0, CLI_FLAG, NULL, NULL, NULL}};
    int count, status = cli_parse(cli, command, list, argc, argv, 0, 0, &count);
    if (status >= 0)
        return status;
    const struct pdk *pdk = choose(cli, options.pdk);
    if (!pdk || !check_corner(cli, pdk, options.corner) ||
        (options.set && !cards_set_known(&cli->arena, pdk->name, options.set, &cli->diags)))
        return cli_finish(cli, CLI_INPUT);
    enum characterise_origin origin;
    json_t *result = measure(cli, pdk, &options, &origin);
    if (!result)
        return cli_finish(cli, CLI_TOOL);
    say(cli, result, origin);
    bool good = !options.out || write_folder(cli, cli_folder(cli, options.out), result);
    if (cli->format == DIAG_JSON && good) {
        json_dumpf(result, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
        putchar('\n');
        cli->format = DIAG_HUMAN;
    }
    json_decref(result);
    return cli_finish(cli, CLI_GOOD);
}
