/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/cli.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler/base/interrupt.h"
#include "compiler/base/str.h"

enum { MOST_OPTIONS = 24 };

/* Values of the options that every command takes. */
struct common {
    const char *format, *color;
    bool quiet, verbose, help;
};

static size_t gather(const struct cli_option *options, struct common *common,
                     struct cli_option *all)
{
    const struct cli_option shared[] = {
        {"format", 0, CLI_TEXT, &common->format, "human|json", "form of the messages"},
        {"color", 0, CLI_TEXT, &common->color, "auto|always|never", "colours in messages"},
        {"quiet", 'q', CLI_FLAG, &common->quiet, NULL, "say nothing but errors"},
        {"verbose", 'v', CLI_FLAG, &common->verbose, NULL, "say more"},
        {"help", 'h', CLI_FLAG, &common->help, NULL, "show this"},
    };
    size_t count = 0;
    for (; options && options->name; options++)
        all[count++] = *options;
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        all[count++] = shared[i];
    return count;
}

static void print_help(const struct cli_command *command, const struct cli_option *all,
                       size_t count)
{
    printf("%s\n\nusage: oscc %s%s%s\n\n%s.\n\noptions:\n", command->examples, command->name,
           *command->name ? " " : "", command->usage, command->does);
    for (size_t i = 0; i < count; i++) {
        char left[80], letter[8] = "    ";
        if (all[i].letter)
            snprintf(letter, sizeof letter, "-%c, ", all[i].letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, all[i].name, all[i].argument ? " " : "",
                 all[i].argument ? all[i].argument : "");
        printf("  %-32s %s\n", left, all[i].help);
    }
}

/* Sets one option from its text. */
static void set_option(struct cli *cli, const struct cli_option *option, const char *text)
{
    char *end;
    errno = 0;
    switch (option->kind) {
    case CLI_FLAG:
        *(bool *)option->value = true;
        return;
    case CLI_TEXT:
        *(const char **)option->value = text;
        if (!*text)
            diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "--%s takes %s, not an empty word",
                       option->name, option->argument);
        return;
    case CLI_COUNT: {
        long number = strtol(text, &end, 10);
        if (errno || *end || end == text || number < 1 || number > 100000000)
            break;
        *(int *)option->value = (int)number;
        return;
    }
    case CLI_SEED: {
        unsigned long long number = strtoull(text, &end, 0);
        if (errno || *end || end == text || strchr(text, '-') || number > INT64_MAX)
            break;
        *(struct cli_seed *)option->value = (struct cli_seed){true, number};
        return;
    }
    }
    diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "--%s takes %s, not '%s'", option->name,
               option->kind == CLI_COUNT ? "a whole number from 1" : "a whole number from 0", text);
}

/* getopt's '?': the letter that it does not know is in optopt, or the option that it does know but
 * that takes no value, or 0 for a long option that it does not know or that may be several. */
static void unknown_option(struct cli *cli, const char *written, const struct cli_option *all,
                           size_t count)
{
    const char *names[MOST_OPTIONS + 1] = {0};
    char name[64];
    for (size_t i = 0; i < count; i++)
        names[i] = all[i].name;
    if (optopt >= 256) {
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "option '--%s' takes no value",
                   all[optopt - 256].name);
        return;
    }
    if (optopt) {
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "unknown option '-%c'", optopt);
        return;
    }
    diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "unknown option '%s'", written);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(written + strspn(written, "-"), "="),
             written + strspn(written, "-"));
    const char *nearest = str_nearest(name, names);
    if (nearest)
        diag_help(&cli->diags, "did you mean --%s?", nearest);
}

