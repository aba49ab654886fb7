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

/* A row of the picture: one of the three is set, decoder beside entry. */
struct row {
    const struct report_entry *entry;      /* the circuit's phases, decoded as the model does */
    const struct control_decoder *decoder; /* or as the chip does */
    const struct cosim *cosim;             /* what came out of the pins */
};

static size_t list_rows(struct arena *arena, const struct report *report, struct row **rows)
{
    size_t count = 0;
    *rows = ARENA_ARRAY(arena, struct row, 2 * report->count + report->cosim_count);
    for (size_t i = 0; i < report->count; i++) {
        const struct report_entry *entry = &report->entries[i];
        (*rows)[count++].entry = entry;
        if (entry->fixed.present && entry->campaign->level != MODEL_LEVEL_PHASE)
            (*rows)[count++] = (struct row){.entry = entry, .decoder = report->decoder};
    }
    for (size_t i = 0; i < report->cosim_count; i++)
        (*rows)[count++].cosim = report->cosims[i].cosim;
    return count;
}

static const char *label_of(struct arena *arena, const struct row *row)
{
    if (row->cosim)
        return arena_printf(arena, "pins %s", model_level_name(row->cosim->campaign->level));
    const char *label = row_label(arena, row->entry->campaign);
    return row->decoder ? arena_printf(arena, "%s decoded on chip", label) : label;
}

/* The image of a class, and the model's where the row knows it; NULL where it has none. */
static const double *image_of(struct arena *arena, const struct model *model, const struct row *row,
                              int class_index, const double **reference)
{
    if (row->cosim)
        return pins_image(arena, model, row->cosim, class_index);
    const struct campaign *campaign = row->entry->campaign;
    const struct campaign_run *run = run_of_class(campaign, class_index);
    if (!run)
        return NULL;
    double *circuit = ARENA_ARRAY(arena, double, (size_t)model_pixels(model));
    double *drawn = ARENA_ARRAY(arena, double, (size_t)model_pixels(model));
    compare_images(arena, model, campaign, run, circuit, drawn);
    if (row->decoder)
        compare_fixed_image(arena, model, row->decoder, run->circuit, circuit);
    *reference = drawn; /* the same for every level: the same sample */
    return circuit;
}

/* One row of the model's images, below it one a level with the circuit's and one with what the
 * chip's decoder makes of it, and one a level with what came out of the pins. */
int report_write_picture(struct arena *arena, const struct report *report, const char *path)
{
    enum { MOST_COLUMNS = 12 };
    const struct model *model = report->model;
    if (!model_pixels(model) || !report->count)
        return 0;
    struct row *list;
    size_t count = list_rows(arena, report, &list);
    int columns = model->classes < MOST_COLUMNS ? model->classes : MOST_COLUMNS;
    const double **images = ARENA_ARRAY(arena, const double *, (count + 1) * (size_t)columns);
    const char **row_labels = ARENA_ARRAY(arena, const char *, count + 1);
    const char **column_labels = ARENA_ARRAY(arena, const char *, (size_t)columns);
    row_labels[0] = "model";
    for (size_t r = 0; r < count; r++)
        row_labels[r + 1] = label_of(arena, &list[r]);
    for (int c = 0; c < columns; c++) {
        column_labels[c] = arena_printf(arena, "%d", c);
        for (size_t r = 0; r < count; r++)
            images[(r + 1) * (size_t)columns + (size_t)c] =
                image_of(arena, model, &list[r], c, &images[c]);
    }
    struct picture picture = {model->channels, model->height, model->width,  (int)count + 1,
                              columns,         row_labels,    column_labels, images};
    return picture_write(arena, &picture, path);
}
