/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/campaign.h"

#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/json.h"

char *campaign_name(struct arena *arena, enum model_level level, const char *corner)
{
    return arena_printf(arena, "%s-%s", model_level_name(level), corner);
}

char *campaign_run_name(struct arena *arena, const struct campaign_run *run)
{
    return arena_printf(arena, "%06llu", (unsigned long long)run->sample);
}

static json_t *numbers(const double *values, size_t count)
{
    if (!values)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_real(values[i]));
    return array;
}

static json_t *run_json(const struct campaign *c, const struct campaign_run *run)
{
    size_t oscillators = (size_t)c->n + (size_t)c->m;
    json_t *root = json_object();
    json_object_set_new(root, "sample", json_integer((json_int_t)run->sample));
    json_object_set_new(root, "class", json_integer(run->class_index));
    json_object_set_new(root, "seed", json_integer((json_int_t)c->seed));
    json_object_set_new(root, "verdict", json_string(run->verdict));
    if (run->reason)
        json_object_set_new(root, "reason", json_string(run->reason));
    json_object_set_new(root, "wall_s", json_real(run->wall_s));
    json_object_set_new(root, "phases_circuit", numbers(run->circuit, oscillators));
    json_object_set_new(root, "phases_ode", numbers(run->ode, oscillators));
    json_object_set_new(root, "phases_model", numbers(run->model, oscillators));
    return root;
}

int campaign_write(struct arena *arena, const struct campaign *c, const char *folder)
{
    int error = 0;
    json_t *samples = json_array();
    for (size_t i = 0; i < c->count; i++) {
        const char *name = campaign_run_name(arena, &c->runs[i]);
        json_array_append_new(samples, json_string(name));
        const char *path = arena_printf(arena, "%s/%s/result.json", folder, name);
        int failed = json_write(path, run_json(c, &c->runs[i]), 0);
        error = error ? error : failed;
    }
    json_t *budget = json_pack("{s:f, s:f, s:f, s:f}", "solver", c->budget.solver, "quantisation",
                               c->budget.quantisation, "initial_phase", c->budget.initial_phase,
                               "readout", c->budget.readout);
    json_t *root = json_pack(
        "{s:s, s:s, s:I, s:i, s:i, s:i, s:o, s:o}", "level", model_level_name(c->level), "corner",
        c->corner, "seed", (json_int_t)c->seed, "oscillators", c->n, "conditioning", c->m,
        "readout_bits", c->readout_bits, "budget_rad", budget, "runs", samples);
    int failed = json_write(fs_join(arena, folder, "campaign.json"), root, 0);
    return error ? error : failed;
}

static bool read_numbers(struct arena *arena, json_t *array, size_t count, const double **values)
{
    *values = NULL;
    if (json_is_null(array))
        return true;
    if (!json_is_array(array) || json_array_size(array) != count)
        return false;
    double *list = ARENA_ARRAY(arena, double, count);
    for (size_t i = 0; i < count; i++)
        list[i] = json_number_value(json_array_get(array, i));
    *values = list;
    return true;
}

static const char *kept(struct arena *arena, json_t *text)
{
    const char *string = json_string_value(text);
    return string ? arena_strdup(arena, string) : NULL;
}

static bool read_run(struct arena *arena, const struct campaign *c, json_t *root,
                     struct campaign_run *run)
{
    size_t oscillators = (size_t)c->n + (size_t)c->m;
    run->sample = (uint64_t)json_integer_value(json_object_get(root, "sample"));
    run->class_index = (int)json_integer_value(json_object_get(root, "class"));
    run->verdict = kept(arena, json_object_get(root, "verdict"));
    run->reason = kept(arena, json_object_get(root, "reason"));
    run->wall_s = json_number_value(json_object_get(root, "wall_s"));
    return run->verdict &&
           read_numbers(arena, json_object_get(root, "phases_circuit"), oscillators,
                        &run->circuit) &&
           read_numbers(arena, json_object_get(root, "phases_ode"), oscillators, &run->ode) &&
           read_numbers(arena, json_object_get(root, "phases_model"), oscillators, &run->model) &&
           run->ode && run->model;
}

static bool read_head(struct arena *arena, json_t *root, struct campaign *c)
{
    const char *level = json_string_value(json_object_get(root, "level"));
    for (int l = 0; l < MODEL_LEVEL_COUNT; l++)
        if (level && !strcmp(level, model_level_name((enum model_level)l)))
            c->level = (enum model_level)l;
    c->corner = kept(arena, json_object_get(root, "corner"));
    c->seed = (uint64_t)json_integer_value(json_object_get(root, "seed"));
    c->n = (int)json_integer_value(json_object_get(root, "oscillators"));
    c->m = (int)json_integer_value(json_object_get(root, "conditioning"));
    c->readout_bits = (int)json_integer_value(json_object_get(root, "readout_bits"));
    json_t *budget = json_object_get(root, "budget_rad");
    c->budget.solver = json_number_value(json_object_get(budget, "solver"));
    c->budget.quantisation = json_number_value(json_object_get(budget, "quantisation"));
    c->budget.initial_phase = json_number_value(json_object_get(budget, "initial_phase"));
    c->budget.readout = json_number_value(json_object_get(budget, "readout"));
    return level && c->corner && c->n > 0 && c->m >= 0;
}

struct campaign *campaign_read(struct arena *arena, const char *folder, struct diags *diags)
{
    struct campaign *c = ARENA_NEW(arena, struct campaign);
    const char *path = fs_join(arena, folder, "campaign.json");
    json_t *root = json_load_file(path, 0, NULL);
    json_t *names = json_object_get(root, "runs"), *name;
    bool good = root && read_head(arena, root, c);
    c->count = json_array_size(names);
    c->runs = ARENA_ARRAY(arena, struct campaign_run, c->count);
    size_t i;
    json_array_foreach(names, i, name)
    {
        const char *text = json_string_value(name);
        if (good)
            path = arena_printf(arena, "%s/%s/result.json", folder, text ? text : "");
        json_t *run = good ? json_load_file(path, 0, NULL) : NULL;
        good = run && read_run(arena, c, run, &c->runs[i]);
        json_decref(run);
        if (!good)
            break;
    }
    json_decref(root);
    if (!good) {
        diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE,
                   "'%s' is not a result that oscc verify wrote", path);
        diag_help(diags, "remove '%s', or verify that level again", folder);
    }
    return good ? c : NULL;
}
