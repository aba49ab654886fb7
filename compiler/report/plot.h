/* SPDX-License-Identifier: Apache-2.0
 *
 * A plot of curves over one axis, as a PNG file. Axes are scaled to the data, ticks stand at round
 * numbers.
 */
#ifndef OSCC_REPORT_PLOT_H
#define OSCC_REPORT_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler/base/arena.h"

enum { PLOT_CURVES = 6 };

struct plot_curve {
    const char *label; /* or NULL */
    size_t count;
    const double *x, *y;
    bool dots; /* marks at the points beside the line between them */
};

struct plot {
    const char *title, *x_label, *y_label; /* lower case, see canvas_text() */
    struct plot_curve curves[PLOT_CURVES]; /* those with no points are left out */
};

/* The step of the ticks for a range: 1, 2 or 5 times a power of ten, four to ten of them. */
double plot_step(double range);

/* 0 or a negative errno; -EINVAL where there is nothing to plot or a number is not finite. */
int plot_write(struct arena *arena, const struct plot *plot, const char *path);

#endif
