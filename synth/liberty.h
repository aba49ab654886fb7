/* SPDX-License-Identifier: Apache-2.0
 *
 * What is needed of a standard-cell library in Liberty's format: areas, capacitances, leakage, and
 * the energy inside a cell when a pin changes.
 */
#ifndef OSCC_SYNTH_LIBERTY_H
#define OSCC_SYNTH_LIBERTY_H

#include <stdbool.h>

#include "compiler/base/arena.h"
#include "compiler/base/str.h"

struct liberty_pin {
    const char *name;
    bool output;
    double capacitance_f;
    /* Energy inside the cell for a rising edge and a falling one together, J, at the slew asked
     * for: by load, of outputs; with one load, 0, of inputs. Means over the tables where there are
     * many. */
    size_t load_count;
    const double *load_f, *cycle_j;
};

struct liberty_cell {
    const char *name;
    double area_um2, leakage_w;
    size_t pin_count;
    const struct liberty_pin *pins;
};

struct liberty {
    double supply_v;
    size_t cell_count;
    const struct liberty_cell *cells;
};

/* Reads a library; tables of energy are taken at an input slew in s. NULL with the line in *fault
 * where the text is not Liberty. */
const struct liberty *liberty_read(struct arena *arena, const char *text, double slew_s,
                                   size_t *fault);

const struct liberty_cell *liberty_find(const struct liberty *liberty, const char *name);
const struct liberty_pin *liberty_pin(const struct liberty_cell *cell, const char *name);

/* Half of cycle_j at a load: what one edge takes in the mean, J. */
double liberty_edge_j(const struct liberty_pin *pin, double load_f);

/* Copies a library without those cells whose name, less the prefix and the size at its end ("_4"),
 * is not in the NULL-terminated list. */
void liberty_trim(const char *text, const char *prefix, const char *const *kept, struct str *out);

#endif
