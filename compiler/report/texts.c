/* SPDX-License-Identifier: Apache-2.0
 *
 * The report in words and tables: summary.md, index.html, results.csv, junit.xml.
 */
#include <string.h>

#include "compiler/report/report.h"

/* One figure of an entry beside its limit (0: it has none). */
struct line {
    const char *what;
    double value, limit;
};

enum { LINES = 11 + ENERGY_BLOCKS };

/* What a sample takes from the supply, whole and by block, nJ. */
static size_t energy_lines(const struct comparison *c, struct line *lines)
{
    static const char *const what[ENERGY_BLOCKS] = {
        [ENERGY_OSCILLATORS] = "energy of its oscillators, nJ",
        [ENERGY_DRIVERS] = "energy of its row drivers, nJ",
        [ENERGY_OTHERS] = "energy of its other cells, nJ",
        [ENERGY_MIDRAIL] = "energy of its mid-rail, nJ",
    };
    size_t count = 0;
    double sum = 0;
    for (size_t b = 0; b < ENERGY_BLOCKS; b++)
        sum += c->energy_j[b];
    lines[count++] = (struct line){"analog energy a sample, nJ", 1e9 * sum, 0};
    for (size_t b = 0; b < ENERGY_BLOCKS; b++)
        if (c->energy_j[b] > 0)
            lines[count++] = (struct line){what[b], 1e9 * c->energy_j[b], 0};
    lines[count++] = (struct line){"what extrapolation missed of the pulls, worst sample, "
                                   "relative RMS",
                                   c->worst_network_error, 0};
    return count;
}

static size_t entry_lines(const struct report *report, const struct report_entry *entry,
                          struct line *lines)
{
    const struct comparison *c = &entry->comparison;
    const struct model_limits *limits = &report->model->limits[entry->campaign->level];
    size_t count = 0;
    lines[count++] = (struct line){"phase, against the exact solution, rad RMS", c->phase_rms_rad,
                                   limits->phase_rms_rad};
    lines[count++] = (struct line){"phase, worst oscillator, rad RMS", c->worst_oscillator_rms_rad,
                                   limits->worst_oscillator_rms_rad};
    lines[count++] =
        (struct line){"phase, against the model's own solver, rad RMS", c->phase_rms_model_rad, 0};
    if (model_pixels(report->model))
        lines[count++] = (struct line){"image, range 0..1, RMS", c->image_rms, limits->image_rms};
    if (entry->fixed.present) {
        lines[count++] =
            (struct line){"image of the chip's own decoder, RMS", entry->fixed.image_rms, 0};
        lines[count++] = (struct line){"what its integers cost, RMS", entry->fixed.decoder_rms, 0};
    }
    if (c->with_energy)
        count += energy_lines(c, lines + count);
    if (entry->with_left) {
        lines[count++] =
            (struct line){"lag that the corner's code leaves, rad", entry->lag_left_rad, 0};
        lines[count++] = (struct line){"frequency that a trim's code leaves at most, rad a run",
                                       entry->trim_left_rad, 0};
    }
    lines[count++] = (struct line){"wall time a sample, s", c->wall_s_per_sample, 0};
    return count;
}

static void accuracy(const struct report *report, const struct report_entry *entry,
                     const char *before, const char *after, struct str *out)
{
    const struct comparison *c = &entry->comparison;
    if (report->model->classifier.layer_count && c->good)
        str_addf(out,
                 "%sThe classifier sees the intended class in %zu of %zu images of the circuit and "
                 "in %zu of the model's.%s",
                 before, c->right_circuit, c->good, c->right_reference, after);
}

/* What the figures of the transistor level stand on, and what is still idealised there. */
static void device_note(const struct report *report, const struct campaign *campaign,
                        const char *before, const char *after, struct str *out)
{
    if (campaign->level != MODEL_LEVEL_DEVICE)
        return;
    /* by --start */
    static const struct {
        const char *start, *idealised;
    } notes[] = {
        {"orbit", "Oscillators, columns and row drivers are transistors; couplers are their "
                  "resistors and capacitances, trims and lag the capacitance of their codes, "
                  "initial phases initial conditions, mid-rail a source."},
        {"released", "Oscillators, columns, row drivers, hold, enable, capture and mid-rail are "
                     "transistors; couplers are their resistors and capacitances, trims and lag "
                     "the capacitance of their codes; the control signals are sources."},
        {"loaded", "Everything in the array is transistors but dummies, which are resistors; the "
                   "bits are shifted in; the control signals are sources."},
    };
    size_t kind = 0;
    while (kind < 2 && campaign->start && strcmp(campaign->start, notes[kind].start) != 0)
        kind++;
    str_addf(out, "%sProcess %s, corner %s, models %s, engine %s. %s%s", before, report->process,
             campaign->corner, campaign->models ? campaign->models : "unknown",
             campaign->engine ? campaign->engine : "unknown", notes[kind].idealised, after);
}

