/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "compiler/model/reader.h"

static const char *const omega_names[] = {"omega", "dynamics.omega", NULL};
static const char *const omega_cond_names[] = {"omega_cond", "dynamics.omega_cond", NULL};
static const char *const k_cond_names[] = {"K_cond", "dynamics.K_cond", NULL};
static const char *const k_drive_names[] = {"K_drive", "dynamics.K_drive", NULL};

/* mup multiplies K_cond and K_drive by m^-1/2, unless the converted form has done so. */
static double scale_of(const struct reader *reader, const struct tensor *tensor)
{
    bool converted = tensor->raw && strncmp(tensor->name, "dynamics.", 9) != 0;
    return reader->mup && !converted ? 1 / sqrt((double)reader->model->m) : 1;
}

/* Frequencies are (count) or, in training, (1, count). */
static const double *read_frequencies(struct reader *reader, const struct tensor *tensor,
                                      long long count)
{
    bool row = tensor->dimensions == 2 && tensor->shape[0] == 1;
    if (!tensor_has_shape(reader, tensor, row ? 2 : 1,
                          row ? (long long[]){1, count} : (long long[]){count}))
        return NULL;
    return tensor_values(reader, tensor, 1);
}

/* In a map the user writes each tensor, so what a small model does not use may be left out. */
static const struct tensor *find_conditioning(struct reader *reader, struct tensors *tensors,
                                              const char *const *names)
{
    if (tensors->is_map && !tensors_find(reader, tensors, names))
        return NULL;
    return tensors_need(reader, tensors, names);
}

static void read_conditioning(struct reader *reader, struct tensors *tensors)
{
    struct model *model = reader->model;
    long long m = model->m;
    model->omega_cond = ARENA_ARRAY(reader->arena, double, (size_t)m);
    model->k_cond = ARENA_ARRAY(reader->arena, double, (size_t)m *(size_t)m);
    const struct tensor *tensor = find_conditioning(reader, tensors, omega_cond_names);
    if (tensor)
        model->omega_cond = read_frequencies(reader, tensor, m);
    tensor = find_conditioning(reader, tensors, k_cond_names);
    if (tensor && tensor_has_shape(reader, tensor, 2, (long long[]){m, m})) {
        double *k_cond = ARENA_ARRAY(reader->arena, double, tensor->count);
        if (tensor_read(reader, tensor, false, 0, tensor->count, k_cond)) {
            for (size_t i = 0; i < tensor->count; i++)
                k_cond[i] *= i % (size_t)(m + 1) ? scale_of(reader, tensor) : 0; /* diagonal */
            model->k_cond = k_cond;
        }
    }
    tensor = tensors_need(reader, tensors, k_drive_names);
    if (tensor && tensor_has_shape(reader, tensor, 3, (long long[]){model->classes, model->n, m}))
        model->k_drive = tensor_values(reader, tensor, scale_of(reader, tensor));
}

/* Without conditioning oscillators, weights of them mean that the key was forgotten. */
static void refuse_conditioning(struct reader *reader, struct tensors *tensors)
{
    const struct tensor *drive = tensors_find(reader, tensors, k_drive_names);
    tensors_find(reader, tensors, k_cond_names);
    tensors_find(reader, tensors, omega_cond_names);
    if (!drive || drive->bad || !drive->count)
        return;
    diag_error(reader->diags, DIAG_TENSOR_SHAPE, drive->span,
               "tensor \"%s\" is there, but the model has no conditioning oscillators",
               drive->label);
    if (drive->dimensions == 3)
        diag_help(reader->diags, "write \"conditioning: %zu\" and \"classes: %zu\"",
                  drive->shape[2], drive->shape[0]);
}

static const char *find_note(const struct tensors *tensors, const char *key)
{
    for (size_t i = 0; i < tensors->note_count; i++)
        if (!strcmp(tensors->notes[i].key, key))
            return tensors->notes[i].value;
    return NULL;
}

