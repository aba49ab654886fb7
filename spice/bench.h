/* SPDX-License-Identifier: Apache-2.0
 *
 * Testbenches: cells of a process, flattened to devices in sliced model cards, with ideal sources
 * and loads around them. What is characterised is what stands in pdk/cells, read from there.
 */
#ifndef OSCC_SPICE_BENCH_H
#define OSCC_SPICE_BENCH_H

#include <stdint.h>

#include "compiler/base/diag.h"
#include "compiler/base/str.h"
#include "pdk/pdk.h"
#include "spice/cards.h"

/* A process at one corner, and where to work. */
struct bench_lab {
    struct arena *arena;
    struct diags *diags;
    const struct pdk *pdk; /* with transistors */
    const char *root;      /* laid out as an installed PDK_ROOT */
    const char *set;       /* of models; NULL for the process's first */
    const char *corner;
    const char *folder; /* for decks and logs; its subfolders are made */
    const char *worker; /* as in struct spice_pool */
    int jobs;
    void (*progress)(void *user, size_t done, size_t count); /* or NULL */
    void *user;
    size_t done, count; /* simulations: what progress is told */
    double carrier_hz;  /* of the loaded cell, once it was measured; 0: not yet */
    const char *cells;  /* text of all cell files; bench_open fills it */
};

/* Reads the cells. false with a fault in diags. */
bool bench_open(struct bench_lab *lab);

/* The netlist of some cells (NULL-terminated) and of the cells that they use, each once, without
 * comments: what a measurement of them depends on. */
const char *bench_cell_text(struct bench_lab *lab, const char *const *cells);

/* One deck in the making. */
struct bench {
    struct bench_lab *lab;
    const char *name; /* of its folder */
    struct str params, cells, ideal;
    const char *const *vectors; /* to be saved */
    size_t vector_count;
    double stop_s, step_s;
    /* mismatch: threshold shift in V and mobility factor of a transistor, or NULL for none. */
    void (*mismatch)(void *user, size_t device, double w_um, double l_um, bool is_p, double *shift,
                     double *factor);
    void *user;
};

/* Vectors live as long as the bench. */
struct bench *bench_new(struct bench_lab *lab, const char *name, double stop_s, double step_s);

/* A length in um that cells refer to as {name}. */
void bench_length(struct bench *bench, const char *name, double um);

/* The length of the column's resistor, for a total conductance on the bus at the lab's corner. */
void bench_array_params(struct bench *bench, double bus_s);

/* A port and the node that it goes to. */
struct bench_port {
    const char *port, *node;
};

/* An instance of a cell. A port goes to the node that `ports` (ends with a NULL port, may be NULL)
 * names for it, else the rails vdd, vss, vcm to themselves, else to <prefix><port>. */
void bench_cell(struct bench *bench, const char *instance, const char *cell, const char *prefix,
                const struct bench_port *ports);

/* Ideal elements. */
void bench_resistor(struct bench *bench, const char *a, const char *b, double ohm);
void bench_capacitor(struct bench *bench, const char *a, const char *b, double farad);
void bench_initial(struct bench *bench, const char *node, double volt);
/* text: what follows the nodes of a voltage source. Its current is the vector "<name>#branch". */
void bench_source(struct bench *bench, const char *name, const char *plus, const char *minus,
                  const char *text);
/* vsupply, vmid, vground: the rails. */
void bench_rails(struct bench *bench);

struct bench_result {
    bool good;
    size_t points;
    double *time;   /* points, s */
    double *values; /* points x vectors */
};

/* Simulates all of them, so many at a time as the lab says. false with faults in diags, or when
 * interrupted. The texts of the benches are freed. */
bool bench_simulate(struct bench_lab *lab, struct bench *const *benches, size_t count,
                    struct bench_result *results);

/* Values of a vector by itself: points of them; `other` < 0, or the vector to subtract. */
double *bench_trace(struct arena *arena, const struct bench *bench,
                    const struct bench_result *result, size_t vector, int other);

#endif
