/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/npy.h"

#include <stdbool.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/numbers.h"
#include "compiler/base/str.h"

/* The header is the text of a Python dictionary, such as
 * {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }; the file is not trusted, so every
 * look at it is checked against its end. */
struct header {
    struct arena *arena;
    const char *at, *end;
    char descr[16];
    bool fortran, has_descr, has_order, has_shape;
};

static void skip_space(struct header *h)
{
    while (h->at < h->end && (*h->at == ' ' || *h->at == '\n' || *h->at == '\t' || *h->at == '\r'))
        h->at++;
}

static bool take(struct header *h, const char *token)
{
    skip_space(h);
    size_t length = strlen(token);
    if ((size_t)(h->end - h->at) < length || memcmp(h->at, token, length) != 0)
        return false;
    h->at += length;
    return true;
}

static bool take_text(struct header *h, char *text, size_t room)
{
    skip_space(h);
    if (h->at == h->end || (*h->at != '\'' && *h->at != '"'))
        return false;
    char quote = *h->at++;
    const char *close = memchr(h->at, quote, (size_t)(h->end - h->at));
    if (!close || (size_t)(close - h->at) >= room)
        return false;
    size_t length = (size_t)(close - h->at);
    memcpy(text, h->at, length);
    text[length] = '\0';
    h->at = close + 1;
    return true;
}

/* NULL, or what is wrong. */
static const char *take_shape(struct header *h, struct npy *npy)
{
    if (!take(h, "("))
        return "the header has no shape";
    npy->dimensions = 0;
    while (!take(h, ")")) {
        if (npy->dimensions && !take(h, ","))
            return "the shape in the header cannot be read";
        if (take(h, ")"))
            return NULL;
        const char *start = h->at;
        size_t size = 0;
        for (; h->at < h->end && *h->at >= '0' && *h->at <= '9'; h->at++)
            if (__builtin_mul_overflow(size, (size_t)10, &size) ||
                __builtin_add_overflow(size, (size_t)(*h->at - '0'), &size))
                return "the shape in the header is too large";
        if (h->at == start)
            return "the shape in the header cannot be read";
        if (h->at < h->end && *h->at == 'L') /* Python 2 wrote long integers so */
            h->at++;
        if (npy->dimensions == NPY_DIMENSIONS)
            return arena_printf(h->arena, "the array has more than %d dimensions",
                                (int)NPY_DIMENSIONS);
        npy->shape[npy->dimensions++] = size;
    }
    return NULL;
}

static const char *take_entry(struct header *h, struct npy *npy)
{
    char key[32];
    if (!take_text(h, key, sizeof key) || !take(h, ":"))
        return "the header cannot be read";
    if (!strcmp(key, "descr")) {
        skip_space(h);
        if (h->at < h->end && *h->at == '[')
            return "the array has fields (a structured type); save each field by itself";
        h->has_descr = take_text(h, h->descr, sizeof h->descr);
        return h->has_descr ? NULL : "the type in the header cannot be read";
    }
    if (!strcmp(key, "fortran_order")) {
        h->fortran = take(h, "True");
        h->has_order = h->fortran || take(h, "False");
        return h->has_order ? NULL : "the order in the header cannot be read";
    }
    if (!strcmp(key, "shape")) {
        h->has_shape = true;
        return take_shape(h, npy);
    }
    return "the header has a key that is none of descr, fortran_order and shape";
}

static const char *take_header(struct header *h, struct npy *npy)
{
    if (!take(h, "{"))
        return "the header cannot be read";
    while (!take(h, "}")) {
        const char *fault = take_entry(h, npy);
        if (fault)
            return fault;
        if (!take(h, ",")) {
            if (!take(h, "}"))
                return "the header cannot be read";
            break;
        }
    }
    skip_space(h);
    if (h->at != h->end)
        return "the header cannot be read";
    if (!h->has_descr || !h->has_order || !h->has_shape)
        return "the header lacks one of descr, fortran_order and shape";
    return NULL;
}

static const char *find_type(struct header *h, enum number_type *type)
{
    static const struct {
        const char *name;
        enum number_type type;
    } types[] = {{"f2", NUMBER_F16}, {"f4", NUMBER_F32}, {"f8", NUMBER_F64}, {"i1", NUMBER_I8},
                 {"i2", NUMBER_I16}, {"i4", NUMBER_I32}, {"i8", NUMBER_I64}, {"u1", NUMBER_U8},
                 {"u2", NUMBER_U16}, {"u4", NUMBER_U32}, {"u8", NUMBER_U64}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (!h->descr[0] || strcmp(h->descr + 1, types[i].name) != 0)
            continue;
        *type = types[i].type;
        if (h->descr[0] == '<' || (h->descr[0] == '|' && number_size(*type) == 1))
            return NULL;
        if (h->descr[0] == '>')
            return arena_printf(h->arena, "the numbers are big endian; save array.astype(\"<%s\")",
                                types[i].name);
    }
    return arena_printf(h->arena, "numbers of type \"%s\" are not read; save array.astype(\"<f4\")",
                        h->descr);
}

