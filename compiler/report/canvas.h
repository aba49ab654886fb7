/* SPDX-License-Identifier: Apache-2.0
 *
 * A picture being made: pixels, grey tiles, small labels. No fonts of the system are used, so that
 * the same figures give the same bytes everywhere.
 */
#ifndef OSCC_REPORT_CANVAS_H
#define OSCC_REPORT_CANVAS_H

#include <stdint.h>

#include "compiler/base/arena.h"

struct canvas {
    int width, height;
    uint8_t *pixels; /* height x width x 3, owned by the arena */
};

enum { CANVAS_LETTER_WIDTH = 12, CANVAS_LETTER_HEIGHT = 14 }; /* of canvas_text, in pixels */

/* All white. */
struct canvas canvas_make(struct arena *arena, int width, int height);

/* An image, channels (1 or 3) x height x width in 0..1, each value a square of `zoom` pixels. */
void canvas_image(struct canvas *canvas, int left, int top, int zoom, int channels, int height,
                  int width, const double *image);

/* Lower-case letters, digits, '-', '.'; others are blanks. */
void canvas_text(struct canvas *canvas, int left, int top, const char *text);

#endif
