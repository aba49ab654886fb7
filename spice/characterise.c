/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/characterise.h"

#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "spice/characterise_part.h"

/* Counts up when the same cells and models give other values. */
#define MEASUREMENT "oscc-characterisation-2"

enum { LARGEST = 16 << 20 };

/* What the benches are made of. */
static const char *const measured_cells[] = {"oscillator", "driver",         "column", "trim",
                                             "lag",        "coupler_weight", NULL};

/* Hash of the models' files: that of a slice with no device in it. */
static bool models_hash(struct bench_lab *lab, const char **hash, const char **set)
{
    struct cards_library library;
    struct cards cards;
    if (!cards_library(lab->arena, lab->root, lab->pdk->name, lab->set, lab->corner, &library,
                       lab->diags) ||
        !cards_slice(lab->arena, &library, NULL, 0, NULL, &cards, lab->diags))
        return false;
    *hash = arena_strdup(lab->arena, cards.key);
    *set = library.set;
    return true;
}

/* What the measurement is told of the process, beside its cells. */
static json_t *settings_json(const struct bench_lab *lab,
                             const struct characterise_options *options)
{
    const struct pdk_device *d = lab->pdk->device;
    struct characterise_load load = characterise_nominal(lab);
    return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:i, s:i, s:i, s:f, s:I}",
                     "supply_v", d->supply_v, "mid_v", d->mid_v, "node_f", d->capacitor_f,
                     "attenuation", d->attenuation, "carrier_cycles", lab->pdk->carrier_cycles,
                     "bus_load_s", load.bus_s, "bus_delay_s", load.delay_s, "row_load_s",
                     load.row_s, "points_per_cycle", CHARACTERISE_POINTS, "settle_cycles",
                     CHARACTERISE_SETTLE, "mismatch_draws", options->draws, "temperature_c", 27.0,
                     "seed", (json_int_t)options->seed);
}

static json_t *head_json(struct bench_lab *lab, const struct characterise_options *options,
                         const char *models, const char *set)
{
    char cells[HASH_TEXT];
    const char *text = bench_cell_text(lab, measured_cells);
    hash_bytes(text, strlen(text), cells);
    json_t *provenance =
        json_pack("{s:s, s:s, s:s, s:s}", "cells_sha256", cells, "models_sha256", models,
                  "ngspice_version", OSCC_NGSPICE_VERSION, "oscc_version", OSCC_VERSION);
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "oscc_characterisation", MEASUREMENT,
                     "process", lab->pdk->name, "models", set, "corner", lab->corner, "provenance",
                     provenance, "settings", settings_json(lab, options));
}

/* Of a value as it is written. */
static void hash_json(const json_t *value, char hash[HASH_TEXT])
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
    hash_bytes(text, strlen(text), hash);
    free(text);
}

/* The characterisation without the hash that it carries of itself. */
static void content_hash(const json_t *root, char hash[HASH_TEXT])
{
    json_t *copy = json_copy((json_t *)(uintptr_t)root);
    json_object_del(copy, "content_sha256");
    hash_json(copy, hash);
    json_decref(copy);
}

/* Whether a stored value is as oscc wrote it, under this key. */
static bool is_intact(const json_t *stored, const char *key)
{
    char hash[HASH_TEXT];
    const char *name = json_string_value(json_object_get(stored, "key"));
    const char *content = json_string_value(json_object_get(stored, "content_sha256"));
    if (!name || !content || strcmp(name, key) != 0)
        return false;
    content_hash(stored, hash);
    return !strcmp(hash, content);
}

/* Stores what is there so far; a cache that cannot be written is no fault of the measurement. */
static void store(json_t *root, const char *path)
{
    char hash[HASH_TEXT];
    content_hash(root, hash);
    json_object_set_new(root, "content_sha256", json_string(hash));
    if (path)
        (void)json_write(path, json_incref(root), 0);
}

/* Measures the parts that are not there, and stores each: what an interrupt leaves is of use. */
static bool complete(struct bench_lab *lab, const struct characterise_options *options,
                     json_t *root, const char *path, enum characterise_origin *origin)
{
    static const struct {
        const char *name;
        json_t *(*measure)(struct bench_lab *lab, const struct characterise_options *options);
        size_t simulations;
    } parts[] = {{"cell", characterise_cell, CHARACTERISE_CELL_RUNS},
                 {"trim", characterise_trim, CHARACTERISE_TRIM_RUNS},
                 {"coupling", characterise_coupling, CHARACTERISE_COUPLING_RUNS},
                 {"coupler", characterise_coupler, CHARACTERISE_COUPLER_RUNS},
                 {"mismatch", characterise_mismatch, CHARACTERISE_MISMATCH_RUNS}};
    enum { PARTS = sizeof parts / sizeof *parts };
    bool wanted[PARTS];
    for (size_t p = 0; p < PARTS; p++) {
        wanted[p] = !json_object_get(root, parts[p].name) &&
                    (!options->only || !strcmp(options->only, parts[p].name));
        lab->count += wanted[p] ? parts[p].simulations : 0;
    }
    for (size_t p = 0; p < PARTS; p++) {
        /* the others' steps follow from the frequency that the first one found */
        lab->carrier_hz = p ? json_number_value(json_object_get(json_object_get(root, "cell"),
                                                                "loaded_frequency_hz"))
                            : 0;
        if (!wanted[p])
            continue;
        json_t *value = parts[p].measure(lab, options);
        if (!value)
            return false;
        if (*origin == CHARACTERISE_CACHED)
            *origin = CHARACTERISE_MEASURED;
        json_object_set_new(root, parts[p].name, value);
        store(root, path);
    }
    return true;
}

json_t *characterise(struct bench_lab *lab, const struct characterise_options *options,
                     const char *cache, enum characterise_origin *origin)
{
    const char *models, *set;
    char key[HASH_TEXT];
    if (!models_hash(lab, &models, &set))
        return NULL;
    json_t *root = head_json(lab, options, models, set);
    hash_json(root, key);
    json_object_set_new(root, "key", json_string(key));
    char *path = cache && !fs_make_folders(cache)
                     ? fs_join(lab->arena, cache, arena_printf(lab->arena, "measured-%s.json", key))
                     : NULL;
    *origin = CHARACTERISE_MEASURED;
    json_t *stored = path ? json_load_file(path, 0, NULL) : NULL;
    if (is_intact(stored, key)) {
        *origin = CHARACTERISE_CACHED;
        json_object_update_missing(root, stored);
    } else if (path && fs_exists(path)) {
        *origin = CHARACTERISE_REPAIRED;
    }
    json_decref(stored);
    if (complete(lab, options, root, path, origin))
        return root;
    json_decref(root);
    return NULL;
}
