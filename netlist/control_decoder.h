/* SPDX-License-Identifier: Apache-2.0
 *
 * The decoder of the digital control on disk: images for $readmemh in verilog/, sizes in chip.json
 * and params.vh (docs/control.md, "Decoder").
 *
 * - decoder.hex: the weight memory, words of 4 weights, lane 0 in the low byte: layer by layer,
 * output by output, each output's padded with zeros to whole words
 * - bias.hex: the bias memory, 32 bits a word
 * - sine.hex: 2^bits bytes
 * - pixel.hex: 512 bytes
 *
 * A chip whose images the host makes (layer_count 0) has none of them.
 */
#ifndef OSCC_NETLIST_CONTROL_DECODER_H
#define OSCC_NETLIST_CONTROL_DECODER_H

#include <jansson.h>

#include "compiler/base/diag.h"
#include "compiler/base/str.h"
#include "control/decoder.h"

enum netlist_decoder_image {
    DECODER_WEIGHTS,
    DECODER_BIASES,
    DECODER_SINES,
    DECODER_PIXELS,
    DECODER_IMAGES
};
extern const char *const netlist_decoder_file[DECODER_IMAGES]; /* "verilog/decoder.hex" ... */

extern const int netlist_decoder_digits[DECODER_IMAGES]; /* of a word */

/* Number of words. */
size_t netlist_decoder_count(const struct control_decoder *decoder,
                             enum netlist_decoder_image image);

/* The words of an image, owned by the arena. */
uint32_t *netlist_decoder_words(struct arena *arena, const struct control_decoder *decoder,
                                enum netlist_decoder_image image, size_t *count);

/* An image as text for $readmemh, a word a line. */
void netlist_write_decoder_image(struct arena *arena, const struct control_decoder *decoder,
                                 enum netlist_decoder_image image, struct str *out);

/* The sizes as text macros for params.vh: DEC_LAYERS (0: no decoder, and then none of the others)
 * DEC_INPUTS DEC_OUTPUTS DEC_SHIFT DEC_WEIGHT_WORDS DEC_BIASES DEC_FIFO, as decoder.v takes them.
 */
void netlist_write_decoder_params(const struct control_decoder *decoder, struct str *out);

/* The object control.decoder of chip.json: a new reference. */
json_t *netlist_decoder_json(const struct control_decoder *decoder);

/* The decoder of a chip folder from its files alone: chip.json and the images. layer_count is 0
 * where the chip has none. NULL with faults in diags when a file is missing or damaged, or they
 * contradict each other. */
struct control_decoder *netlist_read_decoder(struct arena *arena, const char *folder,
                                             struct diags *diags);

#endif
