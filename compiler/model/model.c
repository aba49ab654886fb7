/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/model/model.h"

#include <errno.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/model/reader.h"
#include "compiler/model/schema.h"

/* Sizes that a model can have. n x n must fit where sizes are multiplied, and an int. */
enum { MOST_OSCILLATORS = 65536, MOST_CONDITIONING = 1024, MOST_CLASSES = 65536 };
enum { MOST_SIDE = 4096, MOST_STEPS = 100000, FORMAT = 1 };

bool reader_sized(const struct reader *reader)
{
    return reader->model->n && reader->conditioning_known && reader->model->classes;
}

void reader_add_file(struct reader *reader, const char *path)
{
    for (size_t i = 0; i < reader->file_count; i++)
        if (!strcmp(reader->files[i], path))
            return;
    ARENA_GROW(reader->arena, reader->files, reader->file_count, reader->file_room);
    reader->files[reader->file_count++] = path;
}

/* Where the user wrote a value, or where he could have. */
static struct span place(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *node = yaml_get(map, key);
    return node ? node->span : schema_place(map);
}

static void read_head(struct reader *r)
{
    static const char *const keys[] = {
        "oscc",    "name",  "oscillators", "conditioning", "classes", "dynamics", "readout",
        "decoder", "image", "classifier",  "chip",         "verify",  NULL};
    struct model *model = r->model;
    schema_keys(r->diags, r->root, keys);
    const struct yaml_node *format = schema_need(r->diags, r->root, "oscc");
    long long version;
    if (!format) {
        diag_help(r->diags, "write \"oscc: %d\", the version of this format", (int)FORMAT);
    } else if (!yaml_integer(format, &version) || version != FORMAT) {
        diag_error(r->diags, DIAG_BAD_VALUE, format->span,
                   "\"oscc\" is the version of this format: %d, not %s", (int)FORMAT,
                   schema_describe(r->diags, format));
    }
    schema_name(r->diags, r->root, "name", "model", &model->name);
    if (schema_need(r->diags, r->root, "oscillators"))
        schema_int(r->diags, r->root, "oscillators", 1, MOST_OSCILLATORS, 0, &model->n);
    r->conditioning_known =
        schema_int(r->diags, r->root, "conditioning", 0, MOST_CONDITIONING, 0, &model->m);
    schema_int(r->diags, r->root, "classes", 1, MOST_CLASSES, 1, &model->classes);
    if (r->conditioning_known && !model->m && model->classes > 1) {
        diag_error(r->diags, DIAG_BAD_VALUE, place(r->root, "classes"),
                   "%d classes, but no conditioning oscillators that tell them apart",
                   model->classes);
        diag_help(r->diags, "write \"conditioning: M\", or leave \"classes\" out");
    }
}

static void read_readout(struct reader *r)
{
    int fallback = r->model->m ? MODEL_REF_DRIVE : MODEL_ABSOLUTE, readout;
    r->readout_known =
        (r->conditioning_known || yaml_get(r->root, "readout")) &&
        schema_choice(r->diags, r->root, "readout", model_readout_words, fallback, &readout);
    if (!r->readout_known)
        return;
    r->model->readout = (enum model_readout)readout;
    r->model->places.readout = place(r->root, "readout");
    if (readout == MODEL_REF_DRIVE && r->conditioning_known && !r->model->m) {
        diag_error(r->diags, DIAG_BAD_VALUE, r->model->places.readout,
                   "readout ref_drive is relative to a conditioning oscillator, and there is none");
        diag_help(r->diags, "write \"conditioning: 1\", or another readout");
    }
}

static void read_dynamics(struct reader *r)
{
    static const char *const keys[] = {"weights", "parameterization",   "time",
                                       "solver",  "conditioning_start", NULL};
    static const char *const solver_keys[] = {"method", "steps", NULL};
    static const char *const parameterizations[] = {"standard", "mup", NULL};
    static const char *const starts[] = {"random", "zero", NULL};
    schema_need(r->diags, r->root, "dynamics");
    const struct yaml_node *map = schema_map(r->diags, r->root, "dynamics");
    if (!map)
        return;
    schema_keys(r->diags, map, keys);
    int mup = 0, start = 0, method;
    schema_choice(r->diags, map, "parameterization", parameterizations, 0, &mup);
    r->mup = mup == 1;
    schema_number(r->diags, map, "time", 1e-6, 1e6, 1, &r->model->time);
    schema_choice(r->diags, map, "conditioning_start", starts, 0, &start);
    r->model->conditioning_random = start == 0;
    const struct yaml_node *solver = schema_map(r->diags, map, "solver");
    schema_keys(r->diags, solver, solver_keys);
    r->method_known =
        schema_choice(r->diags, solver, "method", model_method_words, MODEL_EULER, &method);
    if (r->method_known)
        r->model->method = (enum model_method)method;
    schema_int(r->diags, solver, "steps", 1, MOST_STEPS, 10, &r->model->steps);
    const struct yaml_node *weights = schema_need(r->diags, map, "weights");
    if (!weights)
        return;
    r->model->places.weights = weights->span;
    struct tensors tensors;
    tensors_open(r, weights, &tensors);
    model_read_dynamics(r, &tensors);
}

