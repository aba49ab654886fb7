/* SPDX-License-Identifier: Apache-2.0
 *
 * What came out of the pins of the digital control, in figures and words.
 */
#include <math.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/report/report.h"
#include "compiler/sample/sample.h"

enum { FIGURES = 16 };

const double *report_pins_image(struct arena *arena, const struct model *model,
                                const struct cosim *cosim, size_t sample)
{
    const uint8_t *pixel = cosim->samples[sample].pixel;
    if (!pixel || cosim->pixels != (size_t)model_pixels(model))
        return NULL;
    double *image = ARENA_ARRAY(arena, double, cosim->pixels);
    for (size_t p = 0; p < cosim->pixels; p++)
        image[p] = pixel[p] / 255.0;
    return image;
}

/* The images as they were read, in place of those decoded from phases. */
static void take_images(struct arena *arena, const struct model *model, struct report_cosim *entry)
{
    const struct cosim *cosim = entry->cosim;
    struct comparison *c = &entry->comparison;
    double sum = 0;
    c->right_circuit = 0;
    for (size_t i = 0; i < cosim->campaign->count; i++) {
        const struct campaign_run *run = &cosim->campaign->runs[i];
        const double *image = report_pins_image(arena, model, cosim, i);
        if (!run->circuit)
            continue;
        if (!image) { /* an image that is missing is worse than any */
            sum = NAN;
            continue;
        }
        double *circuit = ARENA_ARRAY(arena, double, cosim->pixels);
        double *reference = ARENA_ARRAY(arena, double, cosim->pixels), square = 0;
        compare_images(arena, model, cosim->campaign, run, circuit, reference);
        for (size_t p = 0; p < cosim->pixels; p++)
            square += (image[p] - reference[p]) * (image[p] - reference[p]);
        c->runs[i].image_rms = sqrt(square / (double)cosim->pixels);
        c->runs[i].class_circuit = sample_classify(model, image);
        c->right_circuit += c->runs[i].class_circuit == run->class_index;
        sum += square / (double)cosim->pixels;
    }
    c->image_rms = sqrt(sum / (double)c->good);
}

static void judge(struct arena *arena, const struct model *model, struct report_cosim *entry)
{
    const struct cosim *cosim = entry->cosim;
    struct str failures = {0};
    entry->comparison = compare_campaign(arena, model, cosim->campaign);
    if (cosim->pixels)
        take_images(arena, model, entry);
    for (size_t i = 0; i < cosim->campaign->count; i++) {
        const struct cosim_sample *s = &cosim->samples[i];
        entry->pixels_equal += s->pixel && !memcmp(s->pixel, s->expected, cosim->pixels);
        entry->code_worst_bins = fmax(entry->code_worst_bins, s->code_worst_bins);
        entry->start_worst_bins = fmax(entry->start_worst_bins, s->start_worst_bins);
        entry->code_rms_bins += s->code_rms_bins * s->code_rms_bins;
        entry->start_rms_bins += s->start_rms_bins * s->start_rms_bins;
        entry->phase_rms_drawn_rad += s->phase_drawn_rad * s->phase_drawn_rad;
    }
    entry->code_rms_bins = sqrt(entry->code_rms_bins / (double)entry->comparison.good);
    entry->start_rms_bins = sqrt(entry->start_rms_bins / (double)entry->comparison.good);
    entry->phase_rms_drawn_rad = sqrt(entry->phase_rms_drawn_rad / (double)entry->comparison.good);
    entry->meets = compare_meets_limits(&entry->comparison, cosim->campaign,
                                        &model->limits[cosim->campaign->level], &failures);
    size_t before = failures.length;
    cosim_add_failures(cosim, &failures);
    entry->meets = entry->meets && failures.length == before;
    entry->failures = arena_strdup(arena, str_text(&failures));
    str_free(&failures);
}

void report_read_cosims(struct arena *arena, struct report *report, char *const *names,
                        size_t count, struct diags *diags)
{
    report->cosims = ARENA_ARRAY(arena, struct report_cosim, count);
    for (size_t i = 0; i < count; i++) {
        if (strncmp(names[i], "cosim-", 6) != 0 || strstr(names[i], ".oscc-"))
            continue;
        const char *folder = arena_printf(arena, "%s/verify/%s", report->folder, names[i]);
        const struct cosim *cosim = cosim_read(arena, folder, diags);
        if (cosim &&
            (cosim->campaign->n != report->model->n || cosim->campaign->m != report->model->m)) {
            diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE, "'%s' belongs to another model",
                       folder);
            cosim = NULL;
        }
        if (!cosim)
            continue;
        struct report_cosim *entry = &report->cosims[report->cosim_count++];
        entry->cosim = cosim;
        judge(arena, report->model, entry);
    }
}

const struct report_cosim *report_find_cosim(const struct report *report, enum model_level level,
                                             const char *corner)
{
    for (size_t i = 0; i < report->cosim_count; i++) {
        const struct campaign *campaign = report->cosims[i].cosim->campaign;
        if (campaign->level == level && !strcmp(campaign->corner, corner))
            return &report->cosims[i];
    }
    return NULL;
}

const char *report_cosim_verdict(const struct report_cosim *entry)
{
    const struct campaign *campaign = entry->cosim->campaign;
    if (entry->comparison.good != campaign->count || !campaign->count)
        return "failed";
    return entry->meets ? "met" : "not met";
}

struct figure {
    const char *key, *what;
    double value, limit; /* limit 0: none */
};

