/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/crossbar.h"

#include <complex.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "spice/wire.h"

enum { HISTORY = 3 };

/* Where what is missed passes the current itself, steps are made smaller: as rows start from held
 * cells, mostly (sky130A's pair so started is 0.005 rad off a monolithic deck, and 0.07 with steps
 * that are never made smaller). Far more often would do harm: uneven steps move phases more (0.0015
 * rad, at a limit of 0.02) than missing a part of each edge, which the next step makes up for
 * (0.0006 rad). */
static const double tolerance = 1;

static const double turn = 6.283185307179586476925;

struct crossbar {
    struct fs_map map;
    size_t nodes;
    const uint64_t *first;
    const double *siemens;
    const uint32_t *other;
    const char **names;
    double *total; /* of each row, S */

    int time_slot;
    int *slot;             /* of each node in ngspice's vectors */
    double time[HISTORY];  /* of the accepted points, newest first */
    double *flow[HISTORY]; /* their currents, A */
    int accepted;
    double *volt;        /* of the latest */
    double *current;     /* extrapolated to current_time, A */
    double current_time; /* NAN: none */
    double carrier_hz;
    /* fundamentals of what was missed at each node and of its current, A s */
    double complex *missed, *carried;
    size_t record_from; /* the first node whose currents are recorded, 0: none */
    float *record;      /* points x (1 + nodes): time and currents */
    size_t points, room;
    bool unrecorded;   /* there was no memory for all points */
    double last_share; /* of the latest point */
};

/* current[k] = sum_j G_kj v_j */
static void multiply(const struct crossbar *c, const double *volt, double *current)
{
    for (size_t k = 0; k < c->nodes; k++) {
        double sum = 0;
        for (uint64_t e = c->first[k]; e < c->first[k + 1]; e++)
            sum += c->siemens[e] * volt[c->other[e]];
        current[k] = sum;
    }
}

static bool lay_out(struct crossbar *c)
{
    struct wire_network header;
    if (c->map.length < sizeof header)
        return false;
    memcpy(&header, c->map.bytes, sizeof header);
    const uint64_t most = UINT64_C(1) << 40;
    if (header.magic != WIRE_NETWORK || header.nodes > most || header.entries > most ||
        header.name_bytes > most)
        return false;
    size_t rows = (header.nodes + 1) * sizeof *c->first, values = header.entries * sizeof(double);
    size_t need = sizeof header + rows + header.nodes * sizeof(double) + values +
                  header.entries * sizeof *c->other + header.name_bytes;
    if (c->map.length != need)
        return false;
    const unsigned char *at = c->map.bytes + sizeof header;
    c->nodes = header.nodes;
    c->carrier_hz = header.carrier_hz;
    c->record_from = header.record_from;
    c->first = (const uint64_t *)(const void *)at;
    at += rows;
    const double *initial = (const double *)(const void *)at;
    at += c->nodes * sizeof(double);
    c->siemens = (const double *)(const void *)at;
    at += values;
    c->other = (const uint32_t *)(const void *)at;
    at += header.entries * sizeof *c->other;
    c->names = calloc(c->nodes + 1, sizeof *c->names);
    for (size_t k = 0; k < c->nodes; k++) {
        c->names[k] = (const char *)at;
        at += strlen(c->names[k]) + 1;
    }
    c->total = calloc(c->nodes + 1, sizeof *c->total);
    for (size_t k = 0; k < c->nodes; k++)
        for (uint64_t e = c->first[k]; e < c->first[k + 1]; e++)
            c->total[k] += c->siemens[e];
    for (int h = 0; h < HISTORY; h++)
        c->flow[h] = calloc(c->nodes + 1, sizeof(double));
    multiply(c, initial, c->flow[0]);
    return true;
}

struct crossbar *crossbar_read(const char *path, const char **fault)
{
    struct crossbar *c = calloc(1, sizeof *c);
    *fault = NULL;
    if (!c || fs_map(path, &c->map))
        *fault = "cannot be read";
    else if (!lay_out(c))
        *fault = "is not a network that oscc wrote";
    if (*fault)
        return NULL;
    c->accepted = 1; /* the voltages at time 0 */
    c->current_time = NAN;
    c->volt = calloc(c->nodes + 1, sizeof *c->volt);
    c->current = calloc(c->nodes + 1, sizeof *c->current);
    c->missed = calloc(c->nodes + 1, sizeof *c->missed);
    c->carried = calloc(c->nodes + 1, sizeof *c->carried);
    c->slot = calloc(c->nodes + 1, sizeof *c->slot);
    return c;
}

/* A name and where it stands, for sorting. */
struct named {
    const char *name;
    int place;
};

static int compare_named(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

bool crossbar_vectors(struct crossbar *c, pvecinfoall vectors)
{
    size_t count = (size_t)vectors->veccount;
    struct named *list = calloc(count + 1, sizeof *list);
    c->time_slot = -1;
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct named){vectors->vecs[i]->vecname, (int)i};
        if (!strcmp(vectors->vecs[i]->vecname, "time"))
            c->time_slot = (int)i;
    }
    qsort(list, count, sizeof *list, compare_named);
    bool all = c->time_slot >= 0;
    for (size_t k = 0; k < c->nodes && all; k++) {
        struct named key = {c->names[k], 0};
        const struct named *found = bsearch(&key, list, count, sizeof *list, compare_named);
        all = found != NULL;
        c->slot[k] = found ? found->place : 0;
    }
    free(list);
    return all;
}

