/* SPDX-License-Identifier: Apache-2.0
 *
 * The checker checked: a chip folder with one thing wrong must not pass verification. Each mutation
 * changes one file of an untouched chip of examples/digits by as little as that kind of fault can
 * be.
 */
#include "spice/under_test.h"
#include "tests/circuit/chip_fixture.h"

enum { SAMPLES = 4 };

static int set_up(void **state)
{
    *state = fixture_make(OSCC_EXAMPLES "/digits/model.yaml", "generic");
    return 0;
}

static bool passes(struct fixture *f, enum model_level level, const char *what)
{
    return fixture_passes(f, level, SAMPLES, what);
}

/* Flips bits of the word at an address of the weight memory. */
static void flip_word(const struct file *file, size_t address, unsigned bits)
{
    char *copy = strdup(file->text), *line = copy, word[8];
    for (size_t at = 0; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
        if (*line == '@' || *line == '/' || !*line || at++ != address)
            continue;
        snprintf(word, sizeof word, "%04x", (unsigned)strtoul(line, NULL, 16) ^ bits);
        memcpy(line, word, 4);
        break;
    }
    assert_non_null(line);
    assert_int_equal(fs_write(file->path, copy, file->length), 0);
    free(copy);
}

static void expect_caught(struct fixture *f, const struct file *file, enum model_level level,
                          const char *what)
{
    assert_false(passes(f, level, what));
    fixture_put_back(file);
}

static void test_untouched_passes(void **state)
{
    assert_true(passes(*state, MODEL_LEVEL_PHASE, "nothing"));
    assert_true(passes(*state, MODEL_LEVEL_CELL, "nothing"));
}

/* Single codes: couplings in rows spread over the array, drives of a sampled class, trims. */
static void test_codes(void **state)
{
    struct fixture *f = *state;
    struct file memory = fixture_read(f, "verilog/weights.hex");
    struct under_test *chip = under_test_read(&f->arena, f->folder, &f->diags);
    assert_non_null(chip);
    for (int level = MODEL_LEVEL_PHASE; level <= MODEL_LEVEL_CELL; level++) {
        for (int row = 5; row < chip->n; row += 29) {
            flip_word(&memory, chip->coupling.base + chip->first[row] + 3, 1);
            expect_caught(f, &memory, (enum model_level)level,
                          arena_printf(&f->arena, "coupling of row %d, lowest bit", row));
        }
        flip_word(&memory, chip->coupling.base + chip->first[20] + 1, 0x8000);
        expect_caught(f, &memory, (enum model_level)level, "coupling of row 20, sign");
        flip_word(&memory, chip->drive.base + (size_t)chip->n + 11, 0x8000);
        expect_caught(f, &memory, (enum model_level)level, "drive of class 1, row 11, sign");
        flip_word(&memory, chip->trim.base + 40, 8);
        expect_caught(f, &memory, (enum model_level)level, "trim of oscillator 40, eight codes");
    }
}

static void test_seed(void **state)
{
    struct fixture *f = *state;
    struct file file = fixture_read(f, "chip.json");
    fixture_replace(f, &file, "\"seed\": 1", "\"seed\": 3");
    expect_caught(f, &file, MODEL_LEVEL_PHASE, "seed");
    fixture_replace(f, &file, "\"seed\": 1", "\"seed\": 3");
    expect_caught(f, &file, MODEL_LEVEL_CELL, "seed");
}

/* The array with one tile of row 12 changed to a copy of its own, in which one line of text is
 * another: a fault of a single coupler, as every tile of a size is one module. */
static void change_coupler(struct fixture *f, const struct file *array, const char *old,
                           const char *new)
{
    const char *use = strstr(array->text, "\nxweight12_0 ");
    const char *name = use ? strstr(use, "tile_weight_") : NULL;
    assert_non_null(name);
    const char *tile = arena_strndup(&f->arena, name, strcspn(name, "\n"));
    const char *size = arena_strndup(&f->arena, tile, (size_t)(strrchr(tile, '_') - tile));
    const char *start = strstr(array->text, arena_printf(&f->arena, ".subckt %s ", size));
    assert_non_null(start);
    const char *body = start + strlen(".subckt ") + strlen(size);
    const char *end = strstr(body, "\n.ends"), *line = strstr(body, old);
    assert_true(line && line < end);
    const char *after = name + strlen(size); /* "_w254", which stays */
    const char *text =
        arena_printf(&f->arena, "%.*s%s_bad%s\n.subckt %s_bad%.*s%s%.*s\n.ends\n",
                     (int)(name - array->text), array->text, size, after, size, (int)(line - body),
                     body, new, (int)(end - line - (ptrdiff_t)strlen(old)), line + strlen(old));
    assert_int_equal(fs_write(array->path, text, strlen(text)), 0);
}

/* One wire: a tile's column connected to the next row, a coupler's lines exchanged, the words of
 * another tile. */
