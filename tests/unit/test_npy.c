/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/testing.h"

#include <math.h>

#include "compiler/base/npy.h"
#include "compiler/base/numbers.h"

/* A version 1 file with this header text and data. */
static struct str make(const char *header, const void *data, size_t length)
{
    struct str file = {0};
    size_t size = strlen(header);
    const unsigned char lead[] = {0x93,
                                  'N',
                                  'U',
                                  'M',
                                  'P',
                                  'Y',
                                  1,
                                  0,
                                  (unsigned char)(size & 0xff),
                                  (unsigned char)(size >> 8)};
    str_add_bytes(&file, lead, sizeof lead);
    str_add(&file, header);
    str_add_bytes(&file, data, length);
    return file;
}

/* Parses a copy of exactly that length, so that the address sanitizer sees a read past the end. */
static const char *parse(struct scratch *s, const void *bytes, size_t length, struct npy *npy)
{
    unsigned char *copy = malloc(length ? length : 1);
    memcpy(copy, bytes, length);
    const char *fault = npy_parse(&s->arena, copy, length, npy);
    free(copy);
    return fault;
}

static void test_types(void **state)
{
    struct scratch *s = *state;
    static const struct {
        const char *descr;
        unsigned char bytes[16];
        double values[2];
    } cases[] = {
        {"<f8", {0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0}, {1.5, -2}},
        {"<f4", {0, 0, 0x80, 0x3e, 0xcd, 0xcc, 0xcc, 0x3d}, {0.25, (double)0.1f}},
        {"<f2", {0x00, 0x3e, 0x01, 0x80}, {1.5, -0x1p-24}},
        {"|i1", {0x80, 0x7f}, {-128, 127}},
        {"<i2", {0xff, 0xff, 0x00, 0x01}, {-1, 256}},
        {"<i4", {0xfe, 0xff, 0xff, 0xff, 1, 0, 0, 0}, {-2, 1}},
        {"<i8", {0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1}, {-3, 0x1p32}},
        {"|u1", {0xff, 1}, {255, 1}},
        {"<u2", {0xff, 0xff, 2, 0}, {65535, 2}},
        {"<u4", {0xff, 0xff, 0xff, 0xff, 3}, {4294967295.0, 3}},
        {"<u8", {0, 0, 0, 0, 0, 0, 0, 0x80, 4}, {0x1p63, 4}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char header[128];
        snprintf(header, sizeof header,
                 "{'descr': '%s', 'fortran_order': False, 'shape': (2,), }\n", cases[i].descr);
        size_t size = (size_t)(cases[i].descr[2] - '0');
        struct str file = make(header, cases[i].bytes, 2 * size);
        struct npy npy;
        const char *fault = parse(s, file.text, file.length, &npy);
        assert_null(fault);
        assert_int_equal(npy.dimensions, 1);
        assert_int_equal(npy.shape[0], 2);
        assert_int_equal(npy.count, 2);
        assert_true(npy.values[0] == cases[i].values[0]);
        assert_true(npy.values[1] == cases[i].values[1]);
        str_free(&file);
    }
}

/* Recorded with numpy: numpy.array(pattern, "<u2").view("<f2").astype("<f8"). */
static void test_half_floats(void **state)
{
    (void)state;
    static const struct {
        uint16_t pattern;
        double value;
    } cases[] = {
        {0x0000, 0.0},
        {0x0001, 0x1p-24},
        {0x03ff, 1023 * 0x1p-24},
        {0x0400, 0x1p-14},
        {0x3555, 0.333251953125},
        {0x3c00, 1},
        {0x3c01, 1.0009765625},
        {0x4248, 3.140625},
        {0x7bff, 65504},
        {0xbc00, -1},
        {0xc000, -2},
        {0xfbff, -65504},
        {0x8001, -0x1p-24},
        {0x7c00, HUGE_VAL},
        {0xfc00, -HUGE_VAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned char bytes[] = {(unsigned char)(cases[i].pattern & 0xff),
                                 (unsigned char)(cases[i].pattern >> 8)};
        double value;
        number_read(NUMBER_F16, bytes, 1, &value);
        assert_true(value == cases[i].value);
    }
    double value;
    number_read(NUMBER_F16, (const unsigned char *)"\x00\x7e", 1, &value);
    assert_true(isnan(value));
    number_read(NUMBER_F16, (const unsigned char *)"\x00\x80", 1, &value);
    assert_true(value == 0 && signbit(value));
}

static void test_bfloat16(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0x80, 0x3f, 0x49, 0x40, 0x00, 0xc0,
                                          0x80, 0x7f, 0x01, 0x00, 0xc0, 0x7f};
    double values[6];
    number_read(NUMBER_BF16, bytes, 6, values);
    assert_true(values[0] == 1 && values[1] == 3.140625 && values[2] == -2);
    assert_true(values[3] == HUGE_VAL && values[4] == 0x1p-133 && isnan(values[5]));
}

static void test_header_forms(void **state)
{
    struct scratch *s = *state;
    static const char *const headers[] = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }   \n",
        "{'shape': (1, 2), 'descr': '<f4', 'fortran_order': False}",
        "{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(1,2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 2L,), }\n",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        struct str file = make(headers[i], "\0\0\200\77\0\0\0\100", 8);
        struct npy npy;
        assert_null(parse(s, file.text, file.length, &npy));
        assert_int_equal(npy.dimensions, 2);
        assert_int_equal(npy.shape[1], 2);
        assert_true(npy.values[0] == 1 && npy.values[1] == 2);
        str_free(&file);
    }
    struct str scalar = make("{'descr': '|u1', 'fortran_order': False, 'shape': (), }\n", "\7", 1);
    struct npy npy;
    assert_null(parse(s, scalar.text, scalar.length, &npy));
    assert_int_equal(npy.dimensions, 0);
    assert_true(npy.count == 1 && npy.values[0] == 7);
    str_free(&scalar);

    /* version 2: four bytes of header length */
    static const char text[] = "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 3), }";
    struct str file = {0};
    str_add_bytes(&file, "\x93NUMPY\2\0", 8);
    str_add_bytes(&file, (const char[]){sizeof text - 1, 0, 0, 0}, 4);
    str_add(&file, text);
    assert_null(parse(s, file.text, file.length, &npy));
    assert_int_equal(npy.count, 0);
    str_free(&file);
}

