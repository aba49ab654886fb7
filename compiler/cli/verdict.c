/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/cli/verdict.h"

#include <string.h>

/* The first few runs that failed, each with its reason. */
static void say_failed_runs(struct cli *cli, const struct report *report,
                            const struct campaign *campaign, const char *name)
{
    enum { MOST_SHOWN = 5 };
    size_t shown = 0;
    for (size_t i = 0; i < campaign->count && shown < MOST_SHOWN; i++) {
        const struct campaign_run *run = &campaign->runs[i];
        if (run->circuit)
            continue;
        shown++;
        diag_error(&cli->diags, DIAG_SIMULATION, SPAN_NONE, "run %06llu: %s: %s",
                   (unsigned long long)run->sample, run->verdict, run->reason ? run->reason : "");
        diag_help(&cli->diags, "its log: %s/verify/%s/%s/log.txt", report->folder, name,
                  campaign_run_name(&cli->arena, run));
    }
}

static void say_missed_limits(struct cli *cli, const char *what, const char *failures)
{
    for (const char *line = failures; *line;) {
        size_t length = strcspn(line, "\n");
        diag_error(&cli->diags, DIAG_SPEC, SPAN_NONE, "%s: %.*s", what, (int)length, line);
        line += length + (line[length] == '\n');
    }
}

int cli_verdict(struct cli *cli, const struct report *report, enum model_level level,
                const char *corner)
{
    const struct report_entry *entry = report_find(report, level, corner);
    if (!entry)
        return CLI_INTERNAL;
    const struct comparison *c = &entry->comparison;
    const struct campaign *campaign = entry->campaign;
    cli_say(cli, "level %s", model_level_name(level));
    if (strcmp(corner, "nominal") != 0)
        cli_say(cli, " %s", corner);
    if (campaign->models)
        cli_say(cli, ", %s models", campaign->models);
    cli_say(cli, ", %zu samples: ", campaign->count);
    if (c->good)
        cli_say(cli, "phase %.4g rad RMS (limit %.4g)", c->phase_rms_rad,
                report->model->limits[level].phase_rms_rad);
    else
        cli_say(cli, "none ran to its end");
    if (c->good && model_pixels(report->model))
        cli_say(cli, ", image %.4g RMS (limit %.4g)", c->image_rms,
                report->model->limits[level].image_rms);
    if (c->good && report->model->classifier.layer_count)
        cli_say(cli, ", class %zu/%zu (model %zu)", c->right_circuit, c->good, c->right_reference);
    cli_say(cli, ": %s\n", report_verdict(entry));
    if (cli->verbose && c->good)
        cli_say(cli,
                "worst oscillator %d: %.4g rad RMS (limit %.4g); worst sample %llu: %.4g rad RMS; "
                "%.3g s a sample\n",
                c->worst_oscillator, c->worst_oscillator_rms_rad,
                report->model->limits[level].worst_oscillator_rms_rad,
                (unsigned long long)c->worst_sample, c->worst_sample_rms_rad, c->wall_s_per_sample);
    if (model_pixels(report->model))
        cli_say(cli, "picture  %s/report/images.png\n", report->folder);
    cli_say(cli, "report   %s/report/summary.md\n", report->folder);
    if (c->good != campaign->count) {
        say_failed_runs(cli, report, campaign,
                        campaign_name(&cli->arena, campaign->level, campaign->corner));
        return CLI_TOOL;
    }
    if (!entry->meets)
        say_missed_limits(cli, arena_printf(&cli->arena, "level %s", model_level_name(level)),
                          entry->failures);
    return entry->meets ? CLI_GOOD : CLI_SPEC;
}

int cli_cosim_verdict(struct cli *cli, const struct report *report, enum model_level level,
                      const char *corner)
{
    const struct report_cosim *entry = report_find_cosim(report, level, corner);
    if (!entry)
        return CLI_INTERNAL;
    const struct cosim *cosim = entry->cosim;
    const struct comparison *c = &entry->comparison;
    const char *name = cosim_name(&cli->arena, level, corner);
    cli_say(cli, "pins, level %s, %zu samples: ", model_level_name(level), cosim->campaign->count);
    if (c->good)
        cli_say(cli, "phase %.4g rad RMS (limit %.4g), codes %.3g bins RMS", c->phase_rms_rad,
                report->model->limits[level].phase_rms_rad, entry->code_rms_bins);
    else
        cli_say(cli, "none ran to its end");
    if (c->good && cosim->pixels)
        cli_say(cli, ", pixels right in %zu, image %.4g RMS (limit %.4g)", entry->pixels_equal,
                c->image_rms, report->model->limits[level].image_rms);
    if (c->good && cosim->pixels && report->model->classifier.layer_count)
        cli_say(cli, ", class %zu/%zu (model %zu)", c->right_circuit, c->good, c->right_reference);
    for (size_t i = 0; i < cosim->replay_count; i++)
        cli_say(cli, ", %s %s", cosim->replays[i].name,
                cosim->replays[i].fault ? "differs" : "the same");
    cli_say(cli, ": %s\n", report_cosim_verdict(entry));
    if (c->good != cosim->campaign->count) {
        say_failed_runs(cli, report, cosim->campaign, name);
        return CLI_TOOL;
    }
    if (!entry->meets)
        say_missed_limits(cli, arena_printf(&cli->arena, "pins, level %s", model_level_name(level)),
                          entry->failures);
    return entry->meets ? CLI_GOOD : CLI_SPEC;
}
