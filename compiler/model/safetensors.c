/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/model/safetensors.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What one tensor takes of the data, for the check against overlap. */
struct extent {
    size_t begin, end;
    const char *name;
};

static enum number_type find_type(const char *dtype)
{
    static const struct {
        const char *name;
        enum number_type type;
    } types[] = {{"F64", NUMBER_F64},   {"F32", NUMBER_F32}, {"F16", NUMBER_F16},
                 {"BF16", NUMBER_BF16}, {"I8", NUMBER_I8},   {"I16", NUMBER_I16},
                 {"I32", NUMBER_I32},   {"I64", NUMBER_I64}, {"U8", NUMBER_U8},
                 {"U16", NUMBER_U16},   {"U32", NUMBER_U32}, {"U64", NUMBER_U64}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (!strcmp(dtype, types[i].name))
            return types[i].type;
    return NUMBER_OTHER;
}

/* A number of the header that counts something. */
static bool take_size(const json_t *value, size_t *size)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *size = (size_t)json_integer_value(value);
    return true;
}

static const char *take_shape(struct arena *arena, const json_t *shape,
                              struct safetensors_tensor *tensor)
{
    if (!json_is_array(shape))
        return arena_printf(arena, "tensor \"%s\" has no shape", tensor->name);
    if (json_array_size(shape) > SAFETENSORS_DIMENSIONS)
        return arena_printf(arena, "tensor \"%s\" has more than %d dimensions", tensor->name,
                            (int)SAFETENSORS_DIMENSIONS);
    tensor->dimensions = (int)json_array_size(shape);
    tensor->count = 1;
    for (int i = 0; i < tensor->dimensions; i++) {
        if (!take_size(json_array_get(shape, (size_t)i), &tensor->shape[i]))
            return arena_printf(arena, "tensor \"%s\" has a shape that is not whole numbers",
                                tensor->name);
        if (__builtin_mul_overflow(tensor->count, tensor->shape[i], &tensor->count))
            return arena_printf(arena, "tensor \"%s\" has too large a shape", tensor->name);
    }
    return NULL;
}

/* One entry of the header; data is what follows the header. */
static const char *take_tensor(struct arena *arena, const json_t *entry, const unsigned char *data,
                               size_t length, struct safetensors_tensor *tensor,
                               struct extent *extent)
{
    const char *dtype = json_string_value(json_object_get(entry, "dtype"));
    if (!dtype)
        return arena_printf(arena, "tensor \"%s\" has no dtype", tensor->name);
    tensor->dtype = arena_strdup(arena, dtype);
    tensor->type = find_type(dtype);
    const char *fault = take_shape(arena, json_object_get(entry, "shape"), tensor);
    if (fault)
        return fault;
    const json_t *offsets = json_object_get(entry, "data_offsets");
    if (json_array_size(offsets) != 2 || !take_size(json_array_get(offsets, 0), &extent->begin) ||
        !take_size(json_array_get(offsets, 1), &extent->end) || extent->begin > extent->end)
        return arena_printf(arena, "tensor \"%s\" has no data_offsets [begin, end]", tensor->name);
    if (extent->end > length)
        return arena_printf(arena,
                            "tensor \"%s\" ends at byte %zu, but only %zu bytes of data are there",
                            tensor->name, extent->end, length);
    size_t need;
    if (__builtin_mul_overflow(tensor->count, number_size(tensor->type), &need))
        return arena_printf(arena, "tensor \"%s\" has too large a shape", tensor->name);
    if (tensor->type != NUMBER_OTHER && need != extent->end - extent->begin)
        return arena_printf(arena, "tensor \"%s\" has %zu bytes, but its shape needs %zu",
                            tensor->name, extent->end - extent->begin, need);
    tensor->bytes = data + extent->begin;
    extent->name = tensor->name;
    return NULL;
}

static int compare_extents(const void *left, const void *right)
{
    const struct extent *a = left, *b = right;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return strcmp(a->name, b->name);
}

static const char *check_overlap(struct arena *arena, struct extent *extents, size_t count)
{
    if (count)
        qsort(extents, count, sizeof *extents, compare_extents);
    const struct extent *before = NULL; /* the last that holds any bytes */
    for (size_t i = 0; i < count; i++) {
        if (extents[i].begin == extents[i].end)
            continue;
        if (before && extents[i].begin < before->end)
            return arena_printf(arena, "tensors \"%s\" and \"%s\" overlap", before->name,
                                extents[i].name);
        before = &extents[i];
    }
    return NULL;
}

static const char *take_notes(struct arena *arena, json_t *notes, struct safetensors *file)
{
    if (!json_is_object(notes))
        return "\"__metadata__\" in the header is not an object";
    file->notes = ARENA_ARRAY(arena, struct safetensors_note, json_object_size(notes));
    const char *key;
    json_t *value;
    json_object_foreach(notes, key, value)
    {
        if (!json_is_string(value))
            return arena_printf(arena, "\"__metadata__\" holds \"%s\", which is not a string", key);
        file->notes[file->note_count++] = (struct safetensors_note){
            arena_strdup(arena, key), arena_strdup(arena, json_string_value(value))};
    }
    return NULL;
}

static const char *take_header(struct arena *arena, json_t *header, const unsigned char *data,
                               size_t length, struct safetensors *file)
{
    size_t most = json_object_size(header);
    file->tensors = ARENA_ARRAY(arena, struct safetensors_tensor, most);
    struct extent *extents = ARENA_ARRAY(arena, struct extent, most);
    const char *name, *fault = NULL;
    json_t *entry;
    json_object_foreach(header, name, entry)
    {
        if (!strcmp(name, "__metadata__")) {
            fault = take_notes(arena, entry, file);
        } else {
            struct safetensors_tensor *tensor = &file->tensors[file->count];
            tensor->name = arena_strdup(arena, name);
            fault = take_tensor(arena, entry, data, length, tensor, &extents[file->count]);
            file->count++;
        }
        if (fault)
            return fault;
    }
    return check_overlap(arena, extents, file->count);
}

const char *safetensors_parse(struct arena *arena, const unsigned char *bytes, size_t length,
                              struct safetensors *file)
{
    *file = (struct safetensors){0};
    if (length < 8)
        return "the file is shorter than the 8 bytes that begin every safetensors file";
    double as_double; /* of the header's length; only sizes far below 2^53 go on */
    number_read(NUMBER_U64, bytes, 1, &as_double);
    if (as_double > SAFETENSORS_MOST_HEADER)
        return arena_printf(arena, "its header would be %.0f bytes long; more than %d are not read",
                            as_double, (int)SAFETENSORS_MOST_HEADER);
    size_t size = (size_t)as_double;
    if (size > length - 8)
        return arena_printf(arena, "its header should be %zu bytes long, but only %zu are there",
                            size, length - 8);
    json_error_t error;
    json_t *header = json_loadb((const char *)bytes + 8, size, JSON_REJECT_DUPLICATES, &error);
    if (!header)
        return arena_printf(arena, "its header is not JSON: %s (byte %d)", error.text,
                            error.position);
    const char *fault = json_is_object(header)
                            ? take_header(arena, header, bytes + 8 + size, length - 8 - size, file)
                            : "its header is not a JSON object";
    json_decref(header);
    return fault;
}
