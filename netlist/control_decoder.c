/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/control_decoder.h"

#include "compiler/base/arena.h"

enum { FIFO = 64 }; /* pixels that the chip keeps for the host */

const char *const netlist_decoder_file[DECODER_IMAGES] = {
    "verilog/decoder.hex",
    "verilog/bias.hex",
    "verilog/sine.hex",
    "verilog/pixel.hex",
};

const int netlist_decoder_digits[DECODER_IMAGES] = {8, 8, 2, 2};

static size_t words_of_output(const struct control_layer *layer)
{
    return ((size_t)layer->inputs + CONTROL_LANES - 1) / CONTROL_LANES;
}

size_t netlist_decoder_count(const struct control_decoder *d, enum netlist_decoder_image image)
{
    size_t weights = 0, biases = 0;
    for (int l = 0; l < d->layer_count; l++) {
        weights += (size_t)d->layers[l].outputs * words_of_output(&d->layers[l]);
        biases += (size_t)d->layers[l].outputs;
    }
    const size_t count[DECODER_IMAGES] = {weights, biases, (size_t)1 << d->bits,
                                          CONTROL_PIXEL_ENTRIES};
    return count[image];
}

static uint32_t *put_weights(const struct control_layer *layer, uint32_t *word)
{
    size_t inputs = (size_t)layer->inputs, words = words_of_output(layer);
    for (int o = 0; o < layer->outputs; o++, word += words)
        for (size_t j = 0; j < inputs; j++) {
            uint8_t weight = (uint8_t)layer->weight[(size_t)o * inputs + j];
            word[j / CONTROL_LANES] |= (uint32_t)weight << 8 * (j % CONTROL_LANES);
        }
    return word;
}

uint32_t *netlist_decoder_words(struct arena *arena, const struct control_decoder *d,
                                enum netlist_decoder_image image, size_t *count)
{
    *count = netlist_decoder_count(d, image);
    uint32_t *words = ARENA_ARRAY(arena, uint32_t, *count), *at = words;
    for (int l = 0; l < d->layer_count && image == DECODER_WEIGHTS; l++)
        at = put_weights(&d->layers[l], at);
    for (int l = 0; l < d->layer_count && image == DECODER_BIASES; l++)
        for (int o = 0; o < d->layers[l].outputs; o++)
            *at++ = (uint32_t)d->layers[l].bias[o];
    for (size_t i = 0; i < *count && image == DECODER_SINES; i++)
        words[i] = (uint8_t)d->sine[i];
    for (size_t i = 0; i < *count && image == DECODER_PIXELS; i++)
        words[i] = d->pixel[i];
    return words;
}

void netlist_write_decoder_image(struct arena *arena, const struct control_decoder *d,
                                 enum netlist_decoder_image image, struct str *out)
{
    size_t count;
    const uint32_t *words = netlist_decoder_words(arena, d, image, &count);
    for (size_t i = 0; i < count; i++)
        str_addf(out, "%0*x\n", netlist_decoder_digits[image], words[i]);
}

json_t *netlist_decoder_json(const struct control_decoder *d)
{
    json_t *layers = json_array();
    for (int l = 0; l < d->layer_count; l++)
        json_array_append_new(layers,
                              json_pack("{s:i, s:i, s:i}", "inputs", d->layers[l].inputs, "outputs",
                                        d->layers[l].outputs, "shift", d->layers[l].shift));
    return json_pack("{s:o}", "layers", layers);
}

/* 16 bits a layer, the first lowest. */
static void add_field(const struct control_decoder *d, const char *name, char field,
                      struct str *out)
{
    str_addf(out, "`define %s 128'h", name);
    for (int l = CONTROL_MOST_LAYERS - 1; l >= 0; l--) {
        const struct control_layer *layer = l < d->layer_count ? &d->layers[l] : NULL;
        int value = !layer         ? 0
                    : field == 'i' ? layer->inputs
                    : field == 'o' ? layer->outputs
                                   : layer->shift;
        str_addf(out, "%04x", (unsigned)value);
    }
    str_add(out, "\n");
}

void netlist_write_decoder_params(const struct control_decoder *d, struct str *out)
{
    str_addf(out, "`define DEC_LAYERS %d\n", d->layer_count);
    if (!d->layer_count)
        return;
    add_field(d, "DEC_INPUTS", 'i', out);
    add_field(d, "DEC_OUTPUTS", 'o', out);
    add_field(d, "DEC_SHIFT", 's', out);
    str_addf(out, "`define DEC_WEIGHT_WORDS %zu\n`define DEC_BIASES %zu\n`define DEC_FIFO %d\n",
             netlist_decoder_count(d, DECODER_WEIGHTS), netlist_decoder_count(d, DECODER_BIASES),
             FIFO);
}