static const struct {
    const char *header;
    size_t data;
    const char *fault;
} faults[] = {
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", 23,
     "the file is cut short: 23 bytes of data, but its shape needs 24"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", 25,
     "1 bytes follow the data that the shape needs"},
    {"{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n", 24,
     "the array is in Fortran order; save numpy.ascontiguousarray(array)"},
    {"{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }\n", 8,
     "the numbers are big endian; save array.astype(\"<f8\")"},
    {"{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }\n", 1,
     "numbers of type \"|b1\" are not read; save array.astype(\"<f4\")"},
    {"{'descr': '|f4', 'fortran_order': False, 'shape': (1,), }\n", 4,
     "numbers of type \"|f4\" are not read; save array.astype(\"<f4\")"},
    {"{'descr': '', 'fortran_order': False, 'shape': (1,), }\n", 4,
     "numbers of type \"\" are not read; save array.astype(\"<f4\")"},
    {"{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }\n", 4,
     "the array has fields (a structured type); save each field by itself"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }\n", 8,
     "the shape in the header is too large"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952, 2), }\n", 8,
     "the shape in the header is too large"},
    {"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }\n", 8,
     "the shape in the header is too large"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1), }\n", 4,
     "the array has more than 4 dimensions"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }\n", 4,
     "the shape in the header cannot be read"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1", 4,
     "the shape in the header cannot be read"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': 1, }", 4, "the header has no shape"},
    {"{'descr': '<f4', 'fortran_order': False, }", 4,
     "the header lacks one of descr, fortran_order and shape"},
    {"{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", 4,
     "the order in the header cannot be read"},
    {"{'descr': 4, 'fortran_order': False, 'shape': (1,)}", 4,
     "the type in the header cannot be read"},
    {"{'descr': '<f4, 'fortran_order': False, 'shape': (1,)}", 4, "the header cannot be read"},
    {"{'descr': '<f4', 'extra': False, 'shape': (1,)}", 4,
     "the header has a key that is none of descr, fortran_order and shape"},
    {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", 4, "the header cannot be read"},
    {"{'descr", 4, "the header cannot be read"},
    {"", 4, "the header cannot be read"},
};

