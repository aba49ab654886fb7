/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/under_test.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/hash.h"
#include "compiler/map/tiles.h"
#include "compiler/sample/sample.h"
#include "netlist/memory.h"
#include "pdk/measured.h"

/* chip.json with its text, so that messages can point into it. */
struct reader {
    struct arena *arena;
    const struct source *source;
    json_t *root;
    struct diags *diags;
};

static void damaged(struct reader *r, const char *what)
{
    diag_error(r->diags, DIAG_CHIP_DAMAGED, (struct span){r->source, 0, 0}, "%s", what);
    diag_help(r->diags, "compile the model again");
}

/* The value at a path like "time.run_s", or NULL. */
static json_t *at(struct reader *r, const char *path)
{
    json_t *value = r->root;
    char key[64];
    for (const char *part = path; value && *part;) {
        size_t length = strcspn(part, ".");
        snprintf(key, sizeof key, "%.*s", (int)length, part);
        value = json_object_get(value, key);
        part += length + (part[length] == '.');
    }
    return value;
}

static double positive(struct reader *r, const char *path)
{
    json_t *value = at(r, path);
    double number = json_number_value(value);
    if (json_is_number(value) && number > 0 && isfinite(number))
        return number;
    damaged(r, arena_printf(r->arena, "\"%s\" is not a positive number", path));
    return 1;
}

static json_int_t integer(struct reader *r, const char *path, json_int_t least, json_int_t most)
{
    json_t *value = at(r, path);
    json_int_t number = json_integer_value(value);
    if (json_is_integer(value) && number >= least && number <= most)
        return number;
    damaged(r, arena_printf(r->arena, "\"%s\" is not an integer from %lld to %lld", path,
                            (long long)least, (long long)most));
    return least;
}

/* Text without control characters: a line's end would end the comment that it stands in. */
static const char *printable(struct reader *r, const char *path)
{
    const char *text = json_string_value(at(r, path));
    bool good = text != NULL;
    for (const char *c = text; good && *c; c++)
        good = (unsigned char)*c >= ' ';
    if (good)
        return arena_strdup(r->arena, text);
    damaged(r, arena_printf(r->arena, "\"%s\" is not a line of text", path));
    return "";
}

static struct under_test_section section(struct reader *r, const char *name, size_t expected)
{
    enum { MOST = 1 << 30 };
    struct under_test_section s = {
        .base =
            (size_t)integer(r, arena_printf(r->arena, "memory.sections.%s.base", name), 0, MOST),
        .count =
            (size_t)integer(r, arena_printf(r->arena, "memory.sections.%s.count", name), 0, MOST),
    };
    if (s.count != expected)
        damaged(r, arena_printf(r->arena, "section \"%s\" has %zu words where %zu belong", name,
                                s.count, expected));
    return s;
}

/* All pairs of different oscillators, once the memory was found to hold them. */
static void all_sources(struct reader *r, struct under_test *chip)
{
    size_t n = (size_t)chip->n;
    chip->source = ARENA_ARRAY(r->arena, int32_t, n * (n - 1));
    chip->address = ARENA_ARRAY(r->arena, size_t, n * (n - 1));
    for (size_t i = 0, at = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            if (j == i)
                continue;
            chip->source[at] = (int32_t)j;
            chip->address[at++] = chip->coupling.base + map_square_word(n, chip->tile, i, j);
        }
        chip->first[i + 1] = at;
    }
}

