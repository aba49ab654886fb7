/* SPDX-License-Identifier: Apache-2.0
 *
 * OpenSTA at each corner, at the clock that the control has there.
 */
#include <stdio.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/json.h"
#include "synth/synth.h"
#include "synth/tool.h"

static const struct tool sta = {"sta", "opensta"};

/* The number behind the last line that begins with a word. */
static bool last_figure(const char *text, const char *word, double *value)
{
    bool found = false;
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (!strncmp(line, word, strlen(word)))
            found = sscanf(line + strlen(word), " %lf", value) == 1;
    }
    return found;
}

static bool time_corner(struct synth *s, size_t corner, const char *flip_flops)
{
    const struct pdk_logic_corner *c = &s->pdk->logic->corners[corner];
    const double period_ns = 1e9 / s->clock_hz[corner];
    static const char *const arguments[] = {"-exit", "sta.tcl", NULL};
    const char *settings[] = {arena_printf(s->arena, "LIBERTY=%s", synth_liberty_path(s, corner)),
                              "NETLIST=timing_netlist.v",
                              arena_printf(s->arena, "PERIOD_NS=%.6g", period_ns), flip_flops,
                              NULL};
    const char *log = arena_printf(s->arena, "timing-%s.txt", c->name);
    const struct tool_job job = {&sta, arguments, settings, s->folder, log, 600};
    if (!tool_run_or_say(s->arena, &job, s->diags))
        return false;
    char *text;
    size_t length;
    double slack_ns, hold_ns;
    if (fs_read_text(s->arena, synth_path(s, log), 1 << 26, &text, &length) ||
        !last_figure(text, "slack", &slack_ns) || !last_figure(text, "hold", &hold_ns)) {
        diag_error(s->diags, DIAG_TOOL, SPAN_NONE, "OpenSTA gave no slack at %s", c->library);
        diag_help(s->diags, "its log: %s", synth_path(s, log));
        return false;
    }
    const char *prefix = arena_printf(s->arena, "synth.%s", c->library);
    double fmax_mhz = 1e3 / (period_ns - slack_ns);
    synth_figure(s, arena_printf(s->arena, "%s.slack_ns", prefix), slack_ns);
    synth_figure(s, arena_printf(s->arena, "%s.hold_ns", prefix), hold_ns);
    synth_figure(s, arena_printf(s->arena, "%s.fmax_mhz", prefix), fmax_mhz);
    synth_figure(s, arena_printf(s->arena, "%s.clock_mhz", prefix), s->clock_hz[corner] / 1e6);
    if (s->options->say)
        s->options->say(s->options->user,
                        arena_printf(s->arena,
                                     "timing   %s: %.4g MHz, slack %.3g ns, up to %.4g MHz",
                                     c->library, s->clock_hz[corner] / 1e6, slack_ns, fmax_mhz));
    return true;
}

/* "CELL PIN ..." of every flip-flop with an asynchronous pin: dfrtp and dfstp of each size. */
static const char *asynchronous(const struct synth *s)
{
    struct str list = {0};
    static const char *const kinds[][2] = {{"dfrtp", "RESET_B"}, {"dfstp", "SET_B"}};
    for (size_t k = 0; k < 2; k++)
        for (int size = 1; size <= 4; size *= 2)
            str_addf(&list, "%s%s__%s_%d %s",
                     list.length ? " " : "FLIP_FLOPS=", s->pdk->logic->name, kinds[k][0], size,
                     kinds[k][1]);
    const char *copy = arena_strdup(s->arena, str_text(&list));
    str_free(&list);
    return copy;
}

bool synth_time(struct synth *s)
{
    bool good = true;
    int error = fs_copy(fs_join(s->arena, s->scripts, "sta.tcl"), synth_path(s, "sta.tcl"));
    if (error)
        diag_error(s->diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s", synth_path(s, "sta.tcl"),
                   strerror(-error));
    const char *flip_flops = asynchronous(s);
    for (size_t i = 0; good && !error && s->pdk->logic->corners[i].name; i++)
        good = time_corner(s, i, flip_flops);
    return good && !error;
}
