/* SPDX-License-Identifier: Apache-2.0
 *
 * What the chip's own decoder makes of the phases: integers as in netlist/rtl, with the weights and
 * tables of the chip folder.
 */
#ifndef OSCC_SPICE_COMPARE_FIXED_H
#define OSCC_SPICE_COMPARE_FIXED_H

#include "control/decoder.h"
#include "spice/campaign.h"

/* Over the good runs of a campaign; images have the range 0..1. */
struct fixed_comparison {
    bool present;       /* the chip has a decoder, and there was a good run */
    double image_rms;   /* the circuit's phases, decoded by the chip, against the model's image */
    double decoder_rms; /* the model's phases as codes, decoded by the chip, against the model's
                         * decoder for the same codes */
    size_t right;       /* images of the first kind whose class is the intended one */
};

/* The chip's decoder, or one of no layers where the chip folder has none. NULL with faults in
 * diags; its pixels are as many as the model's. */
const struct control_decoder *compare_read_decoder(struct arena *arena, const char *folder,
                                                   const struct model *model, struct diags *diags);

/* The image that the chip's decoder makes of final phases[n + m], in 0..1: they are read out as the
 * model says and rounded to codes. */
void compare_fixed_image(struct arena *arena, const struct model *model,
                         const struct control_decoder *decoder, const double *phases,
                         double *image);

struct fixed_comparison compare_fixed(struct arena *arena, const struct model *model,
                                      const struct campaign *campaign,
                                      const struct control_decoder *decoder);

#endif
