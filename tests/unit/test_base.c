/* SPDX-License-Identifier: Apache-2.0
 *
 * The small parts of compiler/base: arena, strings, source places, hashes, JSON, PNG.
 */
#include "tests/unit/testing.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <png.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/base/hash.h"
#include "compiler/base/json.h"
#include "compiler/base/png_file.h"

/* Zeroed, aligned, apart from each other, and still there after many more. */
static void test_arena_objects(void **state)
{
    (void)state;
    enum { OBJECTS = 400, LARGE = 200 * 1024 };
    struct arena arena = {0};
    unsigned char *objects[OBJECTS];
    size_t sizes[OBJECTS];
    for (size_t i = 0; i < OBJECTS; i++) {
        sizes[i] = i % 40 == 39 ? LARGE + i : (i * 37) % 3000;
        objects[i] = arena_alloc(&arena, sizes[i], 1);
        assert_non_null(objects[i]);
        assert_int_equal((uintptr_t)objects[i] % 16, 0);
        for (size_t b = 0; b < sizes[i]; b++)
            assert_int_equal(objects[i][b], 0);
        memset(objects[i], (int)(i % 255 + 1), sizes[i]);
    }
    for (size_t i = 0; i < OBJECTS; i++)
        for (size_t b = 0; b < sizes[i]; b++)
            assert_int_equal(objects[i][b], i % 255 + 1);
    arena_free(&arena);
    assert_null(arena.blocks);
    assert_int_equal(*ARENA_NEW(&arena, int), 0); /* it can be used again */
    arena_free(&arena);
}

/* A large object does not end the block that still has room. */
static void test_arena_keeps_block(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *first = arena_alloc(&arena, 16, 1);
    arena_alloc(&arena, 1 << 20, 1);
    char *second = arena_alloc(&arena, 16, 1);
    assert_ptr_equal(second, first + 16);
    arena_free(&arena);
}

/* A list that grows: nothing is lost, the end is zero, and old places stay as they were. */
static void test_arena_grow(void **state)
{
    (void)state;
    struct arena arena = {0};
    const char **list = NULL, **before = NULL;
    size_t room = 0, moves = 0, written = 0;
    static const char *const names[] = {"a", "b", "c"};
    for (size_t count = 0; count < 1000; count++) {
        const char **now = arena_grow(&arena, list, count, &room, sizeof *list);
        assert_true(room > count);
        assert_true((now == list) == (count > 0 && count != written));
        if (now != list) {
            before = list;
            moves++;
            written = room; /* the next move is there */
        }
        list = now;
        for (size_t k = count; k <= room; k++) /* one more than the room */
            assert_null(list[k]);
        list[count] = names[count % 3];
        assert_null(list[count + 1]);
        assert_true(!before || !count || before[0] == names[0]);
    }
    assert_int_equal(moves, 8); /* 8, 16, .. 1024 */
    for (size_t k = 0; k < 1000; k++)
        assert_ptr_equal(list[k], names[k % 3]);

    struct {
        char text[24];
        int number;
    } *things = NULL;
    size_t count = 0;
    room = 0;
    for (; count < 40; count++) {
        ARENA_GROW(&arena, things, count, room);
        things[count].number = (int)count;
        snprintf(things[count].text, sizeof things[count].text, "thing %zu", count);
    }
    assert_int_equal(room, 64);
    assert_int_equal(things[0].number + things[39].number, 39);
    assert_string_equal(things[17].text, "thing 17");
    arena_free(&arena);
}

static void test_arena_texts(void **state)
{
    (void)state;
    struct arena arena = {0};
    char text[] = "oscillator";
    char *copy = arena_strdup(&arena, text), *part = arena_strndup(&arena, text, 3);
    memset(text, 'x', sizeof text - 1);
    assert_string_equal(copy, "oscillator");
    assert_string_equal(part, "osc");
    char *long_text = arena_printf(&arena, "%5000d|%s", 7, "end");
    assert_int_equal(strlen(long_text), 5004);
    assert_string_equal(long_text + 4999, "7|end");
    arena_free(&arena);
}

/* What cannot be had ends the program with 70 and says so. */
static void test_arena_out_of_memory(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{SIZE_MAX / 8, 16}, {SIZE_MAX, 1}, {2, SIZE_MAX / 2}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (!child) {
            struct arena arena = {0};
            if (!freopen("/dev/null", "w", stderr))
                _exit(1);
            _exit(arena_alloc(&arena, sizes[i][0], sizes[i][1]) ? 0 : 1);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 70);
    }
}

static void test_str_grows(void **state)
{
    (void)state;
    struct str str = {0};
    assert_string_equal(str_text(&str), "");
    str_add_bytes(&str, "", 0);
    assert_string_equal(str.text, "");
    for (int i = 0; i < 500; i++)
        str_addf(&str, "%d,", i % 10);
    str_add_bytes(&str, "a\0b", 3);
    assert_int_equal(str.length, 1003);
    assert_int_equal(memcmp(str.text + 990, "5,6,7,8,9,a\0b\0", 14), 0);
    str_free(&str);
    assert_string_equal(str_text(&str), "");
    assert_int_equal(str.length, 0);
}

