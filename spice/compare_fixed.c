/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/compare_fixed.h"

#include <math.h>

#include "compiler/sample/sample.h"
#include "netlist/control_decoder.h"
#include "spice/compare.h"

const struct control_decoder *compare_read_decoder(struct arena *arena, const char *folder,
                                                   const struct model *model, struct diags *diags)
{
    const struct control_decoder *d = netlist_read_decoder(arena, folder, diags);
    if (!d || !d->layer_count)
        return d;
    int pixels = d->layers[d->layer_count - 1].outputs;
    if (d->main == model->n && pixels == model_pixels(model))
        return d;
    diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE,
               "chip.json and resolved.yaml disagree: the chip's decoder makes %d pixels of %d "
               "phases, the model's %d of %d",
               pixels, d->main, model_pixels(model), model->n);
    diag_help(diags, "compile the model again");
    return NULL;
}

void compare_fixed_image(struct arena *arena, const struct model *model,
                         const struct control_decoder *d, const double *phases, double *image)
{
    size_t n = (size_t)model->n, pixels = (size_t)model_pixels(model);
    double *relative = ARENA_ARRAY(arena, double, n);
    uint16_t *code = ARENA_ARRAY(arena, uint16_t, n);
    uint8_t *pixel = ARENA_ARRAY(arena, uint8_t, pixels);
    sample_readout(model, phases, relative);
    for (size_t i = 0; i < n; i++)
        code[i] = control_code(relative[i], d->bits);
    control_decode(d, code, pixel);
    for (size_t p = 0; p < pixels; p++)
        image[p] = pixel[p] / 255.0;
}

static double square_distance(size_t count, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/* One run: squares of the differences are added. */
static void add_run(struct arena *arena, const struct model *model, const struct control_decoder *d,
                    const struct campaign_run *run, struct fixed_comparison *f)
{
    size_t n = (size_t)model->n, pixels = (size_t)model_pixels(model);
    double *fixed = ARENA_ARRAY(arena, double, pixels);
    double *reference = ARENA_ARRAY(arena, double, pixels);
    double *relative = ARENA_ARRAY(arena, double, n);
    sample_readout(model, run->model, relative);
    sample_decode(model, relative, reference);
    compare_fixed_image(arena, model, d, run->circuit, fixed);
    f->image_rms += square_distance(pixels, fixed, reference);
    f->right += sample_classify(model, fixed) == run->class_index;

    compare_round_phases(n, d->bits, relative);
    sample_decode(model, relative, reference);
    compare_fixed_image(arena, model, d, run->model, fixed);
    f->decoder_rms += square_distance(pixels, fixed, reference);
}

struct fixed_comparison compare_fixed(struct arena *arena, const struct model *model,
                                      const struct campaign *campaign,
                                      const struct control_decoder *d)
{
    struct fixed_comparison f = {0};
    size_t good = 0;
    for (size_t r = 0; d && d->layer_count && r < campaign->count; r++) {
        if (!campaign->runs[r].circuit)
            continue;
        good++;
        add_run(arena, model, d, &campaign->runs[r], &f);
    }
    double count = (double)good * model_pixels(model);
    f.present = good > 0;
    f.image_rms = good ? sqrt(f.image_rms / count) : 0;
    f.decoder_rms = good ? sqrt(f.decoder_rms / count) : 0;
    return f;
}
