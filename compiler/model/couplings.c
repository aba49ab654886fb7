/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "compiler/model/reader.h"

static const char *const dense_names[] = {"K", "dynamics.K", NULL};
static const char *const indptr_names[] = {"K.indptr", "dynamics.K.indptr", NULL};
static const char *const indices_names[] = {"K.indices", "dynamics.K.indices", NULL};
static const char *const data_names[] = {"K.data", "dynamics.K.data", NULL};

/* mup multiplies K by n^-1/2; the converted form has that in its numbers. */
static double scale_of(const struct reader *reader, const struct tensor *tensor)
{
    bool converted = tensor->raw && strncmp(tensor->name, "dynamics.", 9) != 0;
    return reader->mup && !converted ? 1 / sqrt((double)reader->model->n) : 1;
}

/* Two walks over the matrix, so that no dense copy of it is ever made: the first counts, the
 * second keeps. */
static void read_dense(struct reader *reader, const struct tensor *tensor)
{
    size_t n = (size_t)reader->model->n, count = 0;
    if (!tensor_has_shape(reader, tensor, 2, (long long[]){(long long)n, (long long)n}))
        return;
    double scale = scale_of(reader, tensor);
    double *row = ARENA_ARRAY(reader->arena, double, n);
    size_t *first = ARENA_ARRAY(reader->arena, size_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        if (!tensor_read(reader, tensor, false, i * n, n, row))
            return;
        for (size_t j = 0; j < n; j++)
            count += j != i && row[j] * scale != 0;
        first[i + 1] = count;
    }
    int32_t *source = ARENA_ARRAY(reader->arena, int32_t, count);
    double *value = ARENA_ARRAY(reader->arena, double, count);
    for (size_t i = 0, at = 0; i < n; i++) {
        tensor_read(reader, tensor, false, i * n, n, row);
        for (size_t j = 0; j < n; j++) {
            double scaled = row[j] * scale;
            if (j == i || scaled == 0)
                continue;
            source[at] = (int32_t)j;
            value[at++] = scaled;
        }
    }
    reader->model->couplings =
        (struct model_couplings){.count = count, .first = first, .source = source, .value = value};
}

/* Reads whole numbers within 0..most; reports the first that is not. */
static const double *read_whole(struct reader *reader, const struct tensor *tensor, double most)
{
    double *values = ARENA_ARRAY(reader->arena, double, tensor->count);
    if (!tensor_read(reader, tensor, true, 0, tensor->count, values))
        return NULL;
    for (size_t i = 0; i < tensor->count; i++) {
        if (values[i] >= 0 && values[i] <= most && values[i] == floor(values[i]))
            continue;
        diag_error(reader->diags, DIAG_BAD_VALUE, tensor->span,
                   "tensor \"%s\" holds %.15g at %s, which is not a whole number from 0 to %.15g",
                   tensor->label, values[i], tensor_index_text(reader, tensor, i), most);
        return NULL;
    }
    return values;
}

/* The row pointers start at 0, never fall, and end at the number of entries. */
static bool check_rows(struct reader *reader, const struct tensor *tensor, const double *indptr,
                       size_t entries)
{
    size_t n = (size_t)reader->model->n;
    for (size_t i = 0; i < n; i++) {
        if (indptr[i] <= indptr[i + 1])
            continue;
        diag_error(reader->diags, DIAG_BAD_VALUE, tensor->span,
                   "tensor \"%s\" falls from %.15g to %.15g at [%zu]", tensor->label, indptr[i],
                   indptr[i + 1], i + 1);
        return false;
    }
    if (indptr[0] == 0 && indptr[n] == (double)entries)
        return true;
    diag_error(reader->diags, DIAG_BAD_VALUE, tensor->span,
               "tensor \"%s\" runs from %.15g to %.15g, expected 0 to %zu, the size of K.indices",
               tensor->label, indptr[0], indptr[n], entries);
    return false;
}

/* Columns ascend within each row; all of that holds when they go into the model. */
static bool check_columns(struct reader *reader, const struct tensor *tensor, const double *indptr,
                          const double *indices)
{
    for (size_t i = 0; i < (size_t)reader->model->n; i++) {
        for (size_t at = (size_t)indptr[i] + 1; at < (size_t)indptr[i + 1]; at++) {
            if (indices[at] > indices[at - 1])
                continue;
            bool same = indices[at] == indices[at - 1];
            diag_error(reader->diags, DIAG_BAD_VALUE, tensor->span,
                       "tensor \"%s\" %s column %.15g in row %zu at [%zu]", tensor->label,
                       same ? "repeats" : "goes back to", indices[at], i, at);
            diag_help(reader->diags, "columns must ascend within a row; scipy: %s",
                      same ? "matrix.sum_duplicates()" : "matrix.sort_indices()");
            return false;
        }
    }
    return true;
}

static void keep_sparse(struct reader *reader, const double *indptr, const double *indices,
                        const double *data, double scale)
{
    size_t n = (size_t)reader->model->n, entries = (size_t)indptr[n], count = 0;
    size_t *first = ARENA_ARRAY(reader->arena, size_t, n + 1);
    int32_t *source = ARENA_ARRAY(reader->arena, int32_t, entries);
    double *value = ARENA_ARRAY(reader->arena, double, entries);
    for (size_t i = 0; i < n; i++) {
        for (size_t at = (size_t)indptr[i]; at < (size_t)indptr[i + 1]; at++) {
            double scaled = data[at] * scale;
            if ((size_t)indices[at] == i || scaled == 0)
                continue;
            source[count] = (int32_t)indices[at];
            value[count++] = scaled;
        }
        first[i + 1] = count;
    }
    reader->model->couplings =
        (struct model_couplings){.count = count, .first = first, .source = source, .value = value};
}

static void read_sparse(struct reader *reader, struct tensors *tensors)
{
    const struct tensor *rows = tensors_need(reader, tensors, indptr_names);
    const struct tensor *columns = tensors_need(reader, tensors, indices_names);
    const struct tensor *entries = tensors_need(reader, tensors, data_names);
    if (!rows || !columns || !entries)
        return;
    long long n = reader->model->n;
    bool good = tensor_has_shape(reader, rows, 1, (long long[]){n + 1});
    good &= tensor_has_shape(reader, columns, 1, (long long[]){(long long)columns->count});
    if (!good || !tensor_has_shape(reader, entries, 1, (long long[]){(long long)columns->count}))
        return;
    const double *indptr = read_whole(reader, rows, (double)columns->count);
    const double *indices = read_whole(reader, columns, (double)(n - 1));
    const double *data = tensor_values(reader, entries, 1);
    if (indptr && indices && data && check_rows(reader, rows, indptr, columns->count) &&
        check_columns(reader, columns, indptr, indices))
        keep_sparse(reader, indptr, indices, data, scale_of(reader, entries));
}

void model_read_couplings(struct reader *reader, struct tensors *tensors)
{
    const struct tensor *dense = tensors_find(reader, tensors, dense_names);
    const struct tensor *sparse = tensors_find(reader, tensors, indptr_names);
    if (!sparse)
        sparse = tensors_find(reader, tensors, data_names);
    if (dense && sparse) {
        diag_error(reader->diags, DIAG_TENSOR_FILE, sparse->span,
                   "couplings twice: dense as \"%s\" and sparse as \"%s\"", dense->label,
                   sparse->label);
    } else if (sparse) {
        read_sparse(reader, tensors);
    } else {
        dense = tensors_need(reader, tensors, dense_names);
        if (dense)
            read_dense(reader, dense);
    }
}
