/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/bench.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "spice/bench_deck.h"
#include "spice/count.h"
#include "spice/run.h"

bool bench_open(struct bench_lab *lab)
{
    const struct pdk_device *device = lab->pdk->device;
    const char *data = pdk_data_folder(lab->arena);
    struct str all = {0};
    for (const char *const *file = device->cell_files; *file; file++) {
        char *path = arena_printf(lab->arena, "%s/pdk/cells/%s/%s", data ? data : "", device->cells,
                                  *file),
             *text;
        size_t length;
        int error = fs_read_text(lab->arena, path, 1 << 24, &text, &length);
        if (error) {
            diag_error(lab->diags, DIAG_IO, SPAN_NONE, "cannot read '%s': %s", path,
                       strerror(-error));
            str_free(&all);
            return false;
        }
        str_addf(&all, "%s\n", text);
    }
    lab->cells = arena_strdup(lab->arena, str_text(&all));
    str_free(&all);
    return true;
}

struct bench *bench_new(struct bench_lab *lab, const char *name, double stop_s, double step_s)
{
    struct bench *bench = ARENA_NEW(lab->arena, struct bench);
    *bench = (struct bench){.lab = lab, .name = name, .stop_s = stop_s, .step_s = step_s};
    return bench;
}

void bench_length(struct bench *bench, const char *name, double um)
{
    str_addf(&bench->params, ".param %s=", name);
    str_add_number(&bench->params, um);
    str_addf(&bench->params, "%s\n", bench->lab->pdk->device->size_unit);
}

void bench_array_params(struct bench *bench, double bus_s)
{
    const struct pdk_device *device = bench->lab->pdk->device;
    const struct pdk_corner *corner = pdk_corner_find(device, bench->lab->corner);
    double ratio = corner ? corner->resistor : 1; /* of the corner's resistors to the sheet's */
    bench_length(bench, "r_column",
                 (device->attenuation - 1) / (bus_s * device->resistor_ohm_per_um * ratio));
}

/* The text of a cell, from its .subckt line to its end, or NULL. */
static const char *find_cell(const struct bench_lab *lab, const char *cell, size_t *length)
{
    const char *at = strstr(lab->cells, arena_printf(lab->arena, "\n.subckt %s ", cell));
    const char *end = at ? strstr(at, "\n.ends") : NULL;
    if (!end)
        return NULL;
    *length = (size_t)(end - at) - 1;
    return at + 1;
}

/* Adds a cell's lines to out, then those of the cells that its instances name: the last words
 * without '='. */
static void add_cell_text(struct bench_lab *lab, const char *cell, struct str *out)
{
    size_t length;
    const char *text = find_cell(lab, cell, &length);
    if (!text || strstr(str_text(out), arena_printf(lab->arena, ".subckt %s ", cell)))
        return;
    for (const char *line = text; line < text + length;) {
        size_t size = strcspn(line, "\n");
        if (*line != '*')
            str_addf(out, "%.*s\n", (int)size, line);
        line += size + 1;
    }
    for (const char *line = text; line < text + length;) {
        size_t size = strcspn(line, "\n"), at = 0;
        const char *last = "";
        while (at < size) {
            at += strspn(line + at, " ");
            size_t word = strcspn(line + at, " \n");
            if (word && !memchr(line + at, '=', word))
                last = arena_strndup(lab->arena, line + at, word);
            at += word;
        }
        if (*line == 'x' || *line == '+')
            add_cell_text(lab, last, out);
        line += size + 1;
    }
}

const char *bench_cell_text(struct bench_lab *lab, const char *const *cells)
{
    struct str out = {0};
    for (; *cells; cells++)
        add_cell_text(lab, *cells, &out);
    const char *text = arena_strdup(lab->arena, str_text(&out));
    str_free(&out);
    return text;
}

/* The ports of a cell, from the .subckt line of its file: names in one string, or NULL. */
static const char *ports_of(struct bench_lab *lab, const char *cell)
{
    const char *at = strstr(lab->cells, arena_printf(lab->arena, "\n.subckt %s ", cell));
    if (!at)
        return NULL;
    at += strlen("\n.subckt ") + strlen(cell);
    struct str ports = {0};
    for (;;) {
        size_t length = strcspn(at, "\n");
        str_add_bytes(&ports, at, length);
        at += length;
        if (at[0] != '\n' || at[1] != '+')
            break;
        at += 2;
        str_add(&ports, " ");
    }
    const char *text = arena_strdup(lab->arena, str_text(&ports));
    str_free(&ports);
    return text;
}

static bool is_rail(const char *port)
{
    return !strcmp(port, "vdd") || !strcmp(port, "vss") || !strcmp(port, "vcm");
}

void bench_cell(struct bench *bench, const char *instance, const char *cell, const char *prefix,
                const struct bench_port *ports)
{
    struct arena *arena = bench->lab->arena;
    const char *names = ports_of(bench->lab, cell);
    str_addf(&bench->cells, "x%s", instance);
    for (const char *at = names ? names : ""; *(at += strspn(at, " "));) {
        size_t length = strcspn(at, " ");
        const char *port = arena_strndup(arena, at, length), *node = NULL;
        for (const struct bench_port *p = ports; p && p->port && !node; p++)
            node = strcmp(p->port, port) ? NULL : p->node;
        if (!node)
            node = is_rail(port) ? port : arena_printf(arena, "%s%s", prefix, port);
        str_addf(&bench->cells, " %s", node);
        at += length;
    }
    str_addf(&bench->cells, " %s\n", cell);
}

