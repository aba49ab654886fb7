/* SPDX-License-Identifier: Apache-2.0
 *
 * The digital control on standard cells: what `oscc synth` left in synth/result.json.
 */
#include <math.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/report/report.h"

void report_read_control(struct arena *arena, struct report *report)
{
    report->control = json_load_file(fs_join(arena, report->folder, "synth/result.json"), 0, NULL);
}

double report_control_figure(const struct report *report, const char *name)
{
    const json_t *value = json_object_get(report->control, name);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* What a sample takes from the supply, analog array at the typical corner, nJ. */
static double analog_nj(const struct report *report)
{
    const struct report_entry *entry = report_find(report, MODEL_LEVEL_DEVICE, "tt");
    double sum = 0;
    for (size_t b = 0; entry && b < ENERGY_BLOCKS; b++)
        sum += 1e9 * entry->comparison.energy_j[b];
    return entry && entry->comparison.with_energy ? sum : NAN;
}

double report_total_nj(const struct report *report)
{
    return analog_nj(report) + report_control_figure(report, "energy.control_nj") +
           report_control_figure(report, "energy.decoder_nj") +
           report_control_figure(report, "energy.memory_nj");
}

static void add_line(const struct report *report, const char *what, const char *name,
                     struct str *out)
{
    double value = report_control_figure(report, name);
    if (isfinite(value))
        str_addf(out, "| %s | %.4g |\n", what, value);
}

void report_add_control(const struct report *report, struct str *out)
{
    static const struct {
        const char *what, *name;
    } lines[] = {
        {"standard cells", "synth.cells"},
        {"their area, mm2", "synth.area_mm2"},
        {"gates of Yosys's own, as the process has no standard cells", "synth.generic_cells"},
        {"memories as black boxes", "synth.memories"},
        {"their area, mm2, an estimate", "synth.memory_area_mm2"},
        {"clock at tt_025C_1v80, MHz", "synth.tt_025C_1v80.clock_mhz"},
        {"the most it could be there, MHz", "synth.tt_025C_1v80.fmax_mhz"},
        {"slack at tt_025C_1v80, ns", "synth.tt_025C_1v80.slack_ns"},
        {"clock at ss_100C_1v60, MHz", "synth.ss_100C_1v60.clock_mhz"},
        {"the most it could be there, MHz", "synth.ss_100C_1v60.fmax_mhz"},
        {"slack at ss_100C_1v60, ns", "synth.ss_100C_1v60.slack_ns"},
        {"energy of the control a sample, nJ", "energy.control_nj"},
        {"energy of the decoder a sample, nJ", "energy.decoder_nj"},
        {"energy of the memories a sample, nJ, an estimate", "energy.memory_nj"},
        {"energy of reading the image over SPI, nJ", "energy.read_nj"},
        {"energy of loading the configuration once, nJ", "energy.load_nj"},
    };
    if (!report->control)
        return;
    str_add(out, "\n## The digital control, mapped by Yosys, before layout\n\n"
                 "| figure | value |\n|---|---|\n");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        add_line(report, lines[i].what, lines[i].name, out);
    double total = report_total_nj(report), load = report_control_figure(report, "energy.load_nj");
    if (isfinite(total)) {
        str_addf(out, "| energy of a sample, analog and digital, nJ | %.4g |\n", total);
        str_addf(out, "| the same with the loading, one sample | %.4g |\n", total + load);
        str_addf(out, "| the same, a batch of 1,000 | %.4g |\n", total + load / 1000);
    }
    str_add(out,
            "\nThe clock reaches all flip-flops at once and unbuffered, wires are assumed "
            "(docs/synthesis.md);\nmemories count with published figures of OpenRAM's macros.\n");
    if (isfinite(report_control_figure(report, "energy.control_nj")))
        str_add(out,
                "Un-0's authors estimate 23 uJ an image for a chip of their own: another model and "
                "another data set, not to be\ncompared image by image.\n");
}
