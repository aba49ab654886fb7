/* SPDX-License-Identifier: Apache-2.0 */
#include "pdk/measured.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "compiler/base/fs.h"

enum { MOST = 16 }; /* loads, and delays at one load */

/* --- reading ---------------------------------------------------------------------------------- */

static bool number(const json_t *object, const char *name, double *value)
{
    const json_t *found = json_object_get(object, name);
    *value = json_number_value(found);
    return json_is_number(found) && isfinite(*value);
}

static bool read_point(const json_t *json, struct pdk_measured_point *p)
{
    return number(json, "bus_load_s", &p->bus_load_s) &&
           number(json, "bus_delay_s", &p->bus_delay_s) &&
           number(json, "row_load_s", &p->row_load_s) &&
           number(json, "frequency_hz", &p->is.frequency_hz) && number(json, "gain", &p->is.gain) &&
           number(json, "lag_rad", &p->is.lag_rad) && p->bus_load_s > 0 && p->bus_delay_s > 0 &&
           p->row_load_s > 0 && p->is.frequency_hz > 0 && p->is.gain > 0;
}

/* Codes ascend, and so does the frequency. */
static bool read_trim(struct arena *arena, const json_t *json, struct pdk_measured *m)
{
    const json_t *codes = json_object_get(json, "code");
    const json_t *relative = json_object_get(json, "frequency_relative");
    size_t count = json_array_size(codes);
    double *code = ARENA_ARRAY(arena, double, count + 1);
    double *value = ARENA_ARRAY(arena, double, count + 1);
    for (size_t i = 0; i < count; i++) {
        code[i] = json_number_value(json_array_get(codes, i));
        value[i] = json_number_value(json_array_get(relative, i));
        if (i && !(code[i] > code[i - 1]))
            return false;
    }
    m->trim_code = code;
    m->trim_relative = value;
    m->trim_count = count;
    return count >= 2 && json_array_size(relative) == count;
}

/* The points of one row load make a grid that pdk_measured_at() can go along. */
static bool is_grid(const struct pdk_measured *m)
{
    if (m->count < 4)
        return false;
    for (size_t i = 0; i < m->count; i++) {
        size_t same = 0;
        for (size_t k = 0; k < m->count; k++)
            same += !(m->points[k].bus_load_s < m->points[i].bus_load_s ||
                      m->points[k].bus_load_s > m->points[i].bus_load_s);
        if (same < 2 || same > MOST)
            return false;
    }
    return true;
}

static bool read_all(struct arena *arena, const json_t *root, struct pdk_measured *m)
{
    const json_t *points = json_object_get(root, "coupling");
    size_t count = json_array_size(points);
    struct pdk_measured_point *list = ARENA_ARRAY(arena, struct pdk_measured_point, count + 1);
    for (size_t i = 0; i < count; i++)
        if (!read_point(json_array_get(points, i), &list[i]))
            return false;
    const char *key = json_string_value(json_object_get(root, "key"));
    m->points = list;
    m->count = count;
    m->key = key ? arena_strdup(arena, key) : NULL;
    return key && is_grid(m) && read_trim(arena, json_object_get(root, "trim"), m) &&
           number(json_object_get(root, "cell"), "frequency_per_capacitance",
                  &m->frequency_per_capacitance);
}

const struct pdk_measured *pdk_measured_load(struct arena *arena, const struct pdk *pdk,
                                             const char *corner, struct diags *diags)
{
    const char *data = pdk_data_folder(arena);
    const char *path =
        arena_printf(arena, "%s/pdk/%s/measured/%s.json", data ? data : "", pdk->name, corner);
    if (!data || !fs_exists(path))
        return NULL;
    struct pdk_measured *m = ARENA_NEW(arena, struct pdk_measured);
    m->corner = arena_strdup(arena, corner);
    json_error_t where;
    json_t *root = json_load_file(path, 0, &where);
    bool good = read_all(arena, root, m);
    json_decref(root);
    if (good)
        return m;
    diag_error(diags, DIAG_TOOL, SPAN_NONE, "'%s' is damaged: it is no characterisation", path);
    diag_help(diags, "install oscc anew, or measure it: oscc characterize --pdk %s --corner %s",
              pdk->name, corner);
    return NULL;
}

/* --- between the points ----------------------------------------------------------------------- */

static bool same(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fabs(a);
}