static void read_sources(struct reader *r, struct under_test *chip)
{
    json_t *rows = at(r, "sources"), *row, *item;
    size_t i, k, count = 0;
    chip->first = ARENA_ARRAY(r->arena, size_t, (size_t)chip->n + 1);
    if (json_is_string(rows) && !strcmp(json_string_value(rows), "all")) {
        chip->tile = (size_t)integer(r, "tile", 1, 1 << 20);
        return;
    }
    if (!json_is_array(rows) || json_array_size(rows) != (size_t)chip->n) {
        damaged(r, "\"sources\" is not a list of one row an oscillator");
        return;
    }
    json_array_foreach(rows, i, row) count += json_array_size(row);
    chip->source = ARENA_ARRAY(r->arena, int32_t, count);
    chip->address = ARENA_ARRAY(r->arena, size_t, count);
    count = 0;
    json_array_foreach(rows, i, row)
    {
        if (!json_is_array(row))
            damaged(r, arena_printf(r->arena, "row %zu of \"sources\" is not a list", i));
        json_array_foreach(row, k, item)
        {
            json_int_t j = json_integer_value(item);
            if (!json_is_integer(item) || j < 0 || j >= chip->n) {
                damaged(r, arena_printf(r->arena,
                                        "row %zu of \"sources\" names an oscillator that "
                                        "is not there",
                                        i));
                j = 0;
            }
            chip->address[count] = count;
            chip->source[count++] = (int32_t)j;
        }
        chip->first[i + 1] = count;
    }
}

static double *numbers(struct reader *r, const char *path, size_t *count)
{
    const json_t *list = at(r, path);
    *count = json_array_size(list);
    double *values = ARENA_ARRAY(r->arena, double, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        const json_t *item = json_array_get(list, i);
        values[i] = json_number_value(item);
        if (!json_is_number(item) || !isfinite(values[i]))
            *count = 0;
    }
    if (!*count)
        damaged(r, arena_printf(r->arena, "\"%s\" is not a list of numbers", path));
    return values;
}

/* Whole numbers in one line of text, blanks between them. */
static double *words(struct reader *r, const char *path, size_t *count)
{
    const char *text = printable(r, path);
    double *values = ARENA_ARRAY(r->arena, double, strlen(text) / 2 + 2);
    char *end;
    for (*count = 0; *text; text = end + (*end == ' ')) {
        values[(*count)++] = (double)strtol(text, &end, 10);
        if (end == text || (*end && *end != ' ')) {
            *count = 0;
            break;
        }
    }
    return values;
}

/* The trim of a corner: a table from the codes of omega to its own, and the curve of these. */
static void read_trim(struct reader *r, const char *path, struct under_test_corner *corner)
{
    if (!at(r, arena_printf(r->arena, "%s.trim_of_code", path)))
        return;
    const char *curve = arena_printf(r->arena, "%s.trim_curve", path);
    size_t count, points, values;
    double *table = words(r, arena_printf(r->arena, "%s.trim_of_code", path), &count);
    double *code = numbers(r, arena_printf(r->arena, "%s.code", curve), &points);
    double *relative = numbers(r, arena_printf(r->arena, "%s.frequency_relative", curve), &values);
    bool good = count % 2 == 1 && points >= 2 && points == values;
    for (size_t i = 1; i < points && good; i++)
        good = code[i] > code[i - 1];
    for (size_t i = 0; i < count && good; i++)
        good = fabs(table[i]) <= 1 << (PDK_TRIM_BITS - 1);
    if (!good) {
        damaged(r, arena_printf(r->arena, "the trim of \"%s\" is no table with its curve", path));
        return;
    }
    int *own = ARENA_ARRAY(r->arena, int, count);
    for (size_t i = 0; i < count; i++) {
        own[i] = (int)table[i];
        table[i] = pdk_curve(points, code, relative, table[i]);
    }
    corner->trim_code = own;
    corner->trim_relative = table;
    corner->trim_full = (int)(count / 2);
}

static void read_corners(struct reader *r, struct under_test *chip)
{
    json_t *all = at(r, "device.corners"), *corner;
    struct under_test_corner *list =
        ARENA_ARRAY(r->arena, struct under_test_corner, json_object_size(all));
    const char *name;
    json_object_foreach(all, name, corner)
    {
        const char *path = arena_printf(r->arena, "device.corners.%s", name);
        list[chip->corner_count++] = (struct under_test_corner){
            .name = arena_strdup(r->arena, name),
            .carrier_cycles = positive(r, arena_printf(r->arena, "%s.carrier_cycles", path)),
            .lag_code = (int)integer(r, arena_printf(r->arena, "%s.lag_code", path), 0,
                                     (1 << PDK_LAG_BITS) - 1),
            .resistor = positive(r, arena_printf(r->arena, "%s.resistor_ratio", path)),
            .capacitor = positive(r, arena_printf(r->arena, "%s.capacitor_ratio", path)),
        };
        read_trim(r, path, &list[chip->corner_count - 1]);
    }
    chip->corners = list;
}

