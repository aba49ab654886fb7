/* SPDX-License-Identifier: Apache-2.0
 *
 * Energy of a sample and of loading: the netlist in the chip's test bench under Icarus Verilog, its
 * dump, and the library. So that loading over SPI has not to be simulated in gates as a whole,
 * memories are filled from aside for the sample, and loading is measured on the first frame of each
 * region.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "compiler/base/fs.h"
#include "compiler/base/json.h"
#include "synth/power.h"
#include "synth/synth.h"
#include "synth/tool.h"

static const struct tool yosys = {"yosys", "yosys"}, iverilog = {"iverilog", "iverilog"},
                         vvp = {"vvp", "iverilog"};
static const char dump_scope[] = "tb_top.top.control";
static const double tick_s = 10e-9; /* of the test bench, whatever the chip's clock is */

/* Where the byte of a region goes in a memory's word. */
static const struct {
    const char *module, *cell;
    int region;
    const char *place;
} memories[] = {
    {"class_chain", "ram", 2, "word[address] = data"},
    {"decoder", "weight_memory", 3, "word[address >> 2][8 * address[1:0] +: 8] = data"},
    {"decoder", "bias_memory", 4, "word[address >> 2][8 * (3 - address[1:0]) +: 8] = data"},
    {"timing", "settings.bytes", 5, "word[address] = data"}};

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && !strcmp(text + length - tail, end);
}

/* preload.vh: the regions whose memory is a black box, and the chain of the array's model. */
static int write_preload(const struct synth *s, const struct gates *gates)
{
    struct str cases = {0}, text = {0};
    unsigned poked = 2; /* the chain */
    for (size_t c = 0; c < gates->cell_count; c++) {
        const struct gates_cell *cell = &gates->cells[c];
        const struct gates_block *block = &gates->blocks[cell->block];
        for (size_t m = 0; !cell->cell && m < sizeof memories / sizeof *memories; m++) {
            if (strcmp(block->module, memories[m].module) != 0 ||
                !ends_with(cell->name, memories[m].cell))
                continue;
            poked |= 1u << memories[m].region;
            str_addf(&cases, "            %d: %s.\\%s .\\%s .%s;\n", memories[m].region, dump_scope,
                     block->instance, cell->name, memories[m].place);
        }
    }
    str_addf(&text,
             "localparam [15:0] POKED = 16'd%u;\n"
             "task poke;\n    input [7:0] into;\n    input [23:0] address;\n    input [7:0] data;\n"
             "    begin\n        case (into)\n"
             "            1: tb_top.top.array.model.chain = {tb_top.top.array.model.chain, data};\n"
             "%s            default: $display(\"preload: no memory for region %%0d\", into);\n"
             "        endcase\n    end\nendtask\ntask loaded;\n    begin\n",
             poked, str_text(&cases));
    static const char *const flags[] = {
        "", "chain_loaded", "class_loaded", "weights_loaded", "biases_loaded", "settings_loaded"};
    for (unsigned region = 1; region <= 5; region++)
        if (poked >> region & 1)
            str_addf(&text, "        force %s.%s = 1'b1;\n", dump_scope, flags[region]);
    str_add(&text, "    end\nendtask\n");
    str_free(&cases);
    return fs_write_text(s->arena, s->folder, "preload.vh", &text);
}

static bool build(struct synth *s, const char *output, bool preload)
{
    const char *words[16] = {"-g2005",
                             "-DOSCC_ARRAY_MODEL",
                             "-DOSCC_NETLIST",
                             "-DOSCC_DUMP=2",
                             "-I.",
                             "-I../verilog",
                             "-s",
                             "tb_top",
                             "-o",
                             output,
                             "../verilog/top.v",
                             "../verilog/ram.v",
                             "control_netlist.v",
                             "cells.v"};
    struct str command = {0};
    /* the shell lists the test bench's files */
    str_add(&command, "exec iverilog");
    for (size_t i = 0; words[i]; i++)
        str_addf(&command, " %s", words[i]);
    str_addf(&command, "%s ../verilog/tb/*.v", preload ? " -DOSCC_PRELOAD" : "");
    const char *const arguments[] = {"-c", arena_strdup(s->arena, str_text(&command)), NULL};
    str_free(&command);
    static const struct tool shell = {"sh", "dash"};
    const struct tool_job job = {&shell, arguments, NULL, s->folder, "iverilog.log", 600};
    return tool_run_or_say(s->arena, &job, s->diags);
}

