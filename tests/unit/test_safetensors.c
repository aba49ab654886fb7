/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/testing.h"

#include "compiler/model/safetensors.h"

/* Parses a copy of exactly that length, so that the address sanitizer sees a read past the end. */
static const char *parse(struct scratch *s, const void *bytes, size_t length,
                         struct safetensors *file)
{
    unsigned char *copy = malloc(length ? length : 1);
    memcpy(copy, bytes, length);
    const char *fault = safetensors_parse(&s->arena, copy, length, file);
    for (size_t i = 0; !fault && i < file->count; i++) { /* all of its data can be read */
        const struct safetensors_tensor *tensor = &file->tensors[i];
        double *values = ARENA_ARRAY(&s->arena, double, tensor->count);
        if (tensor->type != NUMBER_OTHER)
            number_read(tensor->type, tensor->bytes, tensor->count, values);
    }
    free(copy);
    return fault;
}

static const char *parse_header(struct scratch *s, const char *header, size_t data)
{
    static const char zeros[64];
    struct str file = {0};
    const unsigned char length[8] = {(unsigned char)(strlen(header) & 0xff),
                                     (unsigned char)(strlen(header) >> 8)};
    str_add_bytes(&file, length, 8);
    str_add(&file, header);
    str_add_bytes(&file, zeros, data);
    struct safetensors parsed;
    const char *fault = parse(s, file.text, file.length, &parsed);
    str_free(&file);
    return fault;
}

static void test_reads(void **state)
{
    struct scratch *s = *state;
    struct tensor_writer writer = {0};
    static const float k[] = {1.5f, -2, 0, 4};
    static const int64_t indices[] = {3, 1};
    tensor_writer_note(&writer, "{\"n\":\"2\",\"solver\":\"euler\"}");
    tensor_writer_add(&writer, "K", "F32", "[2,2]", k, sizeof k);
    tensor_writer_add(&writer, "K.indices", "I64", "[2]", indices, sizeof indices);
    tensor_writer_add(&writer, "one", "BF16", "[]", "\x80\x3f", 2);
    tensor_writer_add(&writer, "none", "F16", "[0,5]", "", 0);
    tensor_writer_add(&writer, "flags", "BOOL", "[3]", "abc", 3);
    struct str bytes = tensor_writer_take(&writer);
    struct safetensors file;
    assert_null(
        safetensors_parse(&s->arena, (const unsigned char *)bytes.text, bytes.length, &file));
    assert_int_equal(file.count, 5);
    assert_string_equal(file.tensors[0].name, "K");
    assert_int_equal(file.tensors[0].type, NUMBER_F32);
    assert_int_equal(file.tensors[0].dimensions, 2);
    assert_int_equal(file.tensors[0].count, 4);
    double values[4];
    number_read(NUMBER_F32, file.tensors[0].bytes, 4, values);
    assert_true(values[0] == 1.5 && values[1] == -2 && values[3] == 4);
    number_read(file.tensors[1].type, file.tensors[1].bytes, 2, values);
    assert_true(values[0] == 3 && values[1] == 1);
    assert_int_equal(file.tensors[2].dimensions, 0);
    assert_int_equal(file.tensors[2].count, 1);
    assert_int_equal(file.tensors[3].count, 0);
    assert_int_equal(file.tensors[4].type, NUMBER_OTHER);
    assert_string_equal(file.tensors[4].dtype, "BOOL");
    assert_int_equal(file.note_count, 2);
    assert_string_equal(file.notes[1].key, "solver");
    assert_string_equal(file.notes[1].value, "euler");
    str_free(&bytes);
}

static const struct {
    const char *header;
    size_t data;
    const char *fault;
} faults[] = {
    {"[]", 0, "its header is not a JSON object"},
    {"{", 0, "its header is not JSON: string or '}' expected near end of file (byte 1)"},
    {"{\"a\":{},\"a\":{}}", 0,
     "its header is not JSON: duplicate object key near '\"a\"' (byte 11)"},
    {"{} x", 0, "its header is not JSON: end of file expected near 'x' (byte 4)"},
    {"{\"a\":1}", 0, "tensor \"a\" has no dtype"},
    {"{\"a\":{\"dtype\":7}}", 0, "tensor \"a\" has no dtype"},
    {"{\"a\":{\"dtype\":\"F32\"}}", 0, "tensor \"a\" has no shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4,
     "tensor \"a\" has a shape that is not whole numbers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", 4,
     "tensor \"a\" has a shape that is not whole numbers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4,
     "tensor \"a\" has more than 8 dimensions"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 4,
     "tensor \"a\" has too large a shape"},
    {"{\"a\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]}}", 4,
     "tensor \"a\" has too large a shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4,
     "tensor \"a\" has no data_offsets [begin, end]"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4,
     "tensor \"a\" has no data_offsets [begin, end]"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", 4,
     "tensor \"a\" has no data_offsets [begin, end]"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 8,
     "tensor \"a\" has no data_offsets [begin, end]"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 7,
     "tensor \"a\" ends at byte 8, but only 7 bytes of data are there"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 8,
     "tensor \"a\" has 4 bytes, but its shape needs 8"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
     "\"b\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[6,10]}}",
     12, "tensors \"a\" and \"b\" overlap"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
     "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
     12, "tensors \"a\" and \"b\" overlap"},
    {"{\"__metadata__\":[]}", 0, "\"__metadata__\" in the header is not an object"},
    {"{\"__metadata__\":{\"n\":2}}", 0, "\"__metadata__\" holds \"n\", which is not a string"},
};

static void test_faults(void **state)
{
    struct scratch *s = *state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const char *fault = parse_header(s, faults[i].header, faults[i].data);
        assert_non_null(fault);
        assert_string_equal(fault, faults[i].fault);
    }
}

static void test_accepts_gaps_and_padding(void **state)
{
    struct scratch *s = *state;
    assert_null(parse_header(s, "{}", 0));
    assert_null(parse_header(s, "{}      ", 5));
    assert_null(parse_header(s,
                             "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                             "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                             "\"e\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[2,2]}}  ",
                             12));
}

static void test_header_length(void **state)
{
    struct scratch *s = *state;
    struct safetensors file;
    assert_string_equal(parse(s, "\2\0\0\0\0\0\0", 7, &file),
                        "the file is shorter than the 8 bytes that begin every safetensors file");
    assert_string_equal(parse(s, "\3\0\0\0\0\0\0\0{}", 10, &file),
                        "its header should be 3 bytes long, but only 2 are there");
    assert_string_equal(parse(s, "\1\0\0\1\0\0\0\0{}", 10, &file),
                        "its header would be 16777217 bytes long; more than 16777216 are not read");
    assert_string_equal(
        parse(s, "\xff\xff\xff\xff\xff\xff\xff\xff{}", 10, &file),
        "its header would be 18446744073709551616 bytes long; more than 16777216 are not read");
}

static void test_cut_anywhere(void **state)
{
    struct scratch *s = *state;
    struct tensor_writer writer = {0};
    tensor_writer_add(&writer, "a", "F16", "[3]", "abcdef", 6);
    tensor_writer_add(&writer, "b", "F32", "[1]", "abcd", 4);
    struct str bytes = tensor_writer_take(&writer);
    struct safetensors file;
    for (size_t length = 0; length < bytes.length; length++)
        assert_non_null(parse(s, bytes.text, length, &file));
    assert_null(parse(s, bytes.text, bytes.length, &file));
    str_free(&bytes);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_reads),         TEST(test_faults),       TEST(test_accepts_gaps_and_padding),
        TEST(test_header_length), TEST(test_cut_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