static void read_numbers(struct reader *r, struct under_test *chip)
{
    if (json_integer_value(at(r, "oscc_chip")) != 1)
        damaged(r, "\"oscc_chip\" is not 1, the version of the chip folder that this oscc reads");
    chip->name = printable(r, "name");
    chip->n = (int)integer(r, "oscillators", 1, 1 << 20);
    chip->m = (int)integer(r, "conditioning", 0, 1 << 16);
    chip->classes = (int)integer(r, "classes", 1, 1 << 20);
    json_t *weights = at(r, "weights");
    chip->hardwired = weights != NULL;
    if (weights && (!json_is_string(weights) || strcmp(json_string_value(weights), "hardwired")))
        damaged(r, "\"weights\" is not \"hardwired\", and no chip has it that is not");
    chip->run_s = positive(r, "time.run_s");
    chip->model_time = positive(r, "time.model_time");
    chip->carrier_cycles = positive(r, "time.carrier_cycles");
    chip->swing_v = positive(r, "cell.swing_v");
    const char *process = json_string_value(at(r, "process"));
    chip->process = arena_strdup(r->arena, process ? process : "");
    chip->has_device = at(r, "device") != NULL;
    if (chip->has_device) {
        chip->supply_v = positive(r, "device.supply_v");
        chip->mid_v = positive(r, "device.mid_v");
        chip->coupler_f = positive(r, "device.coupler_f");
        chip->mim_f_per_um2 = positive(r, "device.mim_f_per_um2");
        read_corners(r, chip);
        chip->node_f = positive(r, "device.node_f");
        chip->frequency_per_capacitance = positive(r, "device.frequency_per_capacitance");
        chip->resistor = printable(r, "device.resistor");
        chip->resistor_ohm_per_um = positive(r, "device.resistor_ohm_per_um");
        chip->enable_ohm = json_number_value(at(r, "device.enable_ohm"));
        chip->enable_f = json_number_value(at(r, "device.enable_f"));
        if (!(chip->enable_ohm >= 0 && isfinite(chip->enable_ohm)))
            damaged(r, "\"device.enable_ohm\" is not a resistance");
        if (!(chip->enable_f >= 0 && isfinite(chip->enable_f)))
            damaged(r, "\"device.enable_f\" is not a capacitance");
    }
    chip->coupling_lsb = positive(r, "scales.coupling.lsb_rad_per_time");
    chip->cond_lsb = positive(r, "scales.conditioning.lsb_rad_per_time");
    chip->drive_lsb = positive(r, "scales.drive.lsb_rad_per_time");
    chip->trim_lsb = positive(r, "scales.trim.lsb_rad_per_time");
    chip->phase_bits = (int)integer(r, "phase_in.bits", 1, 32);
    chip->readout_bits = (int)integer(r, "phase_out.bits", 1, 32);
    if (!json_is_integer(at(r, "phase_in.seed")))
        damaged(r, "\"phase_in.seed\" is not an integer");
    chip->seed = (uint64_t)json_integer_value(at(r, "phase_in.seed"));
    if (!json_is_boolean(at(r, "phase_in.conditioning_random")))
        damaged(r, "\"phase_in.conditioning_random\" is neither true nor false");
    chip->conditioning_random = json_is_true(at(r, "phase_in.conditioning_random"));
}

