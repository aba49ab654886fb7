/* SPDX-License-Identifier: Apache-2.0
 *
 * The forms that `weights:` can take: a safetensors file, a list of them (the parts of one
 * checkpoint), or a map of names to NPY files and lists of numbers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/npy.h"
#include "compiler/model/reader.h"
#include "compiler/model/schema.h"

/* One safetensors file, kept mapped until the model is read; decoder and dynamics often share it.
 */
struct weight_file {
    struct weight_file *next;
    const char *path;
    struct fs_map map;
    struct safetensors content;
    bool good;                         /* else its fault was reported */
    const struct yaml_node *listed_in; /* the latest `weights:` that named it */
};

enum { MOST_PARTS = 1000 }; /* files of one checkpoint */

static bool has_ending(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcmp(path + length - tail, ending) == 0;
}

/* Maps a file that a node of model.yaml names; its path, or NULL after a report. */
static const char *map_file(struct reader *reader, const struct yaml_node *node, struct fs_map *map)
{
    const char *path = fs_beside(reader->arena, reader->model->path, node->text);
    int error = fs_map(path, map);
    if (!error) {
        reader_add_file(reader, path);
        return path;
    }
    if (error == -ENOENT || error == -ENOTDIR || error == -EISDIR)
        diag_error(reader->diags, DIAG_FILE_MISSING, node->span, "%s \"%s\"",
                   error == -EISDIR ? "this is a folder, not a file:" : "there is no file", path);
    else if (error == -EINVAL)
        diag_error(reader->diags, DIAG_TENSOR_FILE, node->span, "\"%s\" is not a regular file",
                   path);
    else
        diag_error(reader->diags, DIAG_IO, node->span, "cannot read \"%s\": %s", path,
                   strerror(-error));
    return NULL;
}

static struct weight_file *open_safetensors(struct reader *reader, const struct yaml_node *node)
{
    const char *path = fs_beside(reader->arena, reader->model->path, node->text);
    for (struct weight_file *file = reader->weight_files; file; file = file->next)
        if (!strcmp(file->path, path))
            return file;
    struct weight_file *file = ARENA_NEW(reader->arena, struct weight_file);
    file->path = path;
    file->next = reader->weight_files;
    reader->weight_files = file;
    if (!map_file(reader, node, &file->map))
        return file;
    static const unsigned char nothing[1];
    const char *fault =
        safetensors_parse(reader->arena, file->map.bytes ? file->map.bytes : nothing,
                          file->map.length, &file->content);
    if (fault)
        diag_error(reader->diags, DIAG_TENSOR_FILE, node->span, "\"%s\": %s", path, fault);
    file->good = !fault;
    return file;
}

void tensors_close_all(struct reader *reader)
{
    for (struct weight_file *file = reader->weight_files; file; file = file->next)
        fs_unmap(&file->map);
    reader->weight_files = NULL;
}

static struct tensor *add_tensor(struct reader *reader, struct tensors *tensors)
{
    ARENA_GROW(reader->arena, tensors->list, tensors->count, tensors->room);
    return &tensors->list[tensors->count++];
}

/* PyTorch's compiled modules put "_orig_mod." before the names of what they hold. */
static const char *plain_name(struct arena *arena, const char *name)
{
    static const char wrapper[] = "_orig_mod.";
    char *copy = arena_strdup(arena, name);
    for (char *at = copy; (at = strstr(at, wrapper));)
        memmove(at, at + strlen(wrapper), strlen(at + strlen(wrapper)) + 1);
    return copy;
}

static void add_notes(struct reader *reader, struct tensors *tensors,
                      const struct safetensors *file)
{
    size_t count = tensors->note_count + file->note_count;
    struct safetensors_note *notes = ARENA_ARRAY(reader->arena, struct safetensors_note, count);
    if (tensors->note_count)
        memcpy(notes, tensors->notes, tensors->note_count * sizeof *notes);
    if (file->note_count)
        memcpy(notes + tensors->note_count, file->notes, file->note_count * sizeof *notes);
    tensors->notes = notes;
    tensors->note_count = count;
}

