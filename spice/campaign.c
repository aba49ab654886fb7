/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/campaign.h"

#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/json.h"
#include "spice/run.h"

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

/* By block, and in total; nJ. */
static json_t *energy_json(const double *joule)
{
    json_t *object = json_object();
    double sum = 0;
    for (enum energy_block b = 0; b < ENERGY_BLOCKS; b++)
        sum += joule[b];
    json_object_set_new(object, "analog", json_real(1e9 * sum));
    for (enum energy_block b = 0; b < ENERGY_BLOCKS; b++)
        json_object_set_new(object, energy_block_name(b), json_real(1e9 * joule[b]));
    return object;
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
        json_object_set_new(root, "reason", json_text(run->reason));
    json_object_set_new(root, "wall_s", json_real(run->wall_s));
    if (run->energy) {
        json_object_set_new(root, "energy_nj", energy_json(run->energy));
        json_object_set_new(root, "network_error", json_real(run->network_error));
    }
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
    if (c->engine)
        json_object_set_new(root, "engine", json_string(c->engine));
    if (c->start)
        json_object_set_new(root, "start", json_string(c->start));
    if (c->models)
        json_object_set_new(root, "models", json_string(c->models));
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
    bool numbers = true;
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(array, i);
        numbers = numbers && json_is_number(item);
        list[i] = json_number_value(item);
    }
    *values = list;
    return numbers;
}

static const char *kept(struct arena *arena, json_t *text)
{
    const char *string = json_string_value(text);
    return string ? arena_strdup(arena, string) : NULL;
}

static bool integer(json_t *object, const char *key, json_int_t least, json_int_t most,
                    json_int_t *value)
{
    json_t *item = json_object_get(object, key);
    *value = json_integer_value(item);
    return json_is_integer(item) && *value >= least && *value <= most;
}

static bool number(json_t *object, const char *key, double *value)
{
    json_t *item = json_object_get(object, key);
    *value = json_number_value(item);
    return json_is_number(item);
}

static bool read_energy(struct arena *arena, json_t *root, struct campaign_run *run)
{
    json_t *object = json_object_get(root, "energy_nj");
    if (!object)
        return true;
    double *joule = ARENA_ARRAY(arena, double, ENERGY_BLOCKS);
    bool numbers = number(root, "network_error", &run->network_error);
    for (enum energy_block b = 0; b < ENERGY_BLOCKS; b++) {
        numbers = numbers && number(object, energy_block_name(b), &joule[b]);
        joule[b] *= 1e-9;
    }
    run->energy = joule;
    return numbers;
}

static bool is_verdict(const char *name)
{
    for (int v = SPICE_GOOD; v <= SPICE_INTERRUPTED; v++)
        if (!strcmp(name, spice_verdict_name((enum spice_verdict)v)))
            return true;
    return false;
}

static bool read_run(struct arena *arena, const struct campaign *c, json_t *root,
                     struct campaign_run *run)
{
    size_t oscillators = (size_t)c->n + (size_t)c->m;
    json_int_t sample, class_index;
    bool whole = integer(root, "sample", 0, INT64_MAX, &sample) &&
                 integer(root, "class", 0, INT32_MAX, &class_index) &&
                 number(root, "wall_s", &run->wall_s);
    run->sample = (uint64_t)sample;
    run->class_index = whole ? (int)class_index : 0;
    run->verdict = kept(arena, json_object_get(root, "verdict"));
    run->reason = kept(arena, json_object_get(root, "reason"));
    if (!whole || !run->verdict || !is_verdict(run->verdict) ||
        !read_numbers(arena, json_object_get(root, "phases_circuit"), oscillators, &run->circuit) ||
        !read_numbers(arena, json_object_get(root, "phases_ode"), oscillators, &run->ode) ||
        !read_numbers(arena, json_object_get(root, "phases_model"), oscillators, &run->model) ||
        !read_energy(arena, root, run))
        return false;
    bool good = !strcmp(run->verdict, spice_verdict_name(SPICE_GOOD));
    return run->ode && run->model && good == (run->circuit != NULL) && good == !run->reason;
}

/* A word that can stand in file names and reports as it is. */
static bool is_word(const char *text)
{
    return *text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

static bool read_level(json_t *root, enum model_level *level)
{
    const char *name = json_string_value(json_object_get(root, "level"));
    for (int l = 0; name && l < MODEL_LEVEL_COUNT; l++) {
        *level = (enum model_level)l;
        if (!strcmp(name, model_level_name(*level)))
            return true;
    }
    return false;
}

static bool read_head(struct arena *arena, json_t *root, struct campaign *c)
{
    enum { MOST = 1 << 24 };
    json_int_t seed, n, m, bits;
    json_t *budget = json_object_get(root, "budget_rad");
    c->corner = kept(arena, json_object_get(root, "corner"));
    c->engine = kept(arena, json_object_get(root, "engine"));
    c->start = kept(arena, json_object_get(root, "start"));
    c->models = kept(arena, json_object_get(root, "models"));
    if (!read_level(root, &c->level) || !c->corner || !is_word(c->corner) ||
        (c->engine && !is_word(c->engine)) || (c->start && !is_word(c->start)) ||
        (c->models && !is_word(c->models)) || !integer(root, "seed", INT64_MIN, INT64_MAX, &seed) ||
        !integer(root, "oscillators", 1, MOST, &n) || !integer(root, "conditioning", 0, MOST, &m) ||
        !integer(root, "readout_bits", 1, 32, &bits) ||
        !number(budget, "solver", &c->budget.solver) ||
        !number(budget, "quantisation", &c->budget.quantisation) ||
        !number(budget, "initial_phase", &c->budget.initial_phase) ||
        !number(budget, "readout", &c->budget.readout))
        return false;
    c->seed = (uint64_t)seed;
    c->n = (int)n;
    c->m = (int)m;
    c->readout_bits = (int)bits;
    return json_is_array(json_object_get(root, "runs"));
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