static void read_memory(struct reader *r, struct under_test *chip)
{
    size_t n = (size_t)chip->n, m = (size_t)chip->m;
    chip->trim = section(r, "trim", n + m);
    size_t couplings = chip->tile ? n * (n - 1) : chip->first[n];
    chip->coupling = section(r, "coupling", couplings);
    chip->cond = section(r, "conditioning", m ? m * (m - 1) : 0);
    for (size_t s = 0; s < chip->first[n]; s++)
        chip->address[s] += chip->coupling.base;
    chip->drive = section(r, "drive", (size_t)chip->classes * n * m);
    const struct under_test_section *all[] = {&chip->trim, &chip->coupling, &chip->cond,
                                              &chip->drive};
    for (size_t s = 0; s < sizeof all / sizeof *all; s++)
        if (all[s]->base + all[s]->count > chip->words)
            chip->words = all[s]->base + all[s]->count;

    char *path = fs_join(r->arena, chip->folder, "verilog/weights.hex");
    struct source *image = ARENA_NEW(r->arena, struct source);
    image->path = path;
    char *text;
    int error = fs_read_text(r->arena, path, (size_t)1 << 32, &text, &image->length);
    if (error) {
        diag_error(r->diags, DIAG_CHIP_DAMAGED, SPAN_NONE, "cannot read '%s': %s", path,
                   strerror(-error));
        diag_help(r->diags, "compile the model again");
        return;
    }
    image->text = text;
    chip->word = netlist_read_memory(r->arena, image, chip->words, r->diags);
    if (chip->word && chip->tile && chip->coupling.count == couplings)
        all_sources(r, chip);
}

static void check_manifest(struct reader *r, const char *folder)
{
    json_t *manifest = json_load_file(fs_join(r->arena, folder, "manifest.json"), 0, NULL);
    const char *name;
    json_t *expected;
    json_object_foreach(json_object_get(manifest, "files_sha256"), name, expected)
    {
        char hash[HASH_TEXT];
        const char *text = json_string_value(expected);
        if (text && !hash_file(fs_join(r->arena, folder, name), hash) && strcmp(hash, text) != 0)
            diag_warning(r->diags, DIAG_EDITED, SPAN_NONE,
                         "'%s/%s' was changed after oscc wrote it; it is used as it is", folder,
                         name);
    }
    json_decref(manifest);
}

struct under_test *under_test_read(struct arena *arena, const char *folder, struct diags *diags)
{
    struct reader r = {.arena = arena, .diags = diags};
    size_t errors = diags->errors;
    struct under_test *chip = ARENA_NEW(arena, struct under_test);
    struct source *source = ARENA_NEW(arena, struct source);
    char *text;
    chip->folder = folder;
    source->path = fs_join(arena, folder, "chip.json");
    int error = fs_read_text(arena, source->path, (size_t)1 << 32, &text, &source->length);
    if (error) {
        diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE, "cannot read '%s': %s", source->path,
                   strerror(-error));
        diag_help(diags, "is '%s' a folder made by `oscc MODEL.yaml -o %s`?", folder, folder);
        return NULL;
    }
    source->text = text;
    json_error_t where;
    r.source = source;
    r.root = json_loadb(source->text, source->length, JSON_REJECT_DUPLICATES, &where);
    if (!r.root) {
        size_t offset = where.position > 0 ? (size_t)where.position - 1 : 0;
        diag_error(diags, DIAG_CHIP_DAMAGED, (struct span){source, offset, 1}, "not JSON: %s",
                   arena_strdup(arena, where.text));
        diag_help(diags, "compile the model again");
        return NULL;
    }
    if (!json_is_object(r.root)) {
        damaged(&r, "not a JSON object");
        json_decref(r.root);
        return NULL;
    }
    check_manifest(&r, folder);
    read_numbers(&r, chip);
    read_sources(&r, chip);
    if (diags->errors == errors)
        read_memory(&r, chip);
    json_decref(r.root);
    return diags->errors == errors ? chip : NULL;
}

size_t under_test_chain_couplings(const struct under_test *chip)
{
    return chip->hardwired ? 0 : chip->coupling.count + chip->cond.count;
}

size_t under_test_chain_drives(const struct under_test *chip)
{
    return chip->hardwired && chip->classes == 1 ? 0 : (size_t)chip->n * (size_t)chip->m;
}

void under_test_initial_phases(const struct under_test *chip, uint64_t seed, uint64_t sample,
                               double *initial)
{
    for (int i = 0; i < chip->n + chip->m; i++) {
        bool zero = i >= chip->n && !chip->conditioning_random;
        initial[i] = zero ? 0
                          : sample_phase_of_word(sample_phase_word(seed, sample, (uint32_t)i),
                                                 chip->phase_bits);
    }
}
