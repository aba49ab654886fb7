/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/resolved.h"

#include "compiler/base/fs.h"
#include "compiler/base/json.h"
#include "compiler/base/npy.h"

/* The folder being written and the first error; yaml collects the entries of one `weights:` map. */
struct writer {
    struct arena *arena;
    const char *folder;
    struct str *yaml;
    int error;
};

static const char *weight_path(struct writer *w, const char *group, const char *tensor)
{
    str_addf(w->yaml, "    %s: model/%s%s.npy\n", tensor, group, tensor);
    return arena_printf(w->arena, "%s/model/%s%s.npy", w->folder, group, tensor);
}

static void tensor(struct writer *w, const char *group, const char *name, int dimensions,
                   const size_t *shape, const double *values)
{
    const char *path = weight_path(w, group, name);
    if (!w->error)
        w->error = npy_write_f64(path, dimensions, shape, values);
}

static void indices(struct writer *w, const char *name, size_t count, const int32_t *values)
{
    const char *path = weight_path(w, "", name);
    if (!w->error)
        w->error = npy_write_i32(path, 1, &count, values);
}

static void dynamics(struct writer *w, const struct model *model)
{
    size_t n = (size_t)model->n, m = (size_t)model->m, classes = (size_t)model->classes;
    const struct model_couplings *k = &model->couplings;
    int32_t *first = ARENA_ARRAY(w->arena, int32_t, n + 1);
    for (size_t i = 0; i <= n; i++)
        first[i] = (int32_t)k->first[i];
    indices(w, "K.indptr", n + 1, first);
    indices(w, "K.indices", k->count, k->source);
    tensor(w, "", "K.data", 1, &k->count, k->value);
    tensor(w, "", "omega", 1, &n, model->omega);
    if (m) {
        tensor(w, "", "omega_cond", 1, &m, model->omega_cond);
        tensor(w, "", "K_cond", 2, (size_t[]){m, m}, model->k_cond);
        tensor(w, "", "K_drive", 3, (size_t[]){classes, n, m}, model->k_drive);
    }
}

static void layer(struct writer *w, const char *group, const char *name,
                  const struct model_layer *l, bool convolution)
{
    size_t shape[4] = {(size_t)l->outputs, (size_t)l->inputs, 3, 3};
    tensor(w, group, arena_printf(w->arena, "%s.weight", name), convolution ? 4 : 2, shape,
           l->weight);
    tensor(w, group, arena_printf(w->arena, "%s.bias", name), 1, shape, l->bias);
}

static void layers(struct writer *w, const char *group, int count, const struct model_layer *list)
{
    for (int l = 0; l < count; l++)
        layer(w, group, arena_printf(w->arena, "layers.%d", l), &list[l], false);
}

static void decoder(struct writer *w, const struct model_decoder *d)
{
    str_addf(w->yaml, "decoder:\n  kind: %s\n  activation: %s\n  weights:\n",
             model_decoder_name(d->kind), d->tanh ? "tanh" : "none");
    if (d->kind == MODEL_MLP) {
        layers(w, "decoder.", d->layer_count, d->layers);
        return;
    }
    bool convolution = d->kind == MODEL_RESIZE_CONV;
    for (int l = 0; l + 1 < d->layer_count; l++)
        layer(w, "decoder.", arena_printf(w->arena, "dec.%d.%c", l / 2, l % 2 ? 'b' : 'a'),
              &d->layers[l], convolution);
    layer(w, "decoder.", "out", &d->layers[d->layer_count - 1], convolution);
}

static void number(struct str *yaml, const char *key, double value)
{
    str_addf(yaml, "%s: ", key);
    str_add_exact(yaml, value);
    str_add(yaml, "\n");
}

static void hints(struct str *yaml, const struct model *model)
{
    const struct model_chip_hints *chip = &model->chip;
    str_addf(yaml, "chip:\n  pdk: %s\n", chip->pdk);
    number(yaml, "  carrier_cycles", chip->carrier_cycles);
    if (chip->weights != MODEL_PROGRAMMABLE)
        str_addf(yaml, "  weights: %s\n", model_weights_name(chip->weights));
    str_addf(yaml,
             "  weight_bits: %d\n  omega_bits: %d\n  phase_bits: %d\n  readout_bits: %d\n"
             "  seed: %llu\n",
             chip->weight_bits, chip->omega_bits, chip->phase_bits, chip->readout_bits,
             (unsigned long long)chip->seed);
    number(yaml, "  weight_full_scale", chip->weight_full_scale);
    number(yaml, "  drive_full_scale", chip->drive_full_scale);
    number(yaml, "  omega_full_scale", chip->omega_full_scale);
    str_add(yaml, "verify:\n");
    for (int level = 0; level < MODEL_LEVEL_COUNT; level++) {
        const struct model_limits *limits = &model->limits[level];
        str_addf(yaml, "  %s:\n", model_level_name((enum model_level)level));
        number(yaml, "    phase_rms_rad", limits->phase_rms_rad);
        number(yaml, "    worst_oscillator_rms_rad", limits->worst_oscillator_rms_rad);
        number(yaml, "    image_rms", limits->image_rms);
    }
}

int netlist_write_resolved(struct arena *arena, const struct model *model, const char *folder)
{
    struct str yaml = {0};
    struct writer w = {arena, folder, &yaml, fs_make_folders(fs_join(arena, folder, "model"))};

    str_add(&yaml, "# the model as oscc understood it: every default written out, scales baked in\n"
                   "oscc: 1\nname: ");
    json_add_string(&yaml, model->name);
    str_addf(&yaml, "\noscillators: %d\nconditioning: %d\nclasses: %d\n", model->n, model->m,
             model->classes);
    str_addf(&yaml,
             "dynamics:\n  parameterization: standard\n  solver: {method: %s, steps: %d}\n"
             "  conditioning_start: %s\n",
             model_method_name(model->method), model->steps,
             model->conditioning_random ? "random" : "zero");
    number(&yaml, "  time", model->time);
    str_add(&yaml, "  weights:\n");
    dynamics(&w, model);
    str_addf(&yaml, "readout: %s\n", model_readout_name(model->readout));
    if (model->decoder.kind != MODEL_DECODER_NONE) {
        decoder(&w, &model->decoder);
        str_addf(&yaml, "image: {channels: %d, height: %d, width: %d}\n", model->channels,
                 model->height, model->width);
    }
    if (model->classifier.layer_count) {
        str_add(&yaml, "classifier:\n  weights:\n");
        layers(&w, "classifier.", model->classifier.layer_count, model->classifier.layers);
    }
    hints(&yaml, model);
    if (!w.error)
        w.error = fs_write(fs_join(arena, folder, "resolved.yaml"), yaml.text, yaml.length);
    str_free(&yaml);
    return w.error;
}