static const char *number_text(struct arena *arena, double value,
                               void (*add)(struct str *str, double value))
{
    struct str str = {0};
    add(&str, value);
    char *text = arena_strdup(arena, str_text(&str));
    str_free(&str);
    return text;
}

static void test_numbers(void **state)
{
    struct scratch *s = *state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-2.5, "-2.5"},
        {0.1, "0.1"},
        {1e6, "1000000"},
        {123456789012345, "123456789012345"},
        {1e15, "1e+15"},
        {1e-5, "1e-05"},
        {1.0 / 3, "0.333333333333333"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(number_text(&s->arena, cases[i].value, str_add_number), cases[i].text);
}

/* The same double comes back, and no digit is there for nothing. */
static void test_exact_numbers(void **state)
{
    struct scratch *s = *state;
    static const double edges[] = {
        0.1,  1.0 / 3,    DBL_MIN, DBL_MAX, DBL_TRUE_MIN, 5e-323, -0.0, 1e23, 9007199254740993.0,
        M_PI, DBL_EPSILON};
    uint64_t bits = 88172645463325252u;
    for (size_t i = 0; i < 20000; i++) {
        double value;
        if (i < sizeof edges / sizeof *edges) {
            value = edges[i];
        } else {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            /* one in four is denormal */
            uint64_t pattern = i % 4 ? bits : bits & 0x800fffffffffffffu;
            memcpy(&value, &pattern, sizeof value);
        }
        if (!isfinite(value))
            continue;
        const char *text = number_text(&s->arena, value, str_add_exact);
        double back = strtod(text, NULL);
        assert_memory_equal(&back, &value, sizeof value);
        if (i % 1000 == 999) {
            arena_free(&s->arena);
        }
    }
    assert_string_equal(number_text(&s->arena, 0.1, str_add_exact), "0.1");
    assert_string_equal(number_text(&s->arena, 0.1 + 0.2, str_add_exact), "0.30000000000000004");
    assert_string_equal(number_text(&s->arena, 1.0 / 3, str_add_exact), "0.3333333333333333");
}