/* The bytes of the header's text, or what is wrong. */
static const char *find_header(const unsigned char *bytes, size_t length, struct header *h)
{
    static const unsigned char magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
    if (length < 10 || memcmp(bytes, magic, sizeof magic) != 0)
        return "this is not an NPY file";
    if (bytes[6] < 1 || bytes[6] > 3)
        return "the NPY format has versions 1 to 3, this is another one";
    size_t lead = bytes[6] == 1 ? 10 : 12;
    if (length < lead)
        return "the file ends within its header";
    size_t size = bytes[8] | (size_t)bytes[9] << 8;
    if (lead == 12)
        size |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (size > length - lead)
        return "the file ends within its header";
    h->at = (const char *)bytes + lead;
    h->end = h->at + size;
    return NULL;
}

const char *npy_parse(struct arena *arena, const unsigned char *bytes, size_t length,
                      struct npy *npy)
{
    *npy = (struct npy){0};
    struct header h = {.arena = arena};
    const char *fault = find_header(bytes, length, &h);
    if (fault)
        return fault;
    const unsigned char *data = (const unsigned char *)h.end;
    enum number_type type = NUMBER_OTHER;
    fault = take_header(&h, npy);
    if (!fault)
        fault = find_type(&h, &type);
    if (fault)
        return fault;
    if (h.fortran)
        return "the array is in Fortran order; save numpy.ascontiguousarray(array)";
    size_t need, there = length - (size_t)(data - bytes);
    npy->count = 1;
    for (int i = 0; i < npy->dimensions; i++)
        if (__builtin_mul_overflow(npy->count, npy->shape[i], &npy->count))
            return "the shape in the header is too large";
    if (__builtin_mul_overflow(npy->count, number_size(type), &need))
        return "the shape in the header is too large";
    if (there < need)
        return arena_printf(arena,
                            "the file is cut short: %zu bytes of data, but its shape needs %zu",
                            there, need);
    if (there > need)
        return arena_printf(arena, "%zu bytes follow the data that the shape needs", there - need);
    double *values = ARENA_ARRAY(arena, double, npy->count);
    number_read(type, data, npy->count, values);
    npy->values = values;
    return NULL;
}

/* Header as numpy.save writes it: version 1, padded so that the data starts at a multiple of 64. */
static void add_header(struct str *file, const char *descr, int dimensions, const size_t *shape)
{
    struct str text = {0};
    str_addf(&text, "{'descr': '%s', 'fortran_order': False, 'shape': (", descr);
    for (int i = 0; i < dimensions; i++)
        str_addf(&text, i ? ", %zu" : "%zu", shape[i]);
    str_add(&text, dimensions == 1 ? ",), }" : "), }");
    while ((10 + text.length + 1) % 64)
        str_add(&text, " ");
    str_add(&text, "\n");
    const unsigned char lead[10] = {0x93,
                                    'N',
                                    'U',
                                    'M',
                                    'P',
                                    'Y',
                                    1,
                                    0,
                                    (unsigned char)(text.length & 0xff),
                                    (unsigned char)(text.length >> 8)};
    str_add_bytes(file, lead, sizeof lead);
    str_add_bytes(file, text.text, text.length);
    str_free(&text);
}

static int write_array(const char *path, const char *descr, size_t size, int dimensions,
                       const size_t *shape, const void *values)
{
    _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values are written as they lie");
    size_t bytes = size;
    for (int i = 0; i < dimensions; i++)
        bytes *= shape[i];
    struct str file = {0};
    add_header(&file, descr, dimensions, shape);
    str_add_bytes(&file, values, bytes);
    int error = fs_write(path, file.text, file.length);
    str_free(&file);
    return error;
}

int npy_write_f64(const char *path, int dimensions, const size_t *shape, const double *values)
{
    return write_array(path, "<f8", sizeof *values, dimensions, shape, values);
}

int npy_write_i32(const char *path, int dimensions, const size_t *shape, const int32_t *values)
{
    return write_array(path, "<i4", sizeof *values, dimensions, shape, values);
}