/* Lagrange's weights of the accepted points for a time. */
static void weigh(const struct crossbar *c, double time, double *weight)
{
    for (int a = 0; a < c->accepted; a++) {
        weight[a] = 1;
        for (int b = 0; b < c->accepted; b++)
            if (b != a)
                weight[a] *= (time - c->time[b]) / (c->time[a] - c->time[b]);
    }
}

static void extrapolate(struct crossbar *c, double time)
{
    double weight[HISTORY] = {0};
    weigh(c, time, weight);
    for (size_t k = 0; k < c->nodes; k++) {
        c->current[k] = 0;
        for (int h = 0; h < c->accepted; h++)
            c->current[k] += weight[h] * c->flow[h][k];
    }
    c->current_time = time;
}

double crossbar_current(struct crossbar *c, const char *source, double time)
{
    if (!(time == c->current_time))
        extrapolate(c, time);
    size_t k = strtoul(source + strlen("inet"), NULL, 10);
    return k < c->nodes ? c->current[k] : 0;
}

/* How far the currents that this point was solved with are from those of its voltages. */
static void measure(struct crossbar *c, double time)
{
    double missed = 0, carried = 0, middle = 0, angle = turn * c->carrier_hz * time;
    double complex mix = (time - c->time[1]) * (cos(angle) - I * sin(angle));
    for (size_t k = 0; k < c->nodes; k++)
        middle += c->volt[k] / (double)c->nodes;
    for (size_t k = 0; k < c->nodes; k++) {
        double off = c->current[k] - c->flow[0][k];
        missed += off * off;
        /* without what only holds the mid level, which is large and carries nothing */
        double signal = c->flow[0][k] - middle * c->total[k];
        carried += signal * signal;
        c->missed[k] += off * mix;
        c->carried[k] += signal * mix;
    }
    c->last_share = carried > 0 ? sqrt(missed / carried) : 0;
}

/* The currents of an accepted point. A record that lacks one is not written. */
static void record(struct crossbar *c, double time)
{
    size_t width = 1 + c->nodes;
    if (c->points == c->room) {
        size_t room = c->room ? 2 * c->room : 1024;
        float *more = realloc(c->record, room * width * sizeof *more);
        if (!more) {
            c->unrecorded = true;
            return;
        }
        c->record = more;
        c->room = room;
    }
    float *row = c->record + c->points++ * width;
    row[0] = (float)time;
    for (size_t k = 0; k < c->nodes; k++)
        row[1 + k] = (float)c->current[k];
}

void crossbar_accept(struct crossbar *c, pvecvaluesall values)
{
    double time = values->vecsa[c->time_slot]->creal;
    if (!(time == c->current_time))
        extrapolate(c, time); /* from the points before this one */
    if (c->record_from)
        record(c, time);
    if (time > c->time[0] || c->accepted < 1) {
        double *oldest = c->flow[HISTORY - 1];
        for (int h = HISTORY - 1; h > 0; h--) {
            c->flow[h] = c->flow[h - 1];
            c->time[h] = c->time[h - 1];
        }
        c->flow[0] = oldest;
        c->accepted += c->accepted < HISTORY;
    }
    c->time[0] = time;
    for (size_t k = 0; k < c->nodes; k++)
        c->volt[k] = values->vecsa[c->slot[k]]->creal;
    multiply(c, c->volt, c->flow[0]);
    measure(c, time);
    c->current_time = NAN;
}

double crossbar_limit_step(struct crossbar *c, double step)
{
    if (c->accepted < HISTORY || c->last_share <= tolerance)
        return step;
    /* the miss of a parabola grows with the third power of the step */
    double limit = (c->time[0] - c->time[1]) * cbrt(tolerance / c->last_share);
    return fmin(step, fmax(limit, 0.2 * (c->time[0] - c->time[1])));
}

bool crossbar_records(const struct crossbar *c)
{
    return c->record_from > 0;
}

int crossbar_write_record(const struct crossbar *c, const char *path)
{
    if (c->unrecorded)
        return -ENOMEM;
    FILE *file = fopen(path, "wb");
    if (!file)
        return -errno;
    size_t width = 1 + c->nodes;
    for (size_t node = c->record_from; node < c->nodes; node++) {
        for (size_t p = 0; p <= c->points && c->points; p++) {
            const float *row = c->record + (p < c->points ? p : c->points - 1) * width;
            const float pair[] = {p < c->points ? row[0] : 1.1F * row[0], row[1 + node]};
            fwrite(pair, sizeof pair, 1, file);
        }
    }
    bool failed = ferror(file) != 0;
    return fclose(file) || failed ? -EIO : 0;
}

double crossbar_error(const struct crossbar *c)
{
    double missed = 0, carried = 0;
    for (size_t k = 0; k < c->nodes; k++) {
        missed += creal(c->missed[k] * conj(c->missed[k]));
        carried += creal(c->carried[k] * conj(c->carried[k]));
    }
    return carried > 0 ? sqrt(missed / carried) : 0;
}