/* An ideal element: its letter and number, nodes, a value. */
static void add_ideal(struct bench *bench, char letter, const char *a, const char *b, double value)
{
    str_addf(&bench->ideal, "%c%zu %s %s ", letter, bench->ideal.length, a, b);
    str_add_number(&bench->ideal, value);
    str_add(&bench->ideal, "\n");
}

void bench_resistor(struct bench *bench, const char *a, const char *b, double ohm)
{
    if (isfinite(ohm) && ohm > 0)
        add_ideal(bench, 'r', a, b, ohm);
}

void bench_capacitor(struct bench *bench, const char *a, const char *b, double farad)
{
    if (farad > 0 || farad < 0)
        add_ideal(bench, 'c', a, b, farad);
}

void bench_initial(struct bench *bench, const char *node, double volt)
{
    str_addf(&bench->ideal, ".ic v(%s)=", node);
    str_add_number(&bench->ideal, volt);
    str_add(&bench->ideal, "\n");
}

void bench_source(struct bench *bench, const char *name, const char *plus, const char *minus,
                  const char *text)
{
    str_addf(&bench->ideal, "%s %s %s %s\n", name, plus, minus, text);
}

void bench_rails(struct bench *bench)
{
    const struct pdk_device *device = bench->lab->pdk->device;
    str_addf(&bench->ideal, "vsupply vdd 0 %.15g\nvmid vcm 0 %.15g\nvground vss 0 0\n",
             device->supply_v, device->mid_v);
}

double *bench_trace(struct arena *arena, const struct bench *bench,
                    const struct bench_result *result, size_t vector, int other)
{
    double *trace = ARENA_ARRAY(arena, double, result->points);
    for (size_t p = 0; p < result->points; p++) {
        const double *v = result->values + p * bench->vector_count;
        trace[p] = v[vector] - (other >= 0 ? v[other] : 0);
    }
    return trace;
}

/* --- running ---------------------------------------------------------------------------------- */

struct catcher {
    struct bench_lab *lab;
    struct bench *const *benches;
    struct bench_result *results;
    const char *fault;
};

static void catch_result(void *user, size_t index, const struct spice_result *r)
{
    struct catcher *c = user;
    struct bench_result *result = &c->results[index];
    const struct bench *bench = c->benches[index];
    if (c->lab->progress)
        c->lab->progress(c->lab->user, ++c->lab->done, c->lab->count);
    if (r->verdict != SPICE_GOOD) {
        if (r->verdict != SPICE_INTERRUPTED && !c->fault)
            c->fault =
                arena_printf(c->lab->arena, "%s (its log: %s/%s/log.txt)",
                             r->reason ? r->reason : "it failed", c->lab->folder, bench->name);
        return;
    }
    size_t values = r->points * bench->vector_count;
    *result = (struct bench_result){true, r->points, ARENA_ARRAY(c->lab->arena, double, r->points),
                                    ARENA_ARRAY(c->lab->arena, double, values)};
    memcpy(result->time, r->time, r->points * sizeof *r->time);
    memcpy(result->values, r->values, values * sizeof *r->values);
}

static bool write_job(struct bench *bench, struct spice_job *job)
{
    struct bench_lab *lab = bench->lab;
    const char *folder = fs_join(lab->arena, lab->folder, bench->name);
    *job = (struct spice_job){.folder = folder,
                              .deck = "deck.spice",
                              .stop_s = bench->stop_s,
                              .vectors = bench->vectors,
                              .vector_count = bench->vector_count};
    const char *path = fs_join(lab->arena, folder, job->deck);
    struct str deck = {0};
    int error = fs_make_folders(folder);
    if (!error && !bench_write_deck(bench, folder, &deck))
        return false;
    if (!error)
        error = fs_write(path, str_text(&deck), deck.length);
    str_free(&deck);
    if (!error)
        error = spice_count_elements(lab->arena, path, &job->elements, NULL);
    if (error)
        diag_error(lab->diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s", path, strerror(-error));
    return !error;
}

bool bench_simulate(struct bench_lab *lab, struct bench *const *benches, size_t count,
                    struct bench_result *results)
{
    struct spice_job *jobs = ARENA_ARRAY(lab->arena, struct spice_job, count);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        results[i] = (struct bench_result){0};
        good = good && write_job(benches[i], &jobs[i]);
        str_free(&benches[i]->params);
        str_free(&benches[i]->cells);
        str_free(&benches[i]->ideal);
    }
    struct catcher catcher = {lab, benches, results, NULL};
    struct spice_pool pool = {lab->worker, lab->jobs, catch_result, &catcher};
    if (!good || !spice_run(&pool, jobs, count))
        return false;
    if (catcher.fault)
        diag_error(lab->diags, DIAG_SIMULATION, SPAN_NONE, "%s, %s: %s", lab->pdk->name,
                   lab->corner, catcher.fault);
    return !catcher.fault;
}
