/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of images with labels, as one PNG file.
 */
#ifndef OSCC_REPORT_PICTURE_H
#define OSCC_REPORT_PICTURE_H

#include "compiler/base/arena.h"

struct picture {
    int channels, height, width; /* of one image */
    int rows, columns;
    const char *const *row_labels;    /* rows, or NULL */
    const char *const *column_labels; /* columns, or NULL */
    const double *const *images;      /* rows x columns; NULL leaves a place empty */
};

/* 0 or a negative errno. */
int picture_write(struct arena *arena, const struct picture *picture, const char *path);

#endif
