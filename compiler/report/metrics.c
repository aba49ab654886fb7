/* SPDX-License-Identifier: Apache-2.0
 *
 * metrics.json: one flat object of numbers; the names are a contract (ARCHITECTURE.md).
 */
#include <math.h>
#include <string.h>

#include "compiler/base/json.h"
#include "compiler/report/report.h"

/* A figure that is not finite is left out. */
static void set(json_t *root, const char *name, double value)
{
    if (isfinite(value))
        json_object_set_new(root, name, json_real(value));
}

/* What a sample takes from the supply; the typical corner's figures are the chip's. */
static void add_energy(struct arena *arena, json_t *root, const struct report_entry *entry)
{
    const struct comparison *c = &entry->comparison;
    const char *corner = entry->campaign->corner;
    const char *prefix = strcmp(corner, "tt") ? arena_printf(arena, "energy.%s", corner) : "energy";
    double sum = 0;
    for (enum energy_block b = 0; b < ENERGY_BLOCKS && c->with_energy; b++) {
        sum += c->energy_j[b];
        set(root, arena_printf(arena, "%s.%s_nj", prefix, energy_block_name(b)),
            1e9 * c->energy_j[b]);
    }
    if (!c->with_energy)
        return;
    set(root, arena_printf(arena, "%s.analog_nj", prefix), 1e9 * sum);
    set(root, arena_printf(arena, "verify.device.%s.worst_network_error", corner),
        c->worst_network_error);
}

static void add_entry(struct arena *arena, json_t *root, const struct report *report,
                      const struct report_entry *entry)
{
    const struct campaign *campaign = entry->campaign;
    const struct comparison *c = &entry->comparison;
    const char *prefix =
        arena_printf(arena, "verify.%s.%s", model_level_name(campaign->level), campaign->corner);
    const struct {
        const char *name;
        double value;
    } figures[] = {
        {"samples", (double)campaign->count},
        {"good", (double)c->good},
        {"phase_rms_rad", c->phase_rms_rad},
        {"phase_rms_model_rad", c->phase_rms_model_rad},
        {"worst_oscillator_rms_rad", c->worst_oscillator_rms_rad},
        {"worst_sample_rms_rad", c->worst_sample_rms_rad},
        {"wall_s_per_sample", c->wall_s_per_sample},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (c->good || i < 2)
            set(root, arena_printf(arena, "%s.%s", prefix, figures[i].name), figures[i].value);
    if (c->good && model_pixels(report->model))
        set(root, arena_printf(arena, "%s.image_rms", prefix), c->image_rms);
    if (entry->fixed.present) {
        set(root, arena_printf(arena, "%s.image_fixed_rms", prefix), entry->fixed.image_rms);
        set(root, "budget.decoder.image_rms", entry->fixed.decoder_rms);
    }
    if (entry->fixed.present && report->model->classifier.layer_count)
        set(root, arena_printf(arena, "%s.class_fixed_accuracy", prefix),
            (double)entry->fixed.right / (double)c->good);
    if (c->good && report->model->classifier.layer_count) {
        set(root, arena_printf(arena, "%s.class_accuracy", prefix),
            (double)c->right_circuit / (double)c->good);
        set(root, "reference.class_accuracy", (double)c->right_reference / (double)c->good);
    }
    if (campaign->models) /* a name, where all else is numbers */
        set(root, arena_printf(arena, "%s.models.%s", prefix, campaign->models), 1);
    add_energy(arena, root, entry);
    set(root, "budget.solver.phase_rms_rad", campaign->budget.solver);
    set(root, "budget.quantisation.phase_rms_rad", campaign->budget.quantisation);
    set(root, "budget.initial_phase.phase_rms_rad", campaign->budget.initial_phase);
    set(root, "budget.readout.phase_rms_rad", campaign->budget.readout);
    if (c->good)
        set(root, "budget.residual.phase_rms_rad", c->phase_rms_rad);
}

/* Keeps the compiler's own figures when only the verification ran. */
static void keep_compile(json_t *root, const char *path)
{
    json_t *old = json_load_file(path, 0, NULL), *value;
    const char *name;
    json_object_foreach(old, name,
                        value) if (!strncmp(name, "compile.", 8) && json_is_number(value))
        json_object_set(root, name, value);
    json_decref(old);
}

int report_write_metrics(struct arena *arena, const struct report *report,
                         const struct report_compile *compile, const char *path)
{
    const struct model *model = report->model;
    json_t *root = json_object();
    set(root, "model.oscillators", model->n);
    set(root, "model.couplings", (double)model->couplings.count);
    set(root, "model.classes", model->classes);
    set(root, "chip.carrier_mhz", report->carrier_mhz);
    set(root, "chip.run_us", report->run_us);
    if (report->inventory) {
        set(root, "chip.transistors", (double)inventory_transistors(report->inventory));
        set(root, "chip.area_mm2", inventory_area_um2(report->inventory) / 1e6);
    }
    if (compile) {
        set(root, "compile.wall_s", compile->wall_s);
        set(root, "compile.peak_rss_mb", compile->peak_rss_mb);
    } else {
        keep_compile(root, path);
    }
    const char *name;
    json_t *value;
    json_object_foreach(report->control, name, value) if (json_is_number(value))
        json_object_set(root, name, value);
    set(root, "energy.total_nj", report_total_nj(report));
    for (size_t i = 0; i < report->count; i++)
        add_entry(arena, root, report, &report->entries[i]);
    report_add_cosim_metrics(arena, report, root);
    return json_write(path, root, JSON_SORT_KEYS);
}