static void apply_common(struct cli *cli, const struct common *common)
{
    const char *format = common->format ? common->format : "human";
    const char *color = common->color ? common->color : "auto";
    const char *no_color_text = getenv("NO_COLOR");
    bool no_color = no_color_text && *no_color_text; /* no-color.org: empty counts as not set */
    if (!strcmp(format, "json"))
        cli->format = DIAG_JSON;
    else if (strcmp(format, "human") != 0)
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "--format takes human or json, not '%s'",
                   format);
    if (!strcmp(color, "auto"))
        cli->color = isatty(STDERR_FILENO) && !no_color;
    else if (!strcmp(color, "always"))
        cli->color = true;
    else if (strcmp(color, "never") != 0)
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE,
                   "--color takes auto, always or never, not '%s'", color);
    cli->quiet = common->quiet;
    cli->verbose = common->verbose;
}

int cli_parse(struct cli *cli, const struct cli_command *command, const struct cli_option *options,
              int argc, char **argv, int least, int most, int *count)
{
    struct common common = {0};
    struct cli_option all[MOST_OPTIONS];
    size_t options_count = gather(options, &common, all);
    struct option longs[MOST_OPTIONS + 1] = {0};
    struct str letters = {0};
    str_add(&letters, ":");
    for (size_t i = 0; i < options_count; i++) {
        bool takes = all[i].kind != CLI_FLAG;
        longs[i] = (struct option){all[i].name, takes ? required_argument : no_argument, NULL,
                                   (int)(256 + i)};
        if (all[i].letter)
            str_addf(&letters, "%c%s", all[i].letter, takes ? ":" : "");
    }
    optind = 0; /* glibc: begin anew */
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, str_text(&letters), longs, NULL)) != -1;) {
        const char *written = argv[optind > 0 ? optind - 1 : 0];
        size_t which = c >= 256 ? (size_t)c - 256 : 0;
        for (size_t i = 0; c < 256 && i < options_count; i++)
            if (all[i].letter == c)
                which = i;
        if (c == ':')
            diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "option '%s' takes a value", written);
        else if (c == '?')
            unknown_option(cli, written, all, options_count);
        else
            set_option(cli, &all[which], optarg);
    }
    str_free(&letters);
    apply_common(cli, &common);
    if (common.help) {
        print_help(command, all, options_count);
        return CLI_GOOD;
    }
    *count = argc - optind;
    memmove(argv, argv + optind, (size_t)*count * sizeof *argv);
    if (*count < least || *count > most) {
        diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "%s",
                   *count < least ? "an argument is missing" : "too many arguments");
        diag_help(&cli->diags, "usage: oscc %s%s%s", command->name, *command->name ? " " : "",
                  command->usage);
    }
    for (int i = 0; i < *count; i++)
        if (!*argv[i])
            diag_error(&cli->diags, DIAG_USAGE, SPAN_NONE, "an argument is empty");
    return cli->diags.errors ? cli_finish(cli, CLI_INPUT) : -1;
}

int cli_finish(struct cli *cli, int status)
{
    if (cli->format == DIAG_JSON)
        diag_print(&cli->diags, stdout, DIAG_JSON, false);
    else if (!cli->quiet || cli->diags.errors)
        diag_print(&cli->diags, stderr, DIAG_HUMAN, cli->color);
    if (interrupt_requested())
        return CLI_INTERRUPTED;
    int asked = diag_exit_status(&cli->diags);
    return asked ? asked : status;
}

const char *cli_folder(struct cli *cli, const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    return arena_strndup(&cli->arena, path, length);
}

struct model *cli_load_model(struct cli *cli, const char *path)
{
    return model_load(&cli->arena, path, &cli->diags);
}

void cli_say(const struct cli *cli, const char *format, ...)
{
    if (cli->quiet || cli->format == DIAG_JSON)
        return;
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    fflush(stdout);
}

void cli_progress(void *user, size_t done, size_t count)
{
    const struct cli_progress *progress = user;
    if (progress->cli->quiet || !isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r%s %zu/%zu%s", progress->what, done, count, done == count ? "\r\033[K" : "");
    fflush(stderr);
}

int cli_processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
}
