/* SPDX-License-Identifier: Apache-2.0
 *
 * oscc: from a trained model of coupled oscillators to a chip.
 */
#include <stdio.h>
#include <string.h>

#include "compiler/base/fs.h"
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
    {"synth", "DIR [options]", "Map a chip's digital control to gates: area, timing, energy",
     "  oscc synth chip/ --prove", cli_synth},
    {"report", "DIR", "Make the report of a chip again from its stored results",
     "  oscc report chip/", cli_report},
    {"characterize", "[options]", "Measure the cells of a process and write their datasheet",
     "  oscc characterize --pdk sky130A --corner tt -o datasheet/", cli_characterize},
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

/* A word that is no option, no file and no path was meant as a command. */
static bool is_misspelt_command(const char *word)
{
    return word[0] && !strpbrk(word, "./-") && !fs_exists(word);
}

static int unknown_command(const char *word)
{
    enum { ROOM = 32 };
    const char *names[ROOM + 1] = {0};
    for (size_t i = 0; i < ROOM && cli_commands[i + 1].name; i++)
        names[i] = cli_commands[i + 1].name;
    struct cli cli = {0};
    diag_error(&cli.diags, DIAG_USAGE, SPAN_NONE, "unknown command '%s'", word);
    const char *nearest = str_nearest(word, names);
    if (nearest)
        diag_help(&cli.diags, "did you mean '%s'?", nearest);
    else
        diag_help(&cli.diags, "oscc --help shows all commands");
    int status = cli_finish(&cli, CLI_INPUT);
    diag_free(&cli.diags);
    return status;
}

/* What was said but could not be written must not pass for success. */
static int flush_output(int status)
{
    if (!fflush(stdout) && !ferror(stdout))
        return status;
    fprintf(stderr, "oscc: error: cannot write to the standard output [%s]\n",
            diag_code_name(DIAG_IO));
    return status ? status : CLI_TOOL;
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
        return flush_output(CLI_GOOD);
    }
    if (argc > 2 && !strcmp(argv[1], "help")) { /* "help check" is "check --help" */
        static char help[] = "--help";
        argv[1] = argv[2];
        argv[2] = help;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
        print_help();
        return flush_output(CLI_GOOD);
    }
    int first;
    struct cli cli = {0};
    const struct cli_command *command = find_command(argc, argv, &first);
    if (!first && is_misspelt_command(argv[1]))
        return unknown_command(argv[1]);
    int status = command->run(&cli, command, argc - first, argv + first);
    diag_free(&cli.diags);
    arena_free(&cli.arena);
    return flush_output(status);
}
