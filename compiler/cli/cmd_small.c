/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands that only look: check, explain, pdk.
 */
#include <stdio.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/json.h"
#include "compiler/cli/cli.h"
#include "spice/cards.h"

/* What a command was asked for, with --format=json: on stdout in place of the empty list of
 * messages. Releases the value. */
static int finish_json(struct cli *cli, json_t *value)
{
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(value);
    cli->format = DIAG_HUMAN;
    return cli_finish(cli, CLI_GOOD);
}

int cli_check(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    int count, status = cli_parse(cli, command, NULL, argc, argv, 1, 1, &count);
    if (status >= 0)
        return status;
    const struct model *model = cli_load_model(cli, argv[0]);
    if (model)
        cli_say(cli,
                "%s: %s, %d oscillators, %d conditioning, %d classes, %zu couplings, readout %s, "
                "decoder %s: good\n",
                argv[0], model->name, model->n, model->m, model->classes, model->couplings.count,
                model_readout_name(model->readout), model_decoder_name(model->decoder.kind));
    return cli_finish(cli, CLI_GOOD);
}

int cli_explain(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    int count, status = cli_parse(cli, command, NULL, argc, argv, 1, 1, &count);
    if (status >= 0)
        return status;
    enum diag_code code = diag_code_find(argv[0]);
    if (code == DIAG_CODE_COUNT) {
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "no message has the code '%s'", argv[0]);
        diag_help(&cli->diags, "codes run from %s to %s", diag_code_name(0),
                  diag_code_name(DIAG_CODE_COUNT - 1));
        return cli_finish(cli, CLI_INPUT);
    }
    if (cli->format == DIAG_JSON)
        return finish_json(cli, json_pack("{s:s, s:s, s:s}", "code", diag_code_name(code), "title",
                                          diag_code_title(code), "explanation",
                                          diag_code_explanation(code)));
    printf("%s: %s\n\n%s\n", diag_code_name(code), diag_code_title(code),
           diag_code_explanation(code));
    return cli_finish(cli, CLI_GOOD);
}

/* A process's sets of models as "discrete, continuous"; with a root, only those that are there. */
static const char *model_sets(struct cli *cli, const struct pdk *pdk, const char *root)
{
    const char *text = "";
    for (const char *const *set = cards_sets(&cli->arena, pdk->name); *set; set++)
        if (!root || cards_set_found(&cli->arena, root, pdk->name, *set))
            text = arena_printf(&cli->arena, "%s%s%s", text, *text ? ", " : "", *set);
    return text;
}

static int list_processes(struct cli *cli)
{
    json_t *list = json_array();
    for (const struct pdk *const *pdk = pdk_all; *pdk; pdk++) {
        json_t *names = json_array();
        const char *sets = (*pdk)->device ? model_sets(cli, *pdk, NULL) : "";
        for (const char *const *set = cards_sets(&cli->arena, (*pdk)->name); *sets && *set; set++)
            json_array_append_new(names, json_string(*set));
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "name", (*pdk)->name, "title",
                                              (*pdk)->title, "models", names));
        if (cli->format != DIAG_JSON)
            printf("%-12s %s%s%s\n", (*pdk)->name, (*pdk)->title, *sets ? "; models: " : "", sets);
    }
    if (cli->format == DIAG_JSON)
        return finish_json(cli, list);
    json_decref(list);
    return cli_finish(cli, CLI_GOOD);
}

/* Whether a process's cell netlists are all there. */
static bool has_cells(struct cli *cli, const struct pdk *pdk, const char *data, const char *folder,
                      const char *const *files)
{
    size_t errors = cli->diags.errors;
    for (const char *const *file = files; *file; file++) {
        const char *path = arena_printf(&cli->arena, "%s/pdk/cells/%s/%s", data, folder, *file);
        if (!fs_exists(path))
            diag_error(&cli->diags, DIAG_TOOL, SPAN_NONE, "process '%s' lacks the cells '%s'",
                       pdk->name, path);
    }
    return cli->diags.errors == errors;
}

/* What a PDK says of its version: open_pdks leaves a line "open_pdks <commit>" in SOURCES. */
static const char *version_of(struct cli *cli, const struct pdk *pdk, const char *folder)
{
    char *text;
    size_t length;
    if (pdk->built_in)
        return "version " OSCC_VERSION;
    if (fs_read_text(&cli->arena, fs_join(&cli->arena, folder, "SOURCES"), 1 << 16, &text, &length))
        return "which states no version";
    char *end = text; /* of the first line, or before what a terminal would obey */
    while ((unsigned char)*end >= ' ')
        end++;
    *end = '\0';
    return *text ? text : "which states no version";
}

/* Which sets of models are in the root, or what is missing of the first one. */
static void examine_models(struct cli *cli, const struct pdk *pdk, const char *root)
{
    struct cards_library library;
    const char *sets = model_sets(cli, pdk, root), *first = *cards_sets(&cli->arena, pdk->name);
    if (!cards_library(&cli->arena, root, pdk->name, first, pdk->device->corners[0].name, &library,
                       &cli->diags))
        return;
    const char *folder = fs_join(&cli->arena, root, pdk->name), *missing = NULL;
    for (size_t i = 0; i < library.source_count && !missing; i++)
        if (!fs_exists(library.sources[i].path))
            missing = library.sources[i].path;
    if (*sets)
        cli_say(cli, "%-12s ready: models in %s, %s: %s\n", pdk->name, folder,
                version_of(cli, pdk, folder), sets);
    else
        cli_say(cli,
                "%-12s netlists only: its models lack '%s'; install the process anew to verify "
                "--level device\n",
                pdk->name, missing);
}

static void examine_process(struct cli *cli, const struct pdk *pdk, const char *data)
{
    bool cells = has_cells(cli, pdk, data, pdk->cells, pdk->cell_files);
    cells = has_cells(cli, pdk, data, pdk->device->cells, pdk->device->cell_files) && cells;
    const char *root = pdk_root(&cli->arena, pdk->name);
    if (!cells)
        return;
    if (root)
        examine_models(cli, pdk, root);
    else if (pdk->built_in)
        diag_error(&cli->diags, DIAG_TOOL, SPAN_NONE,
                   "process '%s' lacks its models '%s/pdk/models/%s'", pdk->name, data, pdk->name);
    else
        cli_say(cli,
                "%-12s netlists only: its models were not found; set PDK_ROOT to the folder that "
                "holds %s to verify --level device\n",
                pdk->name, pdk->name);
}

static int examine_processes(struct cli *cli)
{
    const char *data = pdk_data_folder(&cli->arena);
    if (!data) {
        diag_error(&cli->diags, DIAG_TOOL, SPAN_NONE, "the cell netlists were not found");
        diag_help(&cli->diags, "install oscc with cmake --install, or set OSCC_DATA to the folder "
                               "that holds pdk/cells");
        return cli_finish(cli, CLI_TOOL);
    }
    for (const struct pdk *const *pdk = pdk_all; *pdk; pdk++)
        examine_process(cli, *pdk, data);
    return cli_finish(cli, CLI_GOOD);
}

int cli_pdk(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    int count, status = cli_parse(cli, command, NULL, argc, argv, 1, 1, &count);
    if (status >= 0)
        return status;
    if (!strcmp(argv[0], "list"))
        return list_processes(cli);
    if (!strcmp(argv[0], "doctor"))
        return examine_processes(cli);
    diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "expected list or doctor, not '%s'", argv[0]);
    return cli_finish(cli, CLI_INPUT);
}