/* "<what>: N clocks from M" of the test bench. */
static bool read_mark(const char *text, const char *what, double *clocks, double *from)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        line += strspn(line, " ");
        size_t length = strlen(what);
        if (!strncmp(line, what, length) && line[length] == ':')
            return sscanf(line + length, ": %lf clocks from %lf", clocks, from) == 2;
    }
    return false;
}

static bool fault(struct synth *s, const char *what, const char *log)
{
    diag_error(s->diags, DIAG_TOOL, SPAN_NONE, "the sample in gates: %s", what);
    diag_help(s->diags, "its log: %s", synth_path(s, log));
    return false;
}

/* Runs a build; `marks` names what it must say, the end of each window. */
static const struct activity *simulate(struct synth *s, const char *program, const char *log,
                                       const char *option, size_t windows, const char *const *marks,
                                       double *clocks)
{
    const char *const arguments[] = {"-n", arena_printf(s->arena, "../synth/%s", program), option,
                                     NULL};
    const char *verilog = fs_join(s->arena, s->chip, "verilog");
    const struct tool_job job = {
        &vvp, arguments, NULL, verilog, arena_printf(s->arena, "../synth/%s", log), 1800};
    const char *dump = fs_join(s->arena, verilog, "activity.vcd");
    char *text;
    size_t length, line;
    double from, end_s[ACTIVITY_WINDOWS];
    const struct activity *activity = NULL;
    if (!tool_run_or_say(s->arena, &job, s->diags))
        return NULL;
    if (fs_read_text(s->arena, synth_path(s, log), 1 << 24, &text, &length))
        return fault(s, "it said nothing", log), NULL;
    for (size_t w = 0; w < windows; w++) {
        if (!read_mark(text, marks[w], &clocks[w], &from))
            return fault(s, arena_printf(s->arena, "it did not come to '%s'", marks[w]), log), NULL;
        end_s[w] = tick_s * (from + clocks[w]);
    }
    if (windows > 1 && !strstr(text, "errors 00000000"))
        return fault(s, "the control reports an error", log), NULL;
    FILE *file = fopen(dump, "r");
    if (file) {
        activity = activity_read(s->arena, file, windows, end_s, &line);
        fclose(file);
    }
    unlink(dump);
    if (!activity)
        fault(s,
              file ? arena_printf(s->arena, "line %zu of its dump is not VCD", line)
                   : "it left no dump",
              log);
    return activity;
}

/* Sums over blocks, nJ. */
struct sums {
    double control, decoder, memory, clock, wires;
};

static struct sums add_up(const struct gates *gates, const struct power *power)
{
    struct sums sums = {0};
    for (size_t b = 0; b < gates->block_count; b++) {
        double own = 1e9 * (power[b].cells_j + power[b].leakage_j);
        *(strcmp(gates->blocks[b].module, "decoder") ? &sums.control : &sums.decoder) += own;
        sums.memory += 1e9 * power[b].memory_j;
        sums.clock += 1e9 * power[b].clock_j;
        sums.wires += 1e9 * power[b].wires_j;
    }
    return sums;
}