static void read_image(struct reader *r)
{
    static const char *const keys[] = {"channels", "height", "width", NULL};
    struct model *model = r->model;
    bool wanted = model->decoder.kind != MODEL_DECODER_NONE;
    if (!wanted && yaml_get(r->root, "image")) {
        diag_error(r->diags, DIAG_BAD_VALUE, schema_place(yaml_get(r->root, "image")),
                   "an image needs a decoder that draws it");
        diag_help(r->diags, "write \"decoder:\" with a kind, or remove \"image\"");
        return;
    }
    if (!wanted || !schema_need(r->diags, r->root, "image"))
        return;
    const struct yaml_node *map = schema_map(r->diags, r->root, "image");
    if (!map)
        return;
    schema_keys(r->diags, map, keys);
    const struct yaml_node *channels = schema_need(r->diags, map, "channels");
    if (channels && schema_int(r->diags, map, "channels", 1, 3, 0, &model->channels) &&
        model->channels == 2) {
        diag_error(r->diags, DIAG_BAD_VALUE, channels->span,
                   "\"channels\" must be 1 (grey) or 3 (red, green, blue), not 2");
        model->channels = 0;
    }
    if (schema_need(r->diags, map, "height"))
        schema_int(r->diags, map, "height", 1, MOST_SIDE, 0, &model->height);
    if (schema_need(r->diags, map, "width"))
        schema_int(r->diags, map, "width", 1, MOST_SIDE, 0, &model->width);
}

static void read_decoder(struct reader *r)
{
    static const char *const keys[] = {"kind", "activation", "weights", NULL};
    static const char *const activations[] = {"tanh", "none", NULL};
    const struct yaml_node *node = yaml_get(r->root, "decoder");
    const struct yaml_node *map = schema_map(r->diags, r->root, "decoder");
    schema_keys(r->diags, map, keys);
    int kind = MODEL_DECODER_NONE, activation = 0;
    if (node && (!map || !schema_need(r->diags, map, "kind")))
        return;
    if (!schema_choice(r->diags, map, "kind", model_decoder_words, MODEL_DECODER_NONE, &kind))
        return;
    schema_choice(r->diags, map, "activation", activations, 0, &activation);
    r->model->decoder.kind = (enum model_decoder_kind)kind;
    r->model->decoder.tanh = activation == 0;
    read_image(r);
    if (kind == MODEL_DECODER_NONE) {
        if (yaml_get(map, "weights"))
            diag_error(r->diags, DIAG_BAD_VALUE, schema_place(yaml_get(map, "weights")),
                       "a decoder of kind none has no weights");
        return;
    }
    const struct yaml_node *weights = schema_need(r->diags, map, "weights");
    if (!weights)
        return;
    struct tensors tensors;
    tensors_open(r, weights, &tensors);
    model_read_decoder(r, &tensors);
}

static void read_classifier(struct reader *r)
{
    static const char *const keys[] = {"weights", NULL};
    const struct yaml_node *map = schema_map(r->diags, r->root, "classifier");
    if (!map)
        return;
    schema_keys(r->diags, map, keys);
    const struct yaml_node *decoder = yaml_get(r->root, "decoder"),
                           *kind = yaml_get(decoder, "kind");
    if (!decoder || (kind && kind->kind == YAML_SCALAR && !strcmp(kind->text, "none")))
        diag_error(r->diags, DIAG_BAD_VALUE, schema_place(map),
                   "a classifier judges images, and there is no decoder that draws them");
    const struct yaml_node *weights = schema_need(r->diags, map, "weights");
    if (!weights)
        return;
    struct tensors tensors;
    tensors_open(r, weights, &tensors);
    model_read_classifier(r, &tensors);
}

