/* SPDX-License-Identifier: Apache-2.0
 *
 * Yosys maps the control; what came of it is counted from its netlist.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compiler/base/fs.h"
#include "compiler/base/json.h"
#include "synth/gates.h"
#include "synth/synth.h"
#include "synth/tool.h"

static const struct tool yosys = {"yosys", "yosys"};

static void say(const struct synth *s, const char *line)
{
    if (s->options->say)
        s->options->say(s->options->user, line);
}

/* Cells and area, whole and by block. */
static bool count_gates(struct synth *s)
{
    const struct liberty *liberty = synth_liberty(s);
    const struct gates *gates =
        liberty ? gates_read(s->arena, synth_path(s, "netlist.json"), "control", liberty, s->diags)
                : NULL;
    if (!gates)
        return false;
    double area = 0, memory = 0;
    size_t cells = 0;
    const struct pdk_logic *logic = s->pdk->logic;
    for (size_t b = 0; b < gates->block_count; b++) {
        const char *name = arena_printf(s->arena, "synth.%s.", gates->blocks[b].module);
        synth_figure(s, arena_printf(s->arena, "%scells", name), (double)gates_cells_of(gates, b));
        synth_figure(s, arena_printf(s->arena, "%sarea_mm2", name), gates_area_um2(gates, b) / 1e6);
        area += gates_area_um2(gates, b);
        cells += gates_cells_of(gates, b);
    }
    for (size_t c = 0; c < gates->cell_count; c++) {
        if (gates->cells[c].cell)
            continue;
        double macros =
            (double)(gates->cells[c].width * gates->cells[c].depth) / logic->memory_bits;
        memory += (macros < 1 ? 1 : macros) * logic->memory_area_um2;
    }
    synth_figure(s, "synth.cells", (double)cells);
    synth_figure(s, "synth.area_mm2", area / 1e6);
    synth_figure(s, "synth.memories", (double)gates_memories(gates));
    synth_figure(s, "synth.memory_area_mm2", memory / 1e6);
    say(s, arena_printf(s->arena,
                        "mapped   %zu cells of %s, %.4g mm2; %zu memories as black boxes, about "
                        "%.2g mm2",
                        cells, logic->name, area / 1e6, gates_memories(gates), memory / 1e6));
    return true;
}

/* "   Number of cells:   1234", the last one: that of the whole design. */
static bool count_generic(struct synth *s)
{
    char *text;
    size_t length;
    unsigned long cells = 0;
    if (fs_read_text(s->arena, synth_path(s, "area.txt"), 1 << 26, &text, &length))
        return false;
    for (const char *at = text; (at = strstr(at, "Number of cells:")); at++)
        sscanf(at, "Number of cells: %lu", &cells);
    synth_figure(s, "synth.generic_cells", (double)cells);
    say(s, arena_printf(s->arena,
                        "mapped   %lu gates of Yosys's own: the process %s has no standard cells, "
                        "so there is no area, timing or energy",
                        cells, s->pdk->name));
    return cells > 0;
}

bool synth_map(struct synth *s)
{
    const struct pdk_logic *logic = s->pdk->logic;
    /* a warning of Yosys is a fault: none is harmless so far */
    static const char *const arguments[] = {"-e", ".*", "-c", "synth.tcl", NULL};
    const char *settings[10] = {"TOP=control", "LC_ALL=C"};
    size_t count = 2;
    settings[count++] =
        arena_printf(s->arena, "PERIOD_PS=%.0f",
                     0.5e12 / s->clock_hz[0]); /* cells are half as fast at ss, the clock is not */
    if (logic) {
        settings[count++] = "LIBERTY=cells.lib";
        settings[count++] = arena_printf(s->arena, "TIE_CELL=%s", logic->tie);
        settings[count++] = arena_printf(s->arena, "BUFFER_CELL=%s", logic->buffer);
        settings[count++] = "GOLD=rtl.il";
        settings[count++] = "GATE=gates.il";
    }
    const struct tool_job job = {&yosys, arguments, settings, s->folder, "synth.log", 0};
    return tool_run_or_say(s->arena, &job, s->diags) && (logic ? count_gates(s) : count_generic(s));
}