static void test_edit_distance(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {{"", "", 0},
                 {"", "abc", 3},
                 {"kitten", "sitting", 3},
                 {"Phase", "phase", 0},
                 {"oscilators", "oscillators", 1},
                 {"abcd", "badc", 3},
                 {"ab", "ba", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(str_edit_distance(cases[i].a, cases[i].b), cases[i].distance);
        assert_int_equal(str_edit_distance(cases[i].b, cases[i].a), cases[i].distance);
    }
    /* beyond 64 letters the words are simply far apart */
    char long_word[101];
    memset(long_word, 'a', 100);
    long_word[100] = '\0';
    assert_int_equal(str_edit_distance(long_word, "a"), 100);
    assert_int_equal(str_edit_distance("a", long_word), 100);
    long_word[64] = '\0';
    assert_int_equal(str_edit_distance(long_word, "a"), 63);
}

static void test_nearest(void **state)
{
    (void)state;
    static const char *const words[] = {"oscillators", "conditioning", "classes", "oscc", NULL};
    static const char *const none[] = {NULL};
    assert_string_equal(str_nearest("oscilators", words), "oscillators");
    assert_string_equal(str_nearest("CLASES", words), "classes");
    assert_string_equal(str_nearest("osc", words), "oscc");
    assert_null(str_nearest("weights", words));
    assert_null(str_nearest("x", none));
    /* of two equally near ones the first */
    static const char *const twins[] = {"rate", "late", NULL};
    assert_string_equal(str_nearest("mate", twins), "rate");
}

static void expect_place(const char *text, size_t offset, size_t line, size_t column,
                         const char *line_text)
{
    struct source source = {"f", text, strlen(text)};
    struct source_place place = source_locate(&source, offset);
    assert_int_equal(place.line, line);
    assert_int_equal(place.column, column);
    assert_int_equal(place.line_length, strlen(line_text));
    assert_memory_equal(place.line_text, line_text, place.line_length);
}

static void test_source_places(void **state)
{
    (void)state;
    expect_place("", 0, 1, 1, "");
    expect_place("", 9, 1, 1, "");
    expect_place("ab\ncd\n", 0, 1, 1, "ab");
    expect_place("ab\ncd\n", 2, 1, 3, "ab"); /* the newline ends its own line */
    expect_place("ab\ncd\n", 3, 2, 1, "cd");
    expect_place("ab\ncd\n", 6, 3, 1, ""); /* the end, after the last newline */
    expect_place("ab\ncd\n", 99, 3, 1, "");
    expect_place("ab\ncd", 5, 2, 3, "cd"); /* no newline at the end */
    expect_place("ab\r\ncd\r\n", 1, 1, 2, "ab");
    expect_place("ab\r\ncd\r\n", 3, 1, 4, "ab");
    expect_place("ab\r\ncd\r\n", 4, 2, 1, "cd");
    expect_place("a\rb\r", 3, 1, 4, "a\rb"); /* only the last one belongs to the line's end */
    expect_place("\n\n\n", 2, 3, 1, "");
}

/* The vectors of FIPS 180-4's examples, as bytes and as a file. */
static void test_hash(void **state)
{
    struct scratch *s = *state;
    static const struct {
        const char *text, *hash;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char hash[HASH_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hash_bytes(cases[i].text, strlen(cases[i].text), hash);
        assert_string_equal(hash, cases[i].hash);
        const char *path = scratch_write(s, "f", cases[i].text, strlen(cases[i].text));
        assert_int_equal(hash_file(path, hash), 0);
        assert_string_equal(hash, cases[i].hash);
    }
    assert_int_equal(hash_file(fs_join(&s->arena, s->folder, "absent"), hash), -ENOENT);
    assert_int_equal(hash_file(s->folder, hash), -EISDIR);
}

static const char *read_back(struct scratch *s, const char *path)
{
    char *text;
    size_t length;
    assert_int_equal(fs_read_text(&s->arena, path, 1 << 20, &text, &length), 0);
    assert_int_equal(length, strlen(text));
    return text;
}

static void test_json(void **state)
{
    struct scratch *s = *state;
    const char *path = fs_join(&s->arena, s->folder, "x.json");
    json_t *value = json_pack("{s:f, s:[i,i], s:s}", "z", 0.1, "a", 1, 2, "m", "\xc3\xa9\"\n");
    assert_int_equal(json_write(path, value, 0), 0);
    assert_string_equal(read_back(s, path), "{\n  \"z\": 0.1,\n  \"a\": [\n    1,\n    2\n  ],\n"
                                            "  \"m\": \"\xc3\xa9\\\"\\n\"\n}\n");
    value = json_pack("{s:i, s:i}", "b", 1, "a", 2);
    assert_int_equal(json_write(path, value, JSON_SORT_KEYS), 0);
    assert_string_equal(read_back(s, path), "{\n  \"a\": 2,\n  \"b\": 1\n}\n");
    /* what is not JSON leaves the file as it was */
    assert_int_equal(json_write(path, NULL, 0), -EINVAL);
    assert_string_equal(read_back(s, path), "{\n  \"a\": 2,\n  \"b\": 1\n}\n");
    assert_int_equal(json_write("/dev/full", json_integer(1), JSON_ENCODE_ANY), -ENOSPC);
}

static void test_json_string(void **state)
{
    (void)state;
    struct str str = {0};
    str_add(&str, "name: ");
    json_add_string(&str, "a \"b\" \\ \t\x01 \xc3\xa9");
    assert_string_equal(str.text, "name: \"a \\\"b\\\" \\\\ \\t\\u0001 \xc3\xa9\"");
    str_free(&str);
    /* bytes that are not UTF-8 still give a string */
    json_add_string(&str, "caf\xe9");
    assert_string_equal(str_text(&str), "\"caf?\"");
    str_free(&str);
}

/* libpng's own reader sees the pixels that were given; the same pixels give the same bytes. */
static void test_png(void **state)
{
    struct scratch *s = *state;
    enum { WIDTH = 13, HEIGHT = 7, BYTES = 3 * WIDTH * HEIGHT };
    uint8_t pixels[BYTES], back[BYTES];
    for (size_t i = 0; i < BYTES; i++)
        pixels[i] = (uint8_t)(i * 7 + i / 39);
    const char *path = fs_join(&s->arena, s->folder, "x.png");
    assert_int_equal(png_file_write(path, pixels, WIDTH, HEIGHT), 0);
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_file(&image, path));
    assert_int_equal(image.width, WIDTH);
    assert_int_equal(image.height, HEIGHT);
    image.format = PNG_FORMAT_RGB;
    assert_true(png_image_finish_read(&image, NULL, back, 0, NULL));
    assert_memory_equal(back, pixels, BYTES);

    char before[HASH_TEXT], after[HASH_TEXT];
    assert_int_equal(hash_file(path, before), 0);
    assert_int_equal(png_file_write(path, pixels, WIDTH, HEIGHT), 0);
    assert_int_equal(hash_file(path, after), 0);
    assert_string_equal(before, after);
    pixels[BYTES - 1] ^= 1;
    assert_int_equal(png_file_write(path, pixels, WIDTH, HEIGHT), 0);
    assert_int_equal(hash_file(path, after), 0);
    assert_string_not_equal(before, after);

    assert_int_equal(png_file_write(path, pixels, 0, HEIGHT), -EINVAL);
    assert_int_equal(png_file_write("/dev/full", pixels, WIDTH, HEIGHT), -ENOSPC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_objects),
        cmocka_unit_test(test_arena_keeps_block),
        cmocka_unit_test(test_arena_grow),
        cmocka_unit_test(test_arena_texts),
        cmocka_unit_test(test_arena_out_of_memory),
        cmocka_unit_test(test_str_grows),
        cmocka_unit_test_setup_teardown(test_numbers, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_exact_numbers, scratch_setup, scratch_teardown),
        cmocka_unit_test(test_edit_distance),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_source_places),
        cmocka_unit_test_setup_teardown(test_hash, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_json, scratch_setup, scratch_teardown),
        cmocka_unit_test(test_json_string),
        cmocka_unit_test_setup_teardown(test_png, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