static void markdown_entry(const struct report *report, const struct report_entry *entry,
                           struct str *out)
{
    const struct campaign *campaign = entry->campaign;
    struct line lines[LINES];
    str_addf(out, "\n## Level %s, %s: %s\n\n", model_level_name(campaign->level), campaign->corner,
             report_verdict(entry));
    str_addf(out, "%zu samples, seed %llu, %zu ran to their end.\n", campaign->count,
             (unsigned long long)campaign->seed, entry->comparison.good);
    if (entry->comparison.good) {
        str_add(out, "\n| figure | value | limit |\n|---|---|---|\n");
        size_t count = entry_lines(report, entry, lines);
        for (size_t i = 0; i < count; i++) {
            str_addf(out, "| %s | %.4g | ", lines[i].what, lines[i].value);
            if (lines[i].limit > 0)
                str_addf(out, "%.4g |\n", lines[i].limit);
            else
                str_add(out, "- |\n");
        }
    }
    accuracy(report, entry, "\n", "\n", out);
    device_note(report, campaign, "\n", "\n", out);
    if (*entry->failures)
        str_addf(out, "\n%s", entry->failures);
    for (size_t i = 0; i < campaign->count; i++)
        if (campaign->runs[i].reason)
            str_addf(out, "- run %06llu: %s: %s\n", (unsigned long long)campaign->runs[i].sample,
                     campaign->runs[i].verdict, campaign->runs[i].reason);
}

static void budget(const struct report *report, struct str *out)
{
    if (!report->count)
        return;
    const struct campaign_budget *b = &report->entries[report->count - 1].campaign->budget;
    str_addf(out,
             "\n## What the chip's codes cost, before any circuit\n\n"
             "| cause | phase, rad RMS |\n|---|---|\n"
             "| the model's solver instead of the exact solution | %.4g |\n"
             "| weights as codes | %.4g |\n| initial phases as codes | %.4g |\n"
             "| captured phases as codes | %.4g |\n",
             b->solver, b->quantisation, b->initial_phase, b->readout);
}

void report_add_summary(const struct report *report, struct str *out)
{
    const struct model *model = report->model;
    str_addf(out, "# %s\n\n", model->name);
    if (!report->count)
        str_add(out, "Nothing was verified yet: `oscc verify` does.\n");
    for (size_t i = 0; i < report->count; i++)
        str_addf(out, "- level %s, %s: limits **%s**\n",
                 model_level_name(report->entries[i].campaign->level),
                 report->entries[i].campaign->corner, report_verdict(&report->entries[i]));
    for (size_t i = 0; i < report->cosim_count; i++)
        str_addf(out, "- through the pins, level %s, %s: limits **%s**\n",
                 model_level_name(report->cosims[i].cosim->campaign->level),
                 report->cosims[i].cosim->campaign->corner,
                 report_cosim_verdict(&report->cosims[i]));
    str_addf(
        out,
        "\n%d oscillators, %d conditioning, %zu couplings, %d classes; one run is %.4g us on a "
        "carrier of %.4g MHz.\n",
        model->n, model->m, model->couplings.count, model->classes, report->run_us,
        report->carrier_mhz);
    if (model_pixels(model) && report->count)
        str_add(out, "\n![model above, circuit below](images.png)\n");
    for (size_t i = 0; i < report->count; i++)
        markdown_entry(report, &report->entries[i], out);
    report_add_cosims(report, false, out);
    budget(report, out);
    report_add_devices(report, false, out);
    report_add_control(report, out);
    str_add(out,
            "\nPhases are compared with the rotation common to all oscillators removed. The exact\n"
            "solution uses the weights that the codes stand for and the same initial phases.\n");
}

/* Text that may hold anything, for HTML and XML. */
void report_add_escaped(struct str *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            str_add(out, "&amp;");
        else if (*text == '<')
            str_add(out, "&lt;");
        else if (*text == '>')
            str_add(out, "&gt;");
        else if (*text == '"')
            str_add(out, "&quot;");
        else if ((unsigned char)*text >= 0x20 || *text == '\n')
            str_add_bytes(out, text, 1);
    }
}

