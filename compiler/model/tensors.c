/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/model/tensors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/str.h"
#include "compiler/model/reader.h"

static void remember_asked(struct reader *reader, struct tensors *tensors, const char *name)
{
    ARENA_GROW(reader->arena, tensors->asked, tensors->asked_count, tensors->asked_room);
    tensors->asked[tensors->asked_count++] = arena_strdup(reader->arena, name);
}

static int compare_name(const void *key, const void *member)
{
    return strcmp(key, ((const struct tensor *)member)->name);
}

const struct tensor *tensors_find(struct reader *reader, struct tensors *tensors,
                                  const char *const *names)
{
    struct tensor *found = NULL;
    for (; *names; names++) {
        if (tensors->is_map)
            remember_asked(reader, tensors, *names);
        struct tensor *tensor = tensors->count ? bsearch(*names, tensors->list, tensors->count,
                                                         sizeof *tensor, compare_name)
                                               : NULL;
        if (!tensor)
            continue;
        tensor->used = true;
        if (found && found->bad) {
            continue;
        } else if (found) {
            diag_error(reader->diags, DIAG_TENSOR_FILE, tensor->span,
                       "tensors \"%s\" and \"%s\" are the same thing, and both are there",
                       found->label, tensor->label);
            found->bad = true;
        } else {
            found = tensor;
        }
    }
    return found;
}

static void help_with_found(struct reader *reader, const struct tensors *tensors)
{
    enum { SHOWN = 16 };
    struct str list = {0};
    for (size_t i = 0; i < tensors->count && i < SHOWN; i++)
        str_addf(&list, "%s%.80s", i ? ", " : "", tensors->list[i].name);
    if (tensors->count > SHOWN)
        str_addf(&list, " and %zu more", tensors->count - SHOWN);
    diag_help(reader->diags, "found: %s", list.length ? list.text : "no tensor");
    str_free(&list);
}

const struct tensor *tensors_need(struct reader *reader, struct tensors *tensors,
                                  const char *const *names)
{
    const struct tensor *tensor = tensors_find(reader, tensors, names);
    if (tensor)
        return tensor->bad ? NULL : tensor;
    if (!tensors->ready)
        return NULL;
    diag_error(reader->diags, DIAG_TENSOR_MISSING, tensors->node->span, "tensor \"%s\" is missing",
               names[0]);
    if (names[1] && !tensors->is_map)
        diag_help(reader->diags, "it may also be called \"%s\"", names[1]);
    help_with_found(reader, tensors);
    return NULL;
}

static void add_shape(struct str *text, int dimensions, const long long *shape)
{
    str_add(text, "(");
    for (int i = 0; i < dimensions; i++) {
        str_add(text, i ? ", " : "");
        if (shape[i] == TENSOR_ANY)
            str_add(text, "any");
        else
            str_addf(text, "%lld", shape[i]);
    }
    str_add(text, dimensions == 1 ? ",)" : ")");
}

bool tensor_has_shape(struct reader *reader, const struct tensor *tensor, int dimensions,
                      const long long *shape)
{
    bool good = tensor->dimensions == dimensions;
    for (int i = 0; good && i < dimensions; i++)
        good = shape[i] == TENSOR_ANY ? tensor->shape[i] > 0 && tensor->shape[i] <= 1u << 24
                                      : tensor->shape[i] == (size_t)shape[i];
    if (good)
        return true;
    long long found[SAFETENSORS_DIMENSIONS];
    for (int i = 0; i < tensor->dimensions; i++)
        found[i] = (long long)tensor->shape[i];
    struct str text = {0};
    add_shape(&text, tensor->dimensions, found);
    str_add(&text, ", expected ");
    add_shape(&text, dimensions, shape);
    diag_error(reader->diags, DIAG_TENSOR_SHAPE, tensor->span, "tensor \"%s\" has shape %s",
               tensor->label, text.text);
    str_free(&text);
    return false;
}

const char *tensor_index_text(struct reader *reader, const struct tensor *tensor, size_t index)
{
    size_t at[SAFETENSORS_DIMENSIONS];
    for (int i = tensor->dimensions - 1; i >= 0; i--) {
        at[i] = index % tensor->shape[i];
        index /= tensor->shape[i];
    }
    struct str text = {0};
    str_add(&text, "[");
    for (int i = 0; i < tensor->dimensions; i++)
        str_addf(&text, "%s%zu", i ? ", " : "", at[i]);
    str_add(&text, "]");
    const char *owned = arena_strdup(&reader->diags->arena, text.text);
    str_free(&text);
    return owned;
}

bool tensor_read(struct reader *reader, const struct tensor *tensor, bool integers, size_t first,
                 size_t count, double *room)
{
    if (tensor->raw) {
        if (tensor->type == NUMBER_OTHER || (!integers && !number_is_float(tensor->type))) {
            diag_error(reader->diags, DIAG_TENSOR_TYPE, tensor->span, "tensor \"%s\" is of type %s",
                       tensor->label, tensor->dtype);
            diag_help(reader->diags,
                      integers ? "expected I32 or I64" : "expected F64, F32, F16 or BF16");
            return false;
        }
        number_read(tensor->type, tensor->bytes + first * number_size(tensor->type), count, room);
    } else if (count) {
        memcpy(room, tensor->values + first, count * sizeof *room);
    }
    for (size_t i = 0; i < count; i++) {
        if (fabs(room[i]) <= TENSOR_LARGEST)
            continue;
        bool finite = isfinite(room[i]);
        diag_error(reader->diags, finite ? DIAG_BAD_VALUE : DIAG_NOT_FINITE, tensor->span,
                   "tensor \"%s\" holds %.6g at %s", tensor->label, room[i],
                   tensor_index_text(reader, tensor, first + i));
        if (finite)
            diag_help(reader->diags, "a weight can be %g at most", TENSOR_LARGEST);
        return false;
    }
    return true;
}

const double *tensor_values(struct reader *reader, const struct tensor *tensor, double scale)
{
    double *values = ARENA_ARRAY(reader->arena, double, tensor->count);
    if (!tensor_read(reader, tensor, false, 0, tensor->count, values))
        return NULL;
    for (size_t i = 0; scale != 1 && i < tensor->count; i++)
        values[i] *= scale;
    return values;
}

void tensors_report_unused(struct reader *reader, struct tensors *tensors)
{
    if (!tensors->is_map)
        return; /* a checkpoint may hold more than is asked for */
    for (const struct yaml_node *child = tensors->node->first; child; child = child->next) {
        const struct tensor *tensor = tensors->count
                                          ? bsearch(child->key->text, tensors->list, tensors->count,
                                                    sizeof *tensors->list, compare_name)
                                          : NULL;
        if (!tensor || tensor->used)
            continue;
        diag_error(reader->diags, DIAG_UNKNOWN_KEY, child->key->span,
                   "the model has no tensor \"%s\"", child->key->text);
        const char *nearest = tensors->asked && !reader->diags->last_dropped
                                  ? str_nearest(child->key->text, tensors->asked)
                                  : NULL;
        if (nearest)
            diag_help(reader->diags, "did you mean \"%s\"?", nearest);
    }
}
