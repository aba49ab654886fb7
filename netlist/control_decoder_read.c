/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "compiler/base/fs.h"
#include "netlist/control_decoder.h"
#include "netlist/hex.h"

enum { MOST_VALUES = 65532, MOST_SHIFT = 31, MOST_BITS = 16, MOST_MAIN = 1 << 15 };

/* chip.json and where complaints about it go. */
struct reader {
    struct arena *arena;
    const char *folder;
    const struct source *json;
    struct diags *diags;
};

static struct source *open_text(struct reader *r, const char *name)
{
    struct source *source = ARENA_NEW(r->arena, struct source);
    char *text;
    source->path = fs_join(r->arena, r->folder, name);
    int error = fs_read_text(r->arena, source->path, (size_t)1 << 32, &text, &source->length);
    if (error) {
        diag_error(r->diags, DIAG_CHIP_DAMAGED, SPAN_NONE, "cannot read '%s': %s", source->path,
                   strerror(-error));
        diag_help(r->diags, "compile the model again");
        return NULL;
    }
    source->text = text;
    return source;
}

static int integer(struct reader *r, const json_t *object, const char *name, int least, int most)
{
    const json_t *value = json_object_get(object, name);
    json_int_t number = json_integer_value(value);
    if (json_is_integer(value) && number >= least && number <= most)
        return (int)number;
    diag_error(r->diags, DIAG_CHIP_DAMAGED, (struct span){r->json, 0, 0},
               "\"%s\" of the decoder is not an integer from %d to %d", name, least, most);
    diag_help(r->diags, "compile the model again");
    return least;
}

/* The sizes of the layers, each taking what the one before gives. */
static struct control_layer *read_layers(struct reader *r, const json_t *list,
                                         struct control_decoder *d)
{
    size_t count = json_array_size(list);
    if (!count || count > CONTROL_MOST_LAYERS) {
        diag_error(r->diags, DIAG_CHIP_DAMAGED, (struct span){r->json, 0, 0},
                   "the decoder's \"layers\" is not a list of 1 to %d layers", CONTROL_MOST_LAYERS);
        diag_help(r->diags, "compile the model again");
        return NULL;
    }
    struct control_layer *layers = ARENA_ARRAY(r->arena, struct control_layer, count);
    int inputs = 2 * d->main;
    for (size_t l = 0; l < count; l++) {
        const json_t *item = json_array_get(list, l);
        layers[l].inputs = integer(r, item, "inputs", inputs, inputs);
        layers[l].outputs = integer(r, item, "outputs", 1, MOST_VALUES);
        layers[l].shift = integer(r, item, "shift", 1, MOST_SHIFT);
        inputs = layers[l].outputs;
    }
    d->layer_count = (int)count;
    d->layers = layers;
    return layers;
}

static const uint32_t *read_image(struct reader *r, const struct control_decoder *d,
                                  enum netlist_decoder_image image)
{
    const struct source *source = open_text(r, netlist_decoder_file[image]);
    return source ? netlist_read_hex(r->arena, source, netlist_decoder_count(d, image),
                                     netlist_decoder_digits[image], r->diags)
                  : NULL;
}

/* Bytes of a layer's weights out of their words. */
static const int8_t *take_weights(struct arena *arena, const struct control_layer *layer,
                                  const uint32_t **word)
{
    size_t inputs = (size_t)layer->inputs, outputs = (size_t)layer->outputs;
    int8_t *weight = ARENA_ARRAY(arena, int8_t, inputs * outputs);
    for (size_t o = 0; o < outputs; o++) {
        for (size_t j = 0; j < inputs; j++)
            weight[o * inputs + j] =
                (int8_t)((*word)[j / CONTROL_LANES] >> 8 * (j % CONTROL_LANES) & 255);
        *word += (inputs + CONTROL_LANES - 1) / CONTROL_LANES;
    }
    return weight;
}

static bool read_images(struct reader *r, struct control_decoder *d, struct control_layer *layers)
{
    const uint32_t *image[DECODER_IMAGES];
    bool good = true;
    for (int i = 0; i < DECODER_IMAGES; i++)
        good = (image[i] = read_image(r, d, (enum netlist_decoder_image)i)) && good;
    if (!good)
        return false;
    const uint32_t *word = image[DECODER_WEIGHTS], *bias = image[DECODER_BIASES];
    for (int l = 0; l < d->layer_count; l++) {
        int32_t *list = ARENA_ARRAY(r->arena, int32_t, (size_t)layers[l].outputs);
        for (int o = 0; o < layers[l].outputs; o++)
            list[o] = (int32_t)*bias++;
        layers[l].bias = list;
        layers[l].weight = take_weights(r->arena, &layers[l], &word);
    }
    int8_t *sine = ARENA_ARRAY(r->arena, int8_t, (size_t)1 << d->bits);
    uint8_t *pixel = ARENA_ARRAY(r->arena, uint8_t, CONTROL_PIXEL_ENTRIES);
    for (size_t i = 0; i < (size_t)1 << d->bits; i++)
        sine[i] = (int8_t)image[DECODER_SINES][i];
    for (size_t i = 0; i < CONTROL_PIXEL_ENTRIES; i++)
        pixel[i] = (uint8_t)image[DECODER_PIXELS][i];
    d->sine = sine;
    d->pixel = pixel;
    return true;
}

struct control_decoder *netlist_read_decoder(struct arena *arena, const char *folder,
                                             struct diags *diags)
{
    struct reader r = {.arena = arena, .folder = folder, .diags = diags};
    r.json = open_text(&r, "chip.json");
    if (!r.json)
        return NULL;
    struct control_decoder *d = ARENA_NEW(arena, struct control_decoder);
    size_t errors = diags->errors;
    json_error_t where;
    json_t *root = json_loadb(r.json->text, r.json->length, JSON_REJECT_DUPLICATES, &where);
    const json_t *control = json_object_get(root, "control");
    const json_t *decoder = json_object_get(control, "decoder");
    if (!root) {
        diag_error(diags, DIAG_CHIP_DAMAGED, (struct span){r.json, 0, 0}, "not JSON: %s",
                   arena_strdup(arena, where.text));
    } else if (decoder) {
        d->main = integer(&r, root, "oscillators", 1, MOST_MAIN);
        d->bits = integer(&r, control, "bits", 2, MOST_BITS);
        struct control_layer *layers = read_layers(&r, json_object_get(decoder, "layers"), d);
        if (diags->errors == errors)
            read_images(&r, d, layers);
    }
    json_decref(root);
    return diags->errors == errors ? d : NULL;
}