static void add_safetensors(struct reader *reader, const struct yaml_node *node,
                            struct tensors *tensors)
{
    if (node->kind != YAML_SCALAR || !*node->text) {
        diag_error(reader->diags, DIAG_YAML_SHAPE, node->span,
                   "expected the path of a safetensors file, not %s",
                   schema_describe(reader->diags, node));
        tensors->ready = false;
        return;
    }
    if (!has_ending(node->text, ".safetensors")) {
        diag_error(reader->diags, DIAG_BAD_VALUE, node->span, "%s is not a safetensors file",
                   schema_describe(reader->diags, node));
        if (has_ending(node->text, ".npy"))
            diag_help(reader->diags, "an NPY file holds one array: give each its name, as in "
                                     "weights: {K: K.npy, omega: omega.npy}");
        else
            diag_help(reader->diags, "safetensors.torch.save_file(model.state_dict(), "
                                     "\"weights.safetensors\") writes one in PyTorch");
        tensors->ready = false;
        return;
    }
    struct weight_file *file = open_safetensors(reader, node);
    if (file->listed_in == tensors->node)
        diag_error(reader->diags, DIAG_TENSOR_FILE, node->span, "\"%s\" is listed twice",
                   node->text);
    if (!file->good || file->listed_in == tensors->node) {
        tensors->ready = tensors->ready && file->good;
        return;
    }
    file->listed_in = tensors->node;
    add_notes(reader, tensors, &file->content);
    const char *slash = strrchr(node->text, '/');
    for (size_t i = 0; i < file->content.count; i++) {
        const struct safetensors_tensor *from = &file->content.tensors[i];
        struct tensor *tensor = add_tensor(reader, tensors);
        *tensor = (struct tensor){
            .name = plain_name(reader->arena, from->name),
            .span = node->span,
            .label = from->name,
            .raw = true,
            .dtype = from->dtype,
            .type = from->type,
            .dimensions = from->dimensions,
            .count = from->count,
            .bytes = from->bytes,
        };
        if (node->key == NULL) /* one of several files: say which */
            tensor->label =
                arena_printf(reader->arena, "%s:%s", slash ? slash + 1 : node->text, from->name);
        memcpy(tensor->shape, from->shape, sizeof tensor->shape);
    }
}

static void add_npy(struct reader *reader, const struct yaml_node *node, struct tensor *tensor)
{
    struct fs_map map;
    const char *path = map_file(reader, node, &map);
    if (!path)
        return;
    struct npy npy;
    static const unsigned char nothing[1];
    const char *fault = npy_parse(reader->arena, map.bytes ? map.bytes : nothing, map.length, &npy);
    fs_unmap(&map);
    if (fault) {
        diag_error(reader->diags, DIAG_TENSOR_FILE, node->span, "\"%s\": %s", path, fault);
        return;
    }
    tensor->bad = false;
    tensor->dimensions = npy.dimensions;
    for (int i = 0; i < npy.dimensions; i++)
        tensor->shape[i] = npy.shape[i];
    tensor->count = npy.count;
    tensor->values = npy.values;
}

/* The numbers of a list whose shape was taken from its first elements. */
static bool flatten(struct reader *reader, const struct yaml_node *list, struct tensor *tensor,
                    int level, double **next)
{
    if (list->kind != YAML_LIST || list->count != tensor->shape[level]) {
        if (list->kind == YAML_LIST)
            diag_error(reader->diags, DIAG_TENSOR_SHAPE, list->span,
                       "a list of %zu in \"%s\", where the first has %zu", list->count,
                       tensor->name, tensor->shape[level]);
        else
            diag_error(reader->diags, DIAG_TENSOR_SHAPE, list->span,
                       "expected a list of %zu in \"%s\", not %s", tensor->shape[level],
                       tensor->name, schema_describe(reader->diags, list));
        return false;
    }
    for (const struct yaml_node *child = list->first; child; child = child->next) {
        if (level + 1 < tensor->dimensions) {
            if (!flatten(reader, child, tensor, level + 1, next))
                return false;
            continue;
        }
        if (!yaml_number(child, *next)) {
            diag_error(reader->diags, DIAG_YAML_SHAPE, child->span,
                       "expected a number in \"%s\", not %s", tensor->name,
                       schema_describe(reader->diags, child));
            return false;
        }
        double size = **next < 0 ? -**next : **next;
        if (!(size <= TENSOR_LARGEST)) {
            diag_error(reader->diags, DIAG_NOT_FINITE, child->span,
                       "%s in \"%s\" is not a finite weight", child->text, tensor->name);
            return false;
        }
        ++*next;
    }
    return true;
}