/* Clocks of all frames of boot.hex at the pins: 64 a byte, and 16 around each. */
static double boot_clocks(struct synth *s)
{
    char *text;
    size_t length;
    double clocks = 0;
    if (fs_read_text(s->arena, fs_join(s->arena, s->chip, "verilog/boot.hex"), 1 << 28, &text,
                     &length))
        return 0;
    for (const char *at = text; *at; at += strcspn(at, "\n") + 1)
        clocks += 64 * (double)(strcspn(at, "\n") / 2) + 16;
    return clocks;
}

static bool estimate(struct synth *s, const struct gates *gates, const struct liberty *liberty)
{
    static const char *const draw[] = {"draw", "read"}, *const load[] = {"load"};
    const double hz = s->clock_hz[0];
    double clocks[2], covered;
    const struct activity *activity =
        simulate(s, "sample.vvp", "sample.txt", "+class=0", 2, draw, clocks);
    if (!activity)
        return false;
    const struct power *power = power_estimate(s->arena, gates, liberty, s->pdk->logic, activity,
                                               dump_scope, 0, clocks[0], tick_s, hz, &covered);
    struct sums sample = add_up(gates, power);
    power = power_estimate(s->arena, gates, liberty, s->pdk->logic, activity, dump_scope, 1,
                           clocks[1], tick_s, hz, NULL);
    struct sums read = add_up(gates, power);
    double loaded;
    activity = simulate(s, "load.vvp", "load.txt", "+frames=1", 1, load, &loaded);
    if (!activity)
        return false;
    power = power_estimate(s->arena, gates, liberty, s->pdk->logic, activity, dump_scope, 0, loaded,
                           tick_s, hz, NULL);
    struct sums some = add_up(gates, power);
    double all = boot_clocks(s) / loaded;
    synth_figure(s, "energy.control_nj", sample.control);
    synth_figure(s, "energy.decoder_nj", sample.decoder);
    synth_figure(s, "energy.memory_nj", sample.memory);
    synth_figure(s, "energy.clock_nj", sample.clock);
    synth_figure(s, "energy.wires_nj", sample.wires);
    synth_figure(s, "energy.read_nj", read.control + read.decoder + read.memory);
    synth_figure(s, "energy.load_nj", all * (some.control + some.decoder + some.memory));
    synth_figure(s, "synth.sample_clocks", clocks[0]);
    synth_figure(s, "synth.nets_seen", covered);
    if (s->options->say)
        s->options->say(
            s->options->user,
            arena_printf(s->arena,
                         "energy   of a sample in %.0f clocks (%.3g us): control %.4g nJ, decoder "
                         "%.4g nJ (of both %.4g nJ by the clock), memories %.4g nJ",
                         clocks[0], clocks[0] / hz * 1e6, sample.control, sample.decoder,
                         sample.clock, sample.memory));
    return true;
}

bool synth_energy(struct synth *s)
{
    static const char *const arguments[] = {
        "-q", "-p", "read_liberty -ignore_miss_func cells.lib; write_verilog -noattr cells.v",
        NULL};
    const struct tool_job models = {&yosys, arguments, NULL, s->folder, "cells.log", 600};
    if (!fs_exists(fs_join(s->arena, s->chip, "verilog/tb/tb_top.v"))) {
        if (s->options->say)
            s->options->say(s->options->user, "energy   not simulated: the chip has no test bench");
        return true;
    }
    if (!tool_present(&iverilog)) {
        tool_say_missing(&iverilog, s->diags);
        return false;
    }
    const struct liberty *liberty = synth_liberty(s);
    const struct gates *gates =
        liberty ? gates_read(s->arena, synth_path(s, "netlist.json"), "control", liberty, s->diags)
                : NULL;
    if (!gates)
        return false;
    int error = write_preload(s, gates);
    if (error) {
        diag_error(s->diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s",
                   synth_path(s, "preload.vh"), strerror(-error));
        return false;
    }
    return tool_run_or_say(s->arena, &models, s->diags) && build(s, "sample.vvp", true) &&
           build(s, "load.vvp", false) && estimate(s, gates, liberty);
}