static void html_entry(const struct report *report, const struct report_entry *entry,
                       struct str *out)
{
    struct line lines[LINES];
    const struct campaign *campaign = entry->campaign;
    str_addf(out,
             "<h2>Level %s, %s: limits %s</h2>\n<p>%zu samples, seed %llu, %zu ran to their end.",
             model_level_name(campaign->level), campaign->corner, report_verdict(entry),
             campaign->count, (unsigned long long)campaign->seed, entry->comparison.good);
    accuracy(report, entry, " ", "", out);
    str_add(out, "</p>\n");
    if (entry->comparison.good) {
        str_add(out, "<table><tr><th>figure</th><th>value</th><th>limit</th></tr>\n");
        size_t count = entry_lines(report, entry, lines);
        for (size_t i = 0; i < count; i++) {
            bool missed = lines[i].limit > 0 && !(lines[i].value <= lines[i].limit);
            str_addf(out, "<tr%s><td>%s</td><td>%.4g</td><td>", missed ? " class=\"missed\"" : "",
                     lines[i].what, lines[i].value);
            if (lines[i].limit > 0)
                str_addf(out, "%.4g", lines[i].limit);
            str_add(out, "</td></tr>\n");
        }
        str_add(out, "</table>\n");
    }
    device_note(report, campaign, "<p>", "</p>\n", out);
    if (*entry->failures) {
        str_add(out, "<pre>");
        report_add_escaped(out, entry->failures);
        str_add(out, "</pre>\n");
    }
}

void report_add_html(const struct report *report, struct str *out)
{
    str_add(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>oscc: ");
    report_add_escaped(out, report->model->name);
    str_add(out, "</title>\n<style>body{font:16px sans-serif;max-width:60em;margin:2em auto}"
                 "td,th{padding:.2em 1em;text-align:left;border-bottom:1px solid #ccc}"
                 ".missed{color:#b00}img{max-width:100%}</style></head><body>\n<h1>");
    report_add_escaped(out, report->model->name);
    str_add(out, "</h1>\n");
    if (model_pixels(report->model) && report->count)
        str_add(out, "<p><img src=\"images.png\" alt=\"model above, circuit below\"></p>\n");
    for (size_t i = 0; i < report->count; i++)
        html_entry(report, &report->entries[i], out);
    report_add_cosims(report, true, out);
    report_add_devices(report, true, out);
    str_add(out, "<p><a href=\"summary.md\">summary</a>, <a href=\"metrics.json\">metrics</a>, "
                 "<a href=\"results.csv\">results</a></p>\n</body></html>\n");
}

void report_add_csv(const struct report *report, struct str *out)
{
    str_add(out, "level,corner,sample,class,verdict,phase_rms_rad,phase_rms_model_rad,image_rms,"
                 "class_circuit,class_model,wall_s,energy_nj,models\n");
    for (size_t e = 0; e < report->count; e++) {
        const struct campaign *campaign = report->entries[e].campaign;
        for (size_t i = 0; i < campaign->count; i++) {
            const struct campaign_run *run = &campaign->runs[i];
            const struct run_comparison *c = &report->entries[e].comparison.runs[i];
            str_addf(out, "%s,%s,%llu,%d,%s,", model_level_name(campaign->level), campaign->corner,
                     (unsigned long long)run->sample, run->class_index, run->verdict);
            if (run->circuit)
                str_addf(out, "%.6g,%.6g,%.6g,%d,%d", c->phase_rms_rad, c->phase_rms_model_rad,
                         c->image_rms, c->class_circuit, c->class_reference);
            else
                str_add(out, ",,,,");
            str_addf(out, ",%.3f,", run->wall_s);
            double joule = 0;
            for (size_t b = 0; b < ENERGY_BLOCKS && run->energy; b++)
                joule += run->energy[b];
            if (run->energy)
                str_addf(out, "%.5g", 1e9 * joule);
            str_addf(out, ",%s\n", campaign->models ? campaign->models : "");
        }
    }
}

void report_add_junit(const struct report *report, struct str *out)
{
    str_addf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (size_t e = 0; e < report->count; e++) {
        const struct report_entry *entry = &report->entries[e];
        const struct campaign *campaign = entry->campaign;
        size_t broken = campaign->count - entry->comparison.good;
        str_addf(out,
                 "<testsuite name=\"oscc.%s.%s\" tests=\"%zu\" failures=\"%d\" errors=\"%zu\">\n",
                 model_level_name(campaign->level), campaign->corner, campaign->count + 1,
                 !entry->meets, broken);
        if (campaign->models)
            str_addf(out, "<properties><property name=\"models\" value=\"%s\"/></properties>\n",
                     campaign->models);
        str_add(out, "<testcase name=\"limits\">");
        if (!entry->meets) {
            str_add(out, "<failure message=\"limits not met\">");
            report_add_escaped(out, entry->failures);
            str_add(out, "</failure>");
        }
        str_add(out, "</testcase>\n");
        for (size_t i = 0; i < campaign->count; i++) {
            const struct campaign_run *run = &campaign->runs[i];
            str_addf(out, "<testcase name=\"sample %llu\" time=\"%.3f\">",
                     (unsigned long long)run->sample, run->wall_s);
            if (run->reason) {
                str_addf(out, "<error message=\"%s\">", run->verdict);
                report_add_escaped(out, run->reason);
                str_add(out, "</error>");
            }
            str_add(out, "</testcase>\n");
        }
        str_add(out, "</testsuite>\n");
    }
    str_add(out, "</testsuites>\n");
}
