/* SPDX-License-Identifier: Apache-2.0
 *
 * Equivalence of RTL and mapped netlist by Yosys (equiv.tcl), block by block.
 */
#include <stdio.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/json.h"
#include "synth/gates.h"
#include "synth/synth.h"
#include "synth/tool.h"

static const struct tool yosys = {"yosys", "yosys"};
static const unsigned patience_s = 180; /* of processor time; a multiplier may take hours */

/* "Of those cells P are proven and U are unproven." */
static bool read_status(const struct synth *s, const char *log, unsigned long *proven,
                        unsigned long *unproven)
{
    char *text;
    size_t length;
    bool found = false;
    if (fs_read_text(s->arena, synth_path(s, log), 1 << 28, &text, &length))
        return false;
    for (const char *at = text; (at = strstr(at, "Of those cells ")); at++)
        found =
            sscanf(at, "Of those cells %lu are proven and %lu are unproven", proven, unproven) == 2;
    return found;
}

static bool prove_block(struct synth *s, const char *module, struct str *report)
{
    static const char *const arguments[] = {"-c", "equiv.tcl", NULL};
    const char *settings[] = {arena_printf(s->arena, "MODULE=%s", module), "GOLD=rtl.il",
                              "GATE=gates.il", "LIBERTY=cells.lib", NULL};
    const char *log = arena_printf(s->arena, "equivalence-%s.log", module);
    const struct tool_job job = {&yosys, arguments, settings, s->folder, log, patience_s};
    enum tool_end end = tool_run(s->arena, &job);
    if (end == TOOL_INTERRUPTED)
        return false;
    unsigned long proven = 0, unproven = 0;
    const char *line;
    if (end == TOOL_GOOD && read_status(s, log, &proven, &unproven) && !unproven)
        line = arena_printf(s->arena, "%s: proven, %lu points", module, proven);
    else if (end == TOOL_GOOD)
        line = arena_printf(s->arena, "%s: NOT proven, %lu of %lu points differ or are open",
                            module, unproven, proven + unproven);
    else if (end == TOOL_TOO_LONG)
        line = arena_printf(s->arena, "%s: not proven within %u s of processor time", module,
                            patience_s);
    else
        line = arena_printf(s->arena, "%s: not proven, Yosys cannot pair the flip-flops (%s)",
                            module, log);
    synth_figure(s, arena_printf(s->arena, "synth.%s.proven", module),
                 end == TOOL_GOOD && proven && !unproven);
    str_addf(report, "%s\n", line);
    if (s->options->say)
        s->options->say(s->options->user, arena_printf(s->arena, "equal    %s", line));
    return true;
}

bool synth_prove(struct synth *s)
{
    static const char *const files[] = {"equiv.tcl", "registers.v"};
    int error = 0;
    for (size_t i = 0; !error && i < sizeof files / sizeof *files; i++)
        error = fs_copy(fs_join(s->arena, s->scripts, files[i]), synth_path(s, files[i]));
    const struct liberty *liberty = synth_liberty(s);
    const struct gates *gates =
        liberty ? gates_read(s->arena, synth_path(s, "netlist.json"), "control", liberty, s->diags)
                : NULL;
    struct str report = {0};
    bool good = gates != NULL;
    for (size_t b = 0; good && !error && b < gates->block_count; b++)
        good = prove_block(s, gates->blocks[b].module, &report);
    if (!error)
        error = fs_write_text(s->arena, s->folder, "equivalence.txt", &report);
    if (error)
        diag_error(s->diags, DIAG_IO, SPAN_NONE, "cannot write in '%s': %s", s->folder,
                   strerror(-error));
    return good && !error;
}
