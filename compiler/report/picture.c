/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/report/picture.h"

#include <string.h>

#include "compiler/base/png_file.h"
#include "compiler/report/canvas.h"
#include "compiler/report/report.h"

enum { GAP = 6, SMALLEST_SIDE = 64 };

int picture_write(struct arena *arena, const struct picture *p, const char *path)
{
    int side = p->height < p->width ? p->height : p->width;
    int zoom = side >= SMALLEST_SIDE ? 1 : (SMALLEST_SIDE + side - 1) / side;
    int step_x = p->width * zoom + GAP, step_y = p->height * zoom + GAP;
    int left = GAP, top = GAP + (p->column_labels ? CANVAS_LETTER_HEIGHT + GAP : 0);
    for (int r = 0; p->row_labels && r < p->rows; r++) {
        int wide = (int)strlen(p->row_labels[r]) * CANVAS_LETTER_WIDTH + 2 * GAP;
        left = wide > left ? wide : left;
    }
    struct canvas canvas = canvas_make(arena, left + p->columns * step_x, top + p->rows * step_y);
    for (int c = 0; p->column_labels && c < p->columns; c++) {
        int wide = (int)strlen(p->column_labels[c]) * CANVAS_LETTER_WIDTH;
        canvas_text(&canvas, left + c * step_x + (step_x - GAP - wide) / 2, GAP,
                    p->column_labels[c]);
    }
    for (int r = 0; r < p->rows; r++) {
        int y = top + r * step_y;
        if (p->row_labels)
            canvas_text(&canvas, GAP, y + (step_y - GAP - CANVAS_LETTER_HEIGHT) / 2,
                        p->row_labels[r]);
        for (int c = 0; c < p->columns; c++)
            if (p->images[r * p->columns + c])
                canvas_image(&canvas, left + c * step_x, y, zoom, p->channels, p->height, p->width,
                             p->images[r * p->columns + c]);
    }
    return png_file_write(path, canvas.pixels, (uint32_t)canvas.width, (uint32_t)canvas.height);
}

/* The first good run of a class, or NULL. */
static const struct campaign_run *run_of_class(const struct campaign *campaign, int class_index)
{
    for (size_t i = 0; i < campaign->count; i++)
        if (campaign->runs[i].class_index == class_index && campaign->runs[i].circuit)
            return &campaign->runs[i];
    return NULL;
}

static const char *row_label(struct arena *arena, const struct campaign *campaign)
{
    const char *level = model_level_name(campaign->level);
    return strcmp(campaign->corner, "nominal")
               ? arena_printf(arena, "%s %s", level, campaign->corner)
               : arena_printf(arena, "%s circuit", level);
}

static const double *pins_image(struct arena *arena, const struct model *model,
                                const struct cosim *cosim, int class_index)
{
    for (size_t i = 0; i < cosim->campaign->count; i++)
        if (cosim->campaign->runs[i].class_index == class_index)
            return report_pins_image(arena, model, cosim, i);
    return NULL;
}

/* One row of the model's images, below it one a level with the circuit's, and one a level with what
 * came out of the pins. */
int report_write_picture(struct arena *arena, const struct report *report, const char *path)
{
    enum { MOST_COLUMNS = 12 };
    const struct model *model = report->model;
    size_t pixels = (size_t)model_pixels(model);
    if (!pixels || !report->count)
        return 0;
    int levels = (int)report->count + 1, rows = levels + (int)report->cosim_count;
    int columns = model->classes < MOST_COLUMNS ? model->classes : MOST_COLUMNS;
    const double **images = ARENA_ARRAY(arena, const double *, (size_t)(rows * columns));
    const char **row_labels = ARENA_ARRAY(arena, const char *, (size_t)rows);
    const char **column_labels = ARENA_ARRAY(arena, const char *, (size_t)columns);
    row_labels[0] = "model";
    for (int r = 1; r < levels; r++)
        row_labels[r] = row_label(arena, report->entries[r - 1].campaign);
    for (int r = levels; r < rows; r++)
        row_labels[r] = arena_printf(
            arena, "pins, %s", model_level_name(report->cosims[r - levels].cosim->campaign->level));
    for (int c = 0; c < columns; c++) {
        column_labels[c] = arena_printf(arena, "%d", c);
        for (int r = levels; r < rows; r++)
            images[r * columns + c] = pins_image(arena, model, report->cosims[r - levels].cosim, c);
        for (int r = 1; r < levels; r++) {
            const struct campaign *campaign = report->entries[r - 1].campaign;
            const struct campaign_run *run = run_of_class(campaign, c);
            if (!run)
                continue;
            double *circuit = ARENA_ARRAY(arena, double, pixels);
            double *reference = ARENA_ARRAY(arena, double, pixels);
            compare_images(arena, model, campaign, run, circuit, reference);
            images[r * columns + c] = circuit;
            images[c] = reference; /* the same for every level: the same sample */
        }
    }
    struct picture picture = {model->channels, model->height, model->width,  rows,
                              columns,         row_labels,    column_labels, images};
    return picture_write(arena, &picture, path);
}
