/* SPDX-License-Identifier: Apache-2.0
 *
 * What all commands share: options, messages, progress.
 */
#ifndef OSCC_CLI_CLI_H
#define OSCC_CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler/base/diag.h"
#include "compiler/model/model.h"
#include "pdk/pdk.h"

enum cli_exit {
    CLI_GOOD = 0,
    CLI_SPEC = 1,
    CLI_INPUT = 2,
    CLI_TOOL = 3,
    CLI_INTERRUPTED = 4,
    CLI_INTERNAL = 70
};

struct cli {
    struct arena arena;
    struct diags diags;
    enum diag_format format;
    bool color, quiet, verbose;
};

enum cli_option_kind { CLI_FLAG, CLI_TEXT, CLI_COUNT, CLI_SEED };

/* One option; value points at a bool, const char *, int (>= 1) or struct cli_seed. */
struct cli_option {
    const char *name;
    char letter; /* or 0 */
    enum cli_option_kind kind;
    void *value;
    const char *argument; /* "DIR", for the usage; NULL for a flag */
    const char *help;
};

struct cli_seed {
    bool given;
    uint64_t value;
};

struct cli_command {
    const char *name;
    const char *usage;    /* arguments behind the name */
    const char *does;     /* one line */
    const char *examples; /* shown first by --help, one a line */
    int (*run)(struct cli *cli, const struct cli_command *command, int argc, char **argv);
};
extern const struct cli_command cli_commands[]; /* ends with a NULL name; in main.c */

/* Reads options and arguments of a command. argv[0] is skipped; the arguments are put first in argv
 * and *count tells how many there are; more than `most` or fewer than `least` are a fault. Returns
 * -1 to go on, or an exit status (--help was given, or a fault was reported). */
int cli_parse(struct cli *cli, const struct cli_command *command, const struct cli_option *options,
              int argc, char **argv, int least, int most, int *count);

/* Prints the messages collected, and returns the exit status that they ask for, or `status` where
 * they ask for none. */
int cli_finish(struct cli *cli, int status);

/* model_load, and the exit status in *status (-1: go on). */
struct model *cli_load_model(struct cli *cli, const char *path);

/* The model that a chip was made from, or NULL with the reason in the messages. */
const struct model *cli_open_chip(struct cli *cli, const char *folder);

/* The name of a folder as the user gave it, without slashes at its end. */
const char *cli_folder(struct cli *cli, const char *path);

/* A line for the user on stdout, unless -q or --format=json. */
void cli_say(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Progress of long work: one line on stderr, on a terminal only. */
struct cli_progress {
    const struct cli *cli;
    const char *what;
};
void cli_progress(void *progress, size_t done, size_t count);

/* Number of processors that this process may use. */
int cli_processors(void);

int cli_compile(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_check(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_sample(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_verify(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_synth(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_report(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_explain(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_characterize(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_pdk(struct cli *cli, const struct cli_command *command, int argc, char **argv);

#endif