static void test_wires(void **state)
{
    struct fixture *f = *state;
    struct file array = fixture_read(f, "spice/behavioural/array.spice");
    char *line = strstr(array.text, "\nxweight12_0 x12 y12 ");
    assert_non_null(line);
    int j;
    assert_int_equal(sscanf(line, "\nxweight12_0 x12 y12 rx%d", &j), 1);
    char *old = arena_printf(&f->arena, "\nxweight12_0 x12 y12 rx%d ry%d ", j, j);
    fixture_replace(f, &array, old,
                    arena_printf(&f->arena, "\nxweight12_0 x12 y12 rx%d ry%d ", j + 1, j + 1));
    expect_caught(f, &array, MODEL_LEVEL_CELL, "coupler on the next row");
    fixture_replace(f, &array, old,
                    arena_printf(&f->arena, "\nxweight12_0 x12 y12 ry%d rx%d ", j, j));
    expect_caught(f, &array, MODEL_LEVEL_CELL, "row lines of a coupler exchanged");
    change_coupler(f, &array, "xk0_3 b0x b0y r3x r3y", "xk0_3 b0x b0y r3y r3x");
    expect_caught(f, &array, MODEL_LEVEL_CELL, "the same within its tile");
    change_coupler(f, &array, "code={c3}", "code={c4}");
    expect_caught(f, &array, MODEL_LEVEL_CELL, "the next coupler's word");
    struct under_test *numbered = under_test_read(&f->arena, f->folder, &f->diags);
    assert_non_null(numbered);
    size_t word = numbered->coupling.base + numbered->first[12];
    fixture_replace(f, &array, arena_printf(&f->arena, "_w%zu\n", word),
                    arena_printf(&f->arena, "_w%zu\n", word + 1));
    expect_caught(f, &array, MODEL_LEVEL_CELL, "a tile with words from one address on");
    fixture_replace(f, &array, "_d16\n", "_d0\n");
    expect_caught(f, &array, MODEL_LEVEL_CELL, "a tile with another tile's drives");
    fixture_replace(f, &array, arena_printf(&f->arena, "_w%zu\n", word),
                    arena_printf(&f->arena, "_w%zu\n", numbered->words));
    expect_caught(f, &array, MODEL_LEVEL_CELL, "a tile with words that are not there");

    struct file numbers = fixture_read(f, "chip.json");
    struct under_test *chip = under_test_read(&f->arena, f->folder, &f->diags);
    /* the first source of row 0 becomes the first oscillator that does not pull on it yet */
    int other = 1;
    for (size_t s = 0; s < chip->first[1]; s++)
        other += chip->source[s] == other;
    char *row = strstr(numbers.text, "\"sources\"");
    assert_non_null(row);
    char *digit = strpbrk(row + strlen("\"sources\""), "0123456789");
    assert_int_equal(atoi(digit), chip->source[0]);
    char *changed = arena_printf(&f->arena, "%.*s%d%s", (int)(digit - numbers.text), numbers.text,
                                 other, digit + strspn(digit, "0123456789"));
    assert_int_equal(fs_write(numbers.path, changed, strlen(changed)), 0);
    expect_caught(f, &numbers, MODEL_LEVEL_PHASE, "source of a coupling");
}

/* A netlist line that is not there, a cell that is not defined, another chip's memory. */
static void test_missing_parts(void **state)
{
    struct fixture *f = *state;
    struct file array = fixture_read(f, "spice/behavioural/array.spice");
    change_coupler(f, &array, "\nxk0_3 ", "\n*xk0_3 ");
    expect_caught(f, &array, MODEL_LEVEL_CELL, "a coupler left out");
    const char *tile = strstr(array.text, "\nxweight30_0 ");
    assert_non_null(tile);
    const char *end = strstr(tile + 1, "\nx");
    fixture_replace(f, &array, arena_strndup(&f->arena, tile, (size_t)(end - tile)), "");
    expect_caught(f, &array, MODEL_LEVEL_CELL, "a tile left out");
    fixture_replace(f, &array, "\nxdrv30", "\n*xdrv30");
    expect_caught(f, &array, MODEL_LEVEL_CELL, "a driver left out");
    struct file cells = fixture_read(f, "spice/behavioural/cells.spice");
    fixture_replace(f, &cells, ".subckt driver", ".subckt drover");
    expect_caught(f, &cells, MODEL_LEVEL_CELL, "a cell that is not defined");
    struct file memory = fixture_read(f, "verilog/weights.hex");
    fixture_replace(f, &memory, "\n", "\n0000\n");
    expect_caught(f, &memory, MODEL_LEVEL_PHASE, "one word too many");
    /* only a missing file is noticed before the simulation */
    assert_int_equal(remove(memory.path), 0);
    expect_caught(f, &memory, MODEL_LEVEL_PHASE, "no memory image");
    assert_true(passes(f, MODEL_LEVEL_PHASE, "all put back"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_untouched_passes),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_seed),
        cmocka_unit_test(test_wires),
        cmocka_unit_test(test_missing_parts),
    };
    return cmocka_run_group_tests(tests, set_up, fixture_tear_down);
}