static void read_chip(struct reader *r)
{
    static const char *const keys[] = {
#define NAME(key, fallback) #key,
#define CHOICE(key, words, fallback) #key,
#define INTEGER(key, low, high, fallback) #key,
#define NUMBER(key, low, high, fallback) #key,
#include "compiler/model/chip_hints.def"
#undef NAME
#undef CHOICE
#undef INTEGER
#undef NUMBER
        NULL};
    const struct yaml_node *map = schema_map(r->diags, r->root, "chip");
    struct model_chip_hints *chip = &r->model->chip;
    schema_keys(r->diags, map, keys);
    long long whole;
    int choice;
#define NAME(key, fallback) schema_name(r->diags, map, #key, fallback, &chip->key);
#define CHOICE(key, words, fallback)                                                               \
    if (schema_choice(r->diags, map, #key, words, fallback, &choice))                              \
        chip->key = (__typeof__(chip->key))choice;
#define INTEGER(key, low, high, fallback)                                                          \
    if (schema_integer(r->diags, map, #key, low, high, fallback, &whole))                          \
        chip->key = (__typeof__(chip->key))whole;
#define NUMBER(key, low, high, fallback)                                                           \
    schema_number(r->diags, map, #key, low, high, fallback, &chip->key);
#include "compiler/model/chip_hints.def"
#undef NAME
#undef CHOICE
#undef INTEGER
#undef NUMBER
    struct model_places *places = &r->model->places;
    const struct yaml_node *section = map ? map : r->root;
    places->pdk = place(section, "pdk");
    places->weight_full_scale = place(section, "weight_full_scale");
    places->drive_full_scale = place(section, "drive_full_scale");
    places->omega_full_scale = place(section, "omega_full_scale");
}

static void read_limits(struct reader *r, const struct yaml_node *verify, const char *level,
                        struct model_limits defaults, struct model_limits *limits)
{
    static const char *const keys[] = {
#define LIMIT(key, low, high) #key,
#include "compiler/model/verify_limits.def"
#undef LIMIT
        NULL};
    const struct yaml_node *map = schema_map(r->diags, verify, level);
    schema_keys(r->diags, map, keys);
#define LIMIT(key, low, high)                                                                      \
    schema_number(r->diags, map, #key, low, high, defaults.key, &limits->key);
#include "compiler/model/verify_limits.def"
#undef LIMIT
}

static void read_verify(struct reader *r)
{
    static const char *const keys[] = {
#define LEVEL(key, index, phase, worst, image) #key,
#include "compiler/model/verify_limits.def"
#undef LEVEL
        NULL};
    const struct yaml_node *map = schema_map(r->diags, r->root, "verify");
    schema_keys(r->diags, map, keys);
#define LEVEL(key, index, phase, worst, image)                                                     \
    read_limits(r, map, #key, (struct model_limits){phase, worst, image}, &r->model->limits[index]);
#include "compiler/model/verify_limits.def"
#undef LEVEL
}

struct model *model_parse(struct arena *arena, const struct source *source, struct diags *diags)
{
    size_t errors = diags->errors;
    const struct yaml_node *root = yaml_parse(arena, source, diags);
    if (root && root->kind != YAML_MAP)
        diag_error(diags, DIAG_YAML_SHAPE, root->span, "a model is a group of keys, not a list");
    if (!root || root->kind != YAML_MAP)
        return NULL;
    struct model *model = ARENA_NEW(arena, struct model);
    struct reader reader = {.arena = arena, .diags = diags, .root = root, .model = model};
    model->path = source->path;
    model->places.oscillators = place(root, "oscillators");
    reader_add_file(&reader, source->path);
    read_head(&reader);
    read_readout(&reader);
    read_dynamics(&reader);
    read_decoder(&reader);
    read_classifier(&reader);
    read_chip(&reader);
    read_verify(&reader);
    tensors_close_all(&reader);
    model->files = reader.files;
    return diags->errors == errors ? model : NULL;
}

struct model *model_load(struct arena *arena, const char *path, struct diags *diags)
{
    struct source *source = ARENA_NEW(arena, struct source);
    source->path = arena_strdup(arena, path);
    struct span whole = {source, 0, 0};
    char *text;
    int error = fs_read_text(arena, path, YAML_MOST_BYTES, &text, &source->length);
    if (!error) {
        source->text = text;
        return model_parse(arena, source, diags);
    }
    if (error == -EFBIG) {
        diag_error(diags, DIAG_YAML_LIMIT, whole, "more than %d bytes", (int)YAML_MOST_BYTES);
        diag_help(diags, "model.yaml names the weights; is this a file of weights?");
    } else if (error == -ENOENT || error == -ENOTDIR) {
        diag_error(diags, DIAG_FILE_MISSING, whole, "there is no such file");
    } else if (error == -EISDIR) {
        diag_error(diags, DIAG_FILE_MISSING, whole, "this is a folder, not a file");
        diag_help(diags, "name the model.yaml in it");
    } else {
        diag_error(diags, DIAG_IO, whole, "cannot read it: %s", strerror(-error));
    }
    return NULL;
}