/* Weights of values at `at` in the polynomial through them, at x. */
static void weights(const double *at, size_t count, double x, double *weight)
{
    for (size_t i = 0; i < count; i++) {
        weight[i] = 1;
        for (size_t k = 0; k < count; k++)
            weight[i] *= k == i ? 1 : (x - at[k]) / (at[i] - at[k]);
    }
}

static void add(struct pdk_behaviour *sum, double weight, const struct pdk_behaviour *value)
{
    sum->frequency_hz += weight * value->frequency_hz;
    sum->gain += weight * value->gain;
    sum->lag_rad += weight * value->lag_rad;
}

/* Along the delay, at a load that was measured. */
static struct pdk_behaviour at_load(const struct pdk_measured *m, double load, double delay)
{
    double at[MOST], weight[MOST];
    size_t which[MOST], count = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct pdk_measured_point *p = &m->points[i];
        if (!same(p->bus_load_s, load) || !same(p->row_load_s, m->points[0].row_load_s))
            continue;
        at[count] = p->bus_delay_s;
        which[count++] = i;
    }
    struct pdk_behaviour sum = {0};
    weights(at, count, delay, weight);
    for (size_t k = 0; k < count; k++)
        add(&sum, weight[k], &m->points[which[k]].is);
    return sum;
}

/* What a heavier row changes, from the point that differs in nothing else from another one. */
static struct pdk_behaviour add_row(const struct pdk_measured *m, double row,
                                    struct pdk_behaviour sum)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct pdk_measured_point *p = &m->points[i];
        if (same(p->row_load_s, m->points[0].row_load_s))
            continue;
        struct pdk_behaviour base = at_load(m, p->bus_load_s, p->bus_delay_s);
        double part = (row - m->points[0].row_load_s) / (p->row_load_s - m->points[0].row_load_s);
        sum.frequency_hz *= 1 + part * (p->is.frequency_hz / base.frequency_hz - 1);
        sum.gain *= 1 + part * (p->is.gain / base.gain - 1);
        sum.lag_rad += part * (p->is.lag_rad - base.lag_rad);
        break;
    }
    return sum;
}

struct pdk_behaviour pdk_measured_at(const struct pdk_measured *m, double bus_load_s,
                                     double bus_delay_s, double row_load_s)
{
    double at[MOST], weight[MOST];
    size_t count = 0;
    for (size_t i = 0; i < m->count; i++) {
        size_t k = 0;
        while (k < count && !same(at[k], m->points[i].bus_load_s))
            k++;
        if (k == count && count < MOST)
            at[count++] = m->points[i].bus_load_s;
    }
    struct pdk_behaviour sum = {0};
    weights(at, count, bus_load_s, weight);
    for (size_t k = 0; k < count; k++) {
        struct pdk_behaviour value = at_load(m, at[k], bus_delay_s);
        add(&sum, weight[k], &value);
    }
    return add_row(m, row_load_s, sum);
}

double pdk_measured_delay(const struct pdk_measured *m, double bus_load_s, double row_load_s)
{
    double low = 0, high = 0;
    for (size_t i = 0; i < m->count; i++)
        high = fmax(high, 3 * m->points[i].bus_delay_s);
    /* the lag grows with the delay */
    for (int step = 0; step < 60; step++) {
        double middle = (low + high) / 2;
        if (pdk_measured_at(m, bus_load_s, middle, row_load_s).lag_rad < 0)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

double pdk_curve(size_t count, const double *at, const double *value, double where)
{
    size_t k = 1;
    while (k + 1 < count && at[k] < where)
        k++;
    double part = (where - at[k - 1]) / (at[k] - at[k - 1]);
    return (1 - part) * value[k - 1] + part * value[k];
}

int pdk_measured_trim(const struct pdk_measured *m, double relative)
{
    int best = 0;
    double least = INFINITY;
    for (int code = -(1 << (PDK_TRIM_BITS - 1)); code < 1 << (PDK_TRIM_BITS - 1); code++) {
        double miss =
            fabs(pdk_curve(m->trim_count, m->trim_code, m->trim_relative, code) - relative);
        if (miss < least) {
            least = miss;
            best = code;
        }
    }
    return best;
}

double pdk_measured_most(const struct pdk_measured *m)
{
    double most = 0;
    for (size_t i = 0; i < m->count; i++)
        most = fmax(most, m->points[i].bus_load_s);
    return most;
}