/* All figures that there are; those of runs only where one came to its end. */
static size_t figures(const struct report *report, const struct report_cosim *entry,
                      struct figure *list)
{
    const struct cosim *cosim = entry->cosim;
    const struct comparison *c = &entry->comparison;
    const struct model_limits *limits = &report->model->limits[cosim->campaign->level];
    size_t count = 0, same = 0;
    for (size_t i = 0; i < cosim->replay_count; i++)
        same += !cosim->replays[i].fault;
    list[count++] = (struct figure){"samples", NULL, (double)cosim->campaign->count, 0};
    list[count++] = (struct figure){"good", NULL, (double)c->good, 0};
    list[count++] = (struct figure){"replays", "builds that were told the same",
                                    (double)cosim->replay_count, 0};
    list[count++] =
        (struct figure){"replays_equal", "of them, with the same answers", (double)same, 0};
    if (!c->good)
        return count;
    list[count++] = (struct figure){
        "start_rms_bins", "phases when the coupling begins, against those drawn, bins RMS",
        entry->start_rms_bins, 0};
    list[count++] = (struct figure){"start_worst_bins", "worst of them, bins",
                                    entry->start_worst_bins, COSIM_START_LIMIT_BINS};
    list[count++] =
        (struct figure){"phase_rms_rad", "phase, against the exact solution from there, rad RMS",
                        c->phase_rms_rad, limits->phase_rms_rad};
    list[count++] = (struct figure){
        "phase_rms_drawn_rad", "phase, against the exact solution from the phases drawn, rad RMS",
        entry->phase_rms_drawn_rad, 0};
    list[count++] =
        (struct figure){"code_rms_bins", "captured codes, against their waveforms, bins RMS",
                        entry->code_rms_bins, 0};
    list[count++] = (struct figure){"code_worst_bins", "worst captured code, bins",
                                    entry->code_worst_bins, COSIM_CODE_LIMIT_BINS};
    if (cosim->pixels) {
        list[count++] =
            (struct figure){"pixels_equal", "samples whose pixels are the arithmetic's, bit by bit",
                            (double)entry->pixels_equal, 0};
        list[count++] =
            (struct figure){"image_rms", "image, range 0..1, RMS", c->image_rms, limits->image_rms};
    }
    if (cosim->pixels && report->model->classifier.layer_count)
        list[count++] = (struct figure){"class_accuracy", "share of images of the intended class",
                                        (double)c->right_circuit / (double)c->good, 0};
    list[count++] = (struct figure){"wall_s_per_sample", "wall time a sample in lock-step, s",
                                    c->wall_s_per_sample, 0};
    return count;
}

void report_add_cosim_metrics(struct arena *arena, const struct report *report, json_t *root)
{
    struct figure list[FIGURES];
    for (size_t i = 0; i < report->cosim_count; i++) {
        const struct campaign *campaign = report->cosims[i].cosim->campaign;
        size_t count = figures(report, &report->cosims[i], list);
        for (size_t f = 0; f < count; f++)
            if (isfinite(list[f].value))
                json_object_set_new(root,
                                    arena_printf(arena, "cosim.%s.%s.%s",
                                                 model_level_name(campaign->level),
                                                 campaign->corner, list[f].key),
                                    json_real(list[f].value));
    }
}

static void add_table(const struct report *report, const struct report_cosim *entry, bool html,
                      struct str *out)
{
    struct figure list[FIGURES];
    size_t count = figures(report, entry, list);
    str_add(out, html ? "<table><tr><th>figure</th><th>value</th><th>limit</th></tr>\n"
                      : "\n| figure | value | limit |\n|---|---|---|\n");
    for (size_t f = 0; f < count; f++) {
        bool missed = list[f].limit > 0 && !(list[f].value <= list[f].limit);
        if (!list[f].what)
            continue;
        str_addf(out, html ? "<tr%s><td>%s</td><td>%.4g</td><td>" : "%s| %s | %.4g | ",
                 html && missed ? " class=\"missed\"" : "", list[f].what, list[f].value);
        if (list[f].limit > 0)
            str_addf(out, "%.4g", list[f].limit);
        else
            str_add(out, "-");
        str_add(out, html ? "</td></tr>\n" : " |\n");
    }
    str_add(out, html ? "</table>\n" : "");
}

void report_add_cosims(const struct report *report, bool html, struct str *out)
{
    for (size_t i = 0; i < report->cosim_count; i++) {
        const struct report_cosim *entry = &report->cosims[i];
        const struct campaign *campaign = entry->cosim->campaign;
        str_addf(out,
                 html ? "<h2>Through the pins, level %s, %s: %s</h2>\n<p>"
                      : "\n## Through the pins, level %s, %s: %s\n\n",
                 model_level_name(campaign->level), campaign->corner, report_cosim_verdict(entry));
        str_addf(out,
                 "%zu samples, seed %llu, %zu ran to their end. The digital control was booted "
                 "over SPI, drove the array in lock-step and gave the images back over SPI; the "
                 "array had the weights that stood in its chains.\n%s",
                 campaign->count, (unsigned long long)campaign->seed, entry->comparison.good,
                 html ? "</p>\n" : "");
        add_table(report, entry, html, out);
        if (*entry->failures) {
            str_add(out, html ? "<pre>" : "\n");
            if (html)
                report_add_escaped(out, entry->failures);
            else
                str_add(out, entry->failures);
            str_add(out, html ? "</pre>\n" : "");
        }
        for (size_t r = 0; r < campaign->count && !html; r++)
            if (campaign->runs[r].reason)
                str_addf(out, "- run %06llu: %s: %s\n",
                         (unsigned long long)campaign->runs[r].sample, campaign->runs[r].verdict,
                         campaign->runs[r].reason);
    }
}
