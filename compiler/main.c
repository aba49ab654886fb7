/* SPDX-License-Identifier: Apache-2.0
 *
 * oscc: from a trained model of coupled oscillators to a chip.
 */
#include <stdio.h>
#include <string.h>

#include "compiler/base/interrupt.h"
#include "compiler/base/str.h"
#include "compiler/cli/cli.h"
#include "spice/run.h"

/* The first one is what oscc does with a model when no command is named. */
const struct cli_command cli_commands[] = {
    {"", "MODEL.yaml -o DIR [options]", "Compile a model into a chip folder and verify it once",
     "  oscc examples/digits/model.yaml -o chip/", cli_compile},
    {"check", "MODEL.yaml", "Read a model and report everything that is wrong with it",
     "  oscc check examples/digits/model.yaml", cli_check},
    {"sample", "MODEL.yaml [options]", "Draw what the trained model draws",
     "  oscc sample examples/digits/model.yaml --count 20 -o digits.png", cli_sample},
    {"verify", "DIR [options]", "Simulate a chip in ngspice and compare it with its model",
     "  oscc verify chip/ --level cell --samples 50", cli_verify},
    {"report", "DIR", "Make the report of a chip again from its stored results",
     "  oscc report chip/", cli_report},
    {"explain", "CODE", "Explain a message", "  oscc explain E204", cli_explain},
    {"pdk", "list|doctor", "Show the processes, or what they still need", "  oscc pdk list",
     cli_pdk},
    {NULL, NULL, NULL, NULL, NULL},
};

static void print_help(void)
{
    printf("  oscc examples/digits/model.yaml -o chip/     a model into a chip, verified\n"
           "  oscc verify chip/ --level cell               its circuit beside its model\n\n"
           "oscc compiles trained models of coupled oscillators into chips.\n\n");
    for (const struct cli_command *c = cli_commands; c->name; c++) {
        char left[80];
        snprintf(left, sizeof left, "oscc %s%s%s", c->name, *c->name ? " " : "", c->usage);
        printf("  %-34s %s\n", left, c->does);
    }
    printf("  %-34s %s\n\n", "oscc --version", "Show the version");
    printf("`oscc COMMAND --help` shows a command's options, `oscc MODEL.yaml --help` the "
           "compiler's.\n"
           "exit: 0 good, 1 a limit not met, 2 bad input, 3 a tool failed, 4 interrupted\n");
}

/* The command that argv names; *first is the index of its first own argument less one. */
static const struct cli_command *find_command(int argc, char **argv, int *first)
{
    *first = 0;
    for (const struct cli_command *c = cli_commands + 1; argc > 1 && c->name; c++) {
        if (!strcmp(argv[1], c->name)) {
            *first = 1;
            return c;
        }
    }
    return cli_commands;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "--spice-worker"))
        return spice_worker_main(argc, argv);
    interrupt_install();
    if (argc == 1) {
        fputs("usage: oscc MODEL.yaml -o DIR; oscc --help shows all commands\n", stderr);
        return CLI_INPUT;
    }
    if (!strcmp(argv[1], "--version")) {
        printf("oscc %s\n", OSCC_VERSION);
        return CLI_GOOD;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
        print_help();
        return CLI_GOOD;
    }
    int first;
    struct cli cli = {0};
    const struct cli_command *command = find_command(argc, argv, &first);
    int status = command->run(&cli, command, argc - first, argv + first);
    diag_free(&cli.diags);
    arena_free(&cli.arena);
    return status;
}