static void test_faults(void **state)
{
    struct scratch *s = *state;
    static const char zeros[64];
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct str file = make(faults[i].header, zeros, faults[i].data);
        struct npy npy;
        const char *fault = parse(s, file.text, file.length, &npy);
        assert_non_null(fault);
        assert_string_equal(fault, faults[i].fault);
        str_free(&file);
    }
    struct npy npy;
    assert_string_equal(parse(s, "", 0, &npy), "this is not an NPY file");
    assert_string_equal(parse(s, "\x93NUMPX\1\0\0\0", 10, &npy), "this is not an NPY file");
    assert_string_equal(parse(s, "\x93NUMPY\4\0\0\0", 10, &npy),
                        "the NPY format has versions 1 to 3, this is another one");
    assert_string_equal(parse(s, "\x93NUMPY\2\0\0\0", 10, &npy), "the file ends within its header");
    assert_string_equal(parse(s, "\x93NUMPY\2\0\xff\xff\xff\xff", 12, &npy),
                        "the file ends within its header");
    assert_string_equal(parse(s, "\x93NUMPY\1\0\1\0", 10, &npy), "the file ends within its header");
}

/* Every file that is cut short is refused, wherever the cut is. */
static void test_cut_anywhere(void **state)
{
    struct scratch *s = *state;
    struct str file =
        make("{'descr': '<f2', 'fortran_order': False, 'shape': (2, 1), }\n", "abcd", 4);
    struct npy npy;
    for (size_t length = 0; length < file.length; length++)
        assert_non_null(parse(s, file.text, length, &npy));
    assert_null(parse(s, file.text, file.length, &npy));
    str_free(&file);
}

/* The bytes are those of numpy.save for the same arrays (numpy 1.24). */
static void test_written_as_numpy_writes(void **state)
{
    struct scratch *s = *state;
    const char *path = fs_join(&s->arena, s->folder, "a.npy");
    static const double values[] = {1, -2, 0.5, 3, 4, 5};
    assert_int_equal(npy_write_f64(path, 2, (const size_t[]){2, 3}, values), 0);
    char *text;
    size_t length;
    assert_int_equal(fs_read_text(&s->arena, path, 4096, &text, &length), 0);
    assert_int_equal(length, 128 + sizeof values);
    static const char header[] = "\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, "
                                 "'shape': (2, 3), }";
    assert_memory_equal(text, header, sizeof header - 1);
    for (size_t i = sizeof header - 1; i < 127; i++)
        assert_int_equal(text[i], ' ');
    assert_int_equal(text[127], '\n');
    struct npy npy;
    assert_null(parse(s, text, length, &npy));
    assert_memory_equal(npy.values, values, sizeof values);

    static const int32_t whole[] = {-1, 7, 1 << 30};
    assert_int_equal(npy_write_i32(path, 1, (const size_t[]){3}, whole), 0);
    assert_int_equal(fs_read_text(&s->arena, path, 4096, &text, &length), 0);
    assert_int_equal(length, 128 + sizeof whole);
    assert_non_null(strstr(text + 10, "'descr': '<i4'"));
    assert_non_null(strstr(text + 10, "'shape': (3,), }"));
    assert_null(parse(s, text, length, &npy));
    assert_true(npy.values[0] == -1 && npy.values[2] == (double)(1 << 30));
    assert_true(npy_write_f64("/nonexistent/x.npy", 1, (const size_t[]){3}, values) < 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_types),
        TEST(test_half_floats),
        TEST(test_bfloat16),
        TEST(test_header_forms),
        TEST(test_faults),
        TEST(test_cut_anywhere),
        TEST(test_written_as_numpy_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