/* The parser limits the depth. */
static size_t count_scalars(const struct yaml_node *node)
{
    size_t count = node->kind == YAML_SCALAR;
    for (const struct yaml_node *child = node->first; child; child = child->next)
        count += count_scalars(child);
    return count;
}

static void add_list(struct reader *reader, const struct yaml_node *node, struct tensor *tensor)
{
    tensor->dimensions = 0;
    for (const struct yaml_node *list = node; list && list->kind == YAML_LIST; list = list->first) {
        if (tensor->dimensions == NPY_DIMENSIONS || !list->count) {
            diag_error(reader->diags, DIAG_TENSOR_SHAPE, list->span,
                       list->count ? "too many levels of lists in \"%s\""
                                   : "an empty list in \"%s\"",
                       tensor->name);
            return;
        }
        tensor->shape[tensor->dimensions++] = list->count;
    }
    /* room for what is there, not for what the first elements promise */
    double *values = ARENA_ARRAY(reader->arena, double, count_scalars(node)), *next = values;
    if (!flatten(reader, node, tensor, 0, &next))
        return;
    tensor->count = (size_t)(next - values);
    tensor->values = values;
    tensor->bad = false;
}

static void add_entry(struct reader *reader, const struct yaml_node *node, struct tensors *tensors)
{
    struct tensor *tensor = add_tensor(reader, tensors);
    *tensor = (struct tensor){
        .name = node->key->text, .label = node->key->text, .bad = true, .span = node->span};
    if (node->kind == YAML_LIST) {
        add_list(reader, node, tensor);
    } else if (node->kind == YAML_SCALAR && has_ending(node->text, ".npy")) {
        add_npy(reader, node, tensor);
    } else {
        diag_error(reader->diags, DIAG_YAML_SHAPE, node->span,
                   "\"%s\" must be a list of numbers or the path of an NPY file, not %s",
                   tensor->name, schema_describe(reader->diags, node));
        tensor->used = true;
    }
}

static int compare_tensors(const void *left, const void *right)
{
    const struct tensor *a = left, *b = right;
    int by_name = strcmp(a->name, b->name);
    if (by_name)
        return by_name;
    return a->span.offset < b->span.offset ? -1 : a->span.offset > b->span.offset;
}

/* Sorts by name and reports the same name twice, as when one part of a checkpoint is listed twice.
 */
static void finish(struct reader *reader, struct tensors *tensors)
{
    if (tensors->count)
        qsort(tensors->list, tensors->count, sizeof *tensors->list, compare_tensors);
    size_t kept = 0;
    bool reported = false;
    for (size_t i = 0; i < tensors->count; i++) {
        struct tensor *tensor = &tensors->list[i];
        struct tensor *before = kept ? &tensors->list[kept - 1] : NULL;
        if (!before || strcmp(before->name, tensor->name) != 0) {
            tensors->list[kept++] = *tensor;
            continue;
        }
        if (tensor->raw && !reported) /* keys of a map were compared before */
            diag_error(reader->diags, DIAG_TENSOR_FILE, tensor->span,
                       "tensor \"%s\" is there twice: \"%s\" and \"%s\"", tensor->name,
                       before->label, tensor->label);
        reported = true;
    }
    tensors->count = kept;
}

void tensors_open(struct reader *reader, const struct yaml_node *node, struct tensors *tensors)
{
    *tensors = (struct tensors){.node = node, .ready = true};
    switch (node->kind) {
    case YAML_SCALAR:
        add_safetensors(reader, node, tensors);
        break;
    case YAML_LIST:
        if (node->count > MOST_PARTS) {
            diag_error(reader->diags, DIAG_YAML_LIMIT, node->span, "more than %d files",
                       (int)MOST_PARTS);
            tensors->ready = false;
            break;
        }
        for (const struct yaml_node *child = node->first; child; child = child->next)
            add_safetensors(reader, child, tensors);
        break;
    case YAML_MAP:
        tensors->is_map = true;
        for (const struct yaml_node *child = node->first; child; child = child->next)
            add_entry(reader, child, tensors);
        break;
    }
    finish(reader, tensors);
}
