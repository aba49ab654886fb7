/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/report/plot.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "compiler/base/png_file.h"
#include "compiler/base/str.h"
#include "compiler/report/canvas.h"

enum { WIDTH = 720, HEIGHT = 440, LEFT = 120, RIGHT = 24, TOP = 52, BOTTOM = 64, TICK = 5 };

static const uint8_t colors[PLOT_CURVES][3] = {{0x1f, 0x5f, 0xa8}, {0xc8, 0x4a, 0x1c},
                                               {0x2e, 0x86, 0x3c}, {0x7a, 0x3f, 0x98},
                                               {0x9c, 0x80, 0x10}, {0x40, 0x40, 0x40}};
static const uint8_t grid_color[3] = {0xdd, 0xdd, 0xdd}, frame_color[3] = {0x60, 0x60, 0x60};

struct axis {
    double low, high, step;
};

struct drawing {
    struct canvas canvas;
    struct axis x, y;
};

double plot_step(double range)
{
    double power = pow(10, floor(log10(range / 4)));
    double share = range / 4 / power;
    return power * (share >= 5 ? 5 : share >= 2 ? 2 : 1);
}

static bool measure(const struct plot *plot, struct axis *x, struct axis *y)
{
    *x = *y = (struct axis){INFINITY, -INFINITY, 0};
    for (size_t c = 0; c < PLOT_CURVES; c++)
        for (size_t i = 0; i < plot->curves[c].count; i++) {
            double px = plot->curves[c].x[i], py = plot->curves[c].y[i];
            if (!isfinite(px) || !isfinite(py))
                return false;
            *x = (struct axis){fmin(x->low, px), fmax(x->high, px), 0};
            *y = (struct axis){fmin(y->low, py), fmax(y->high, py), 0};
        }
    struct axis *axes[] = {x, y};
    for (size_t a = 0; a < 2; a++) {
        struct axis *axis = axes[a];
        if (!(axis->high >= axis->low))
            return false;
        double least = fmax(1e-9 * fabs(axis->high), 1e-30);
        if (axis->high - axis->low < least) {
            axis->low -= fmax(0.1 * fabs(axis->low), least);
            axis->high += fmax(0.1 * fabs(axis->high), least);
        }
        axis->step = plot_step(axis->high - axis->low);
        axis->low = floor(axis->low / axis->step + 1e-9) * axis->step;
        axis->high = ceil(axis->high / axis->step - 1e-9) * axis->step;
    }
    return true;
}

static void dot(struct drawing *d, int x, int y, int size, const uint8_t color[3])
{
    for (int v = y; v < y + size; v++)
        for (int u = x; u < x + size; u++)
            if (u >= 0 && v >= 0 && u < WIDTH && v < HEIGHT)
                memcpy(d->canvas.pixels + 3 * ((size_t)v * WIDTH + (size_t)u), color, 3);
}

static void line(struct drawing *d, double x0, double y0, double x1, double y1, int size,
                 const uint8_t color[3])
{
    int steps = (int)ceil(fmax(fmax(fabs(x1 - x0), fabs(y1 - y0)), 1));
    for (int s = 0; s <= steps; s++)
        dot(d, (int)lround(x0 + (x1 - x0) * s / steps), (int)lround(y0 + (y1 - y0) * s / steps),
            size, color);
}

static double at_x(const struct drawing *d, double x)
{
    return LEFT + (x - d->x.low) / (d->x.high - d->x.low) * (WIDTH - LEFT - RIGHT);
}

static double at_y(const struct drawing *d, double y)
{
    return HEIGHT - BOTTOM - (y - d->y.low) / (d->y.high - d->y.low) * (HEIGHT - TOP - BOTTOM);
}

static void label(struct drawing *d, int x, int y, int align, const char *text)
{
    int width = CANVAS_LETTER_WIDTH * (int)strlen(text);
    canvas_text(&d->canvas, x - align * width / 2, y - CANVAS_LETTER_HEIGHT / 2, text);
}

/* A tick's number, with as many places as the step has. */
static void number(struct drawing *d, int x, int y, int align, double value, double step)
{
    struct str text = {0};
    int places = (int)fmax(0, -floor(log10(step) + 1e-9));
    str_addf(&text, "%.*f", places, fabs(value) < step / 2 ? 0 : value);
    label(d, x, y, align, str_text(&text));
    str_free(&text);
}

static void draw_axes(struct drawing *d, const struct plot *plot)
{
    for (int k = 0; d->x.low + k * d->x.step <= d->x.high + d->x.step / 2; k++) {
        double value = d->x.low + k * d->x.step, x = at_x(d, value);
        line(d, x, TOP, x, HEIGHT - BOTTOM, 1, grid_color);
        number(d, (int)x, HEIGHT - BOTTOM + 16, 1, value, d->x.step);
    }
    for (int k = 0; d->y.low + k * d->y.step <= d->y.high + d->y.step / 2; k++) {
        double value = d->y.low + k * d->y.step, y = at_y(d, value);
        line(d, LEFT, y, WIDTH - RIGHT, y, 1, grid_color);
        number(d, LEFT - 2 * TICK, (int)y, 2, value, d->y.step);
    }
    line(d, LEFT, TOP, LEFT, HEIGHT - BOTTOM, 1, frame_color);
    line(d, LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, 1, frame_color);
    label(d, (LEFT + WIDTH - RIGHT) / 2, 12, 1, plot->title);
    label(d, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 18, 1, plot->x_label);
    label(d, 6, 34, 0, plot->y_label);
}

static void draw_curve(struct drawing *d, const struct plot_curve *curve, const uint8_t color[3])
{
    for (size_t i = 0; i < curve->count; i++) {
        double x = at_x(d, curve->x[i]), y = at_y(d, curve->y[i]);
        if (i)
            line(d, at_x(d, curve->x[i - 1]), at_y(d, curve->y[i - 1]), x, y, 2, color);
        if (curve->dots)
            dot(d, (int)lround(x) - 3, (int)lround(y) - 3, 7, color);
    }
}

int plot_write(struct arena *arena, const struct plot *plot, const char *path)
{
    struct drawing d = {.canvas = canvas_make(arena, WIDTH, HEIGHT)};
    if (!measure(plot, &d.x, &d.y))
        return -EINVAL;
    draw_axes(&d, plot);
    int right = WIDTH - RIGHT;
    for (size_t c = PLOT_CURVES; c-- > 0;) {
        const struct plot_curve *curve = &plot->curves[c];
        if (!curve->count)
            continue;
        draw_curve(&d, curve, colors[c]);
        if (!curve->label)
            continue;
        /* the key, from the right along the line of the y axis's label */
        label(&d, right, 34, 2, curve->label);
        right -= CANVAS_LETTER_WIDTH * (int)strlen(curve->label) + 8;
        line(&d, right - 18, 34, right, 34, 3, colors[c]);
        right -= 34;
    }
    return png_file_write(path, d.canvas.pixels, WIDTH, HEIGHT);
}
