/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/report/report.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "compiler/base/fs.h"

/* The chip's decoder; NULL where there is none or chip.json, which a report can do without, is not
 * there. */
static const struct control_decoder *read_decoder(struct arena *arena, const struct report *report,
                                                  struct diags *diags)
{
    if (!fs_exists(fs_join(arena, report->folder, "chip.json")))
        return NULL;
    return compare_read_decoder(arena, report->folder, report->model, diags);
}

static void read_entries(struct arena *arena, struct report *report, struct diags *diags)
{
    char **names, *verify = fs_join(arena, report->folder, "verify");
    size_t count;
    int error = fs_list(arena, verify, &names, &count);
    if (error == -ENOENT)
        return; /* nothing was verified yet */
    if (error) {
        diag_error(diags, DIAG_IO, SPAN_NONE, "cannot read '%s': %s", verify, strerror(-error));
        return;
    }
    report->decoder = read_decoder(arena, report, diags);
    report_read_cosims(arena, report, names, count, diags);
    report->entries = ARENA_ARRAY(arena, struct report_entry, count);
    for (int level = 0; level < MODEL_LEVEL_COUNT; level++) {
        const char *prefix = arena_printf(arena, "%s-", model_level_name((enum model_level)level));
        for (size_t i = 0; i < count; i++) {
            if (strncmp(names[i], prefix, strlen(prefix)) != 0 || strstr(names[i], ".oscc-"))
                continue;
            const struct campaign *campaign =
                campaign_read(arena, fs_join(arena, verify, names[i]), diags);
            if (campaign && (campaign->n != report->model->n || campaign->m != report->model->m)) {
                diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE, "'%s/%s' belongs to another model",
                           verify, names[i]);
                campaign = NULL;
            }
            if (!campaign)
                continue;
            struct report_entry *entry = &report->entries[report->count++];
            struct str failures = {0};
            entry->campaign = campaign;
            entry->comparison = compare_campaign(arena, report->model, campaign);
            entry->fixed = compare_fixed(arena, report->model, campaign, report->decoder);
            entry->meets = compare_meets_limits(&entry->comparison, campaign,
                                                &report->model->limits[level], &failures);
            entry->failures = arena_strdup(arena, str_text(&failures));
            str_free(&failures);
        }
    }
}

static void read_chip(struct arena *arena, struct report *report)
{
    json_t *root = json_load_file(fs_join(arena, report->folder, "chip.json"), 0, NULL);
    json_t *time = json_object_get(root, "time");
    const char *process = json_string_value(json_object_get(root, "process"));
    report->process = arena_strdup(arena, process ? process : "");
    report->has_device = json_object_get(root, "device") != NULL;
    report->carrier_mhz = json_number_value(json_object_get(time, "carrier_hz")) / 1e6;
    report->run_us = json_number_value(json_object_get(time, "run_s")) * 1e6;
    json_decref(root);
}

/* What the chip's settings leave over at the corners that were verified. */
static void read_left(struct arena *arena, struct report *report)
{
    json_t *root = json_load_file(fs_join(arena, report->folder, "chip.json"), 0, NULL);
    const json_t *corners = json_object_get(json_object_get(root, "device"), "corners");
    for (size_t i = 0; i < report->count; i++) {
        struct report_entry *entry = &report->entries[i];
        const json_t *corner = json_object_get(corners, entry->campaign->corner);
        entry->with_left = entry->campaign->level == MODEL_LEVEL_DEVICE &&
                           json_is_number(json_object_get(corner, "lag_left_rad"));
        entry->lag_left_rad = json_number_value(json_object_get(corner, "lag_left_rad"));
        entry->trim_left_rad = json_number_value(json_object_get(corner, "trim_left_rad"));
    }
    json_decref(root);
}

static int write_text(struct arena *arena, const char *folder, const char *name,
                      const struct report *report,
                      void (*add)(const struct report *report, struct str *out))
{
    struct str text = {0};
    add(report, &text);
    return fs_write_text(arena, folder, name, &text);
}

struct report *report_build(struct arena *arena, const char *folder, const struct model *model,
                            const struct report_compile *compile, struct diags *diags)
{
    static const struct {
        const char *name;
        void (*add)(const struct report *report, struct str *out);
    } texts[] = {{"summary.md", report_add_summary},
                 {"index.html", report_add_html},
                 {"results.csv", report_add_csv},
                 {"junit.xml", report_add_junit}};
    struct report *report = ARENA_NEW(arena, struct report);
    size_t errors = diags->errors;
    report->folder = folder;
    report->model = model;
    read_chip(arena, report);
    report_count_devices(arena, report, diags);
    read_entries(arena, report, diags);
    read_left(arena, report);
    report_read_control(arena, report);
    if (diags->errors != errors) {
        json_decref(report->control);
        return NULL;
    }

    const char *out = fs_join(arena, folder, "report");
    int error = fs_make_folders(out);
    if (!error)
        error = report_write_metrics(arena, report, compile, fs_join(arena, out, "metrics.json"));
    if (!error)
        error = report_write_picture(arena, report, fs_join(arena, out, "images.png"));
    for (size_t i = 0; !error && i < sizeof texts / sizeof *texts; i++)
        error = write_text(arena, out, texts[i].name, report, texts[i].add);
    json_decref(report->control);
    report->control = NULL;
    if (error) {
        diag_error(diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s", out, strerror(-error));
        return NULL;
    }
    return report;
}

const struct report_entry *report_find(const struct report *report, enum model_level level,
                                       const char *corner)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->entries[i].campaign->level == level &&
            !strcmp(report->entries[i].campaign->corner, corner))
            return &report->entries[i];
    return NULL;
}

const char *report_verdict(const struct report_entry *entry)
{
    if (entry->comparison.good != entry->campaign->count || !entry->campaign->count)
        return "failed";
    return entry->meets ? "met" : "not met";
}
