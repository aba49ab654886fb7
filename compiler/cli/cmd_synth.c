/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/cli.h"
#include "compiler/report/report.h"
#include "synth/synth.h"

static void say_line(void *user, const char *line)
{
    cli_say(user, "%s\n", line);
}

int cli_synth(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    bool prove = false, no_energy = false;
    const struct cli_option list[] = {
        {"prove", 0, CLI_FLAG, &prove, NULL, "prove that the netlist does what the RTL does"},
        {"no-energy", 0, CLI_FLAG, &no_energy, NULL, "simulate no sample in gates"},
        {NULL, 0, CLI_FLAG, NULL, NULL, NULL}};
    int count, status = cli_parse(cli, command, list, argc, argv, 1, 1, &count);
    if (status >= 0)
        return status;
    const char *folder = cli_folder(cli, argv[0]);
    const struct model *model = cli_open_chip(cli, folder);
    const struct synth_options options = {
        .prove = prove, .energy = !no_energy, .say = say_line, .user = cli};
    if (!model || !synth_chip(&cli->arena, folder, &options, &cli->diags))
        return cli_finish(cli, CLI_TOOL);
    if (report_build(&cli->arena, folder, model, NULL, &cli->diags))
        cli_say(cli, "report   %s/report/summary.md\n", folder);
    return cli_finish(cli, CLI_GOOD);
}