/* The place of a value for a message: itself, or the weights that contradict its default. */
static struct span place_of(const struct tensors *tensors, const struct yaml_node *node)
{
    return node ? node->span : tensors->node->span;
}

static void compare_number(struct reader *reader, const struct tensors *tensors, const char *note,
                           const struct yaml_node *map, const char *key, double value)
{
    const char *text = find_note(tensors, note);
    if (!text)
        return;
    char *end;
    double noted = strtod(text, &end);
    if (end != text && !*end && fabs(noted - value) <= 1e-6 * fabs(value))
        return;
    const struct yaml_node *node = yaml_get(map, key);
    diag_error(reader->diags, DIAG_BAD_VALUE, place_of(tensors, node),
               "\"%s\" is %.15g%s, but the weights say %s = %.60s", key, value,
               node ? "" : " (the default)", note, text);
}

static void compare_word(struct reader *reader, const struct tensors *tensors, const char *note,
                         const struct yaml_node *map, const char *key, const char *value)
{
    const char *text = find_note(tensors, note);
    if (!text || !strcasecmp(text, value))
        return;
    const struct yaml_node *node = yaml_get(map, key);
    diag_error(reader->diags, DIAG_BAD_VALUE, place_of(tensors, node),
               "\"%s\" is %s%s, but the weights say %s = %.60s", key, value,
               node ? "" : " (the default)", note, text);
}

/* What a converted checkpoint says about itself; values that were faulty are left alone. */
static void compare_notes(struct reader *reader, const struct tensors *tensors)
{
    const struct model *model = reader->model;
    const struct yaml_node *root = reader->root, *dynamics = yaml_get(root, "dynamics");
    const struct yaml_node *solver = yaml_get(dynamics, "solver");
    if (model->n)
        compare_number(reader, tensors, "n", root, "oscillators", model->n);
    if (reader->conditioning_known)
        compare_number(reader, tensors, "n_cond", root, "conditioning", model->m);
    if (model->classes)
        compare_number(reader, tensors, "num_classes", root, "classes", model->classes);
    if (model->time > 0)
        compare_number(reader, tensors, "integration_time", dynamics, "time", model->time);
    if (model->steps)
        compare_number(reader, tensors, "num_steps", solver, "steps", model->steps);
    if (reader->method_known)
        compare_word(reader, tensors, "solver", solver, "method", model_method_name(model->method));
    if (reader->readout_known)
        compare_word(reader, tensors, "relativization", root, "readout",
                     model_readout_name(model->readout));
}

/* Plain names mean that mup's scales are in the numbers. A converted file says so in its metadata;
 * without any, the names may be a user's own, and his scales would get lost unseen. */
static void warn_of_scales(struct reader *reader, struct tensors *tensors)
{
    static const char *const plain[] = {"K", NULL}, *const sparse[] = {"K.data", NULL};
    if (!reader->mup || tensors->is_map || tensors->note_count)
        return;
    if (!tensors_find(reader, tensors, plain) && !tensors_find(reader, tensors, sparse))
        return;
    const struct yaml_node *node = yaml_get(yaml_get(reader->root, "dynamics"), "parameterization");
    diag_warning(reader->diags, DIAG_BAD_VALUE, node->span,
                 "mup changes nothing: under plain names, as \"K\", the scales count as applied");
    diag_help(reader->diags,
              "write standard if they are, or call the tensors \"dynamics.K\" and so on");
}

void model_read_dynamics(struct reader *reader, struct tensors *tensors)
{
    compare_notes(reader, tensors);
    warn_of_scales(reader, tensors);
    if (!reader_sized(reader))
        return;
    model_read_couplings(reader, tensors);
    const struct tensor *omega = tensors_need(reader, tensors, omega_names);
    if (omega)
        reader->model->omega = read_frequencies(reader, omega, reader->model->n);
    if (reader->model->m)
        read_conditioning(reader, tensors);
    else
        refuse_conditioning(reader, tensors);
    tensors_report_unused(reader, tensors);
}
