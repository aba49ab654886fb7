/* SPDX-License-Identifier: Apache-2.0
 *
 * The circuit under test as it is read from the chip folder: what is there comes back, and whatever
 * is missing, of the wrong kind or in contradiction is said.
 */
#include "tests/unit/testing.h"

#include <jansson.h>

#include "compiler/sample/sample.h"
#include "netlist/chip_folder.h"
#include <math.h>

#include "spice/under_test.h"

static const char *const hand = "oscc: 1\nname: hand\noscillators: 3\nconditioning: 2\nclasses: 2\n"
                                "dynamics:\n  weights:\n"
                                "    K: [[0, 0.75, 0], [-1.5, 0, 0.5], [0, 0, 0]]\n"
                                "    omega: [0.5, -1, 0.25]\n    omega_cond: [0, 1.27]\n"
                                "    K_cond: [[0, 0.3], [-0.6, 0]]\n"
                                "    K_drive: [[[1, 0], [0, 0], [2, -1]], "
                                "[[-3, 0], [0, 1], [0, 0]]]\n"
                                "chip: {seed: 77, phase_bits: 7, readout_bits: 5}\n";

static struct chip *make_chip(struct scratch *s, const char *path)
{
    struct model *model = model_load(&s->arena, path, &s->diags);
    assert_non_null(model);
    struct chip *chip = map_model(&s->arena, model, pdk_find("generic"), NULL, NULL, &s->diags);
    assert_non_null(chip);
    assert_true(netlist_write_chip(&s->arena, chip, s->folder, "test", &s->diags));
    expect_no_diags(&s->diags);
    return chip;
}

static struct chip *make_hand(struct scratch *s)
{
    struct arena arena = {0};
    char folder[] = "/tmp/oscc-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *path = fs_join(&arena, folder, "model.yaml");
    assert_int_equal(fs_write(path, hand, strlen(hand)), 0);
    struct chip *chip = make_chip(s, path);
    assert_int_equal(fs_remove_tree(folder), 0);
    arena_free(&arena);
    return chip;
}

static struct under_test *read_chip(struct scratch *s)
{
    return under_test_read(&s->arena, s->folder, &s->diags);
}

static void expect_near(double value, double expected)
{
    if (!(value >= expected * (1 - 2e-15) && value <= expected * (1 + 2e-15)))
        fail_msg("%.17g is not %.17g", value, expected);
}

static void test_read(void **state)
{
    struct scratch *s = *state;
    const struct chip *chip = make_hand(s);
    const struct under_test *u = read_chip(s);
    expect_no_diags(&s->diags);
    assert_non_null(u);
    assert_string_equal(u->name, "hand");
    assert_int_equal(u->n, 3);
    assert_int_equal(u->m, 2);
    assert_int_equal(u->classes, 2);
    expect_near(u->run_s, chip->run_s);
    expect_near(u->model_time, chip->model_time);
    expect_near(u->carrier_cycles, chip->carrier_cycles);
    expect_near(u->swing_v, chip->swing_v);
    expect_near(u->coupling_lsb, chip->weight.lsb);
    expect_near(u->cond_lsb, chip->cond.lsb);
    expect_near(u->drive_lsb, chip->drive.lsb);
    expect_near(u->trim_lsb, chip->omega.lsb);
    assert_int_equal(u->phase_bits, 7);
    assert_int_equal(u->readout_bits, 5);
    assert_int_equal(u->seed, 77);
    assert_true(u->conditioning_random);
    static const size_t first[] = {0, 1, 3, 3};
    static const int32_t source[] = {1, 0, 2};
    assert_memory_equal(u->first, first, sizeof first);
    assert_memory_equal(u->source, source, sizeof source);
    assert_int_equal(u->words, 22);
    assert_memory_equal(u->word + u->trim.base, chip->trim_code, 5 * sizeof(int16_t));
    assert_memory_equal(u->word + u->coupling.base, chip->weight_code, 3 * sizeof(int16_t));
    assert_memory_equal(u->word + u->cond.base, chip->cond_code, 2 * sizeof(int16_t));
    assert_memory_equal(u->word + u->drive.base, chip->drive_code, 12 * sizeof(int16_t));
}

/* Sets the value at a path like "time.run_s" or "sources.2"; NULL takes it away. */
static void set_at(json_t *root, const char *path, json_t *value)
{
    char key[64];
    json_t *parent = root;
    for (;;) {
        size_t length = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)length, path);
        if (!path[length])
            break;
        parent = json_object_get(parent, key);
        assert_non_null(parent);
        path += length + 1;
    }
    if (json_is_array(parent)) {
        assert_int_equal(json_array_set_new(parent, (size_t)atoi(key), value), 0);
        return;
    }
    assert_non_null(json_object_get(parent, key)); /* a path that was meant to be there is */
    assert_int_equal(value ? json_object_set_new(parent, key, value) : json_object_del(parent, key),
                     0);
}

static void write_json(struct scratch *s, const json_t *root)
{
    char *text = json_dumps(root, JSON_INDENT(2));
    assert_non_null(text);
    scratch_write(s, "chip.json", text, strlen(text));
    free(text);
}

static bool has_message(const struct diags *diags, const char *message)
{
    for (size_t i = 0; i < diags->count; i++)
        if (diags->list[i].code == DIAG_CHIP_DAMAGED && diags->list[i].help &&
            !strcmp(diags->list[i].message, message))
            return true;
    return false;
}

/* chip.json with one value replaced by JSON text (NULL: taken away) must be refused. */
static void expect_damaged(struct scratch *s, const json_t *whole, const char *path,
                           const char *value, const char *message)
{
    json_t *root = json_deep_copy(whole);
    json_t *new = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
    assert_true(!value || new);
    set_at(root, path, new);
    write_json(s, root);
    json_decref(root);
    if (read_chip(s))
        fail_msg("\"%s\": %s was accepted", path, value ? value : "missing");
    if (!has_message(&s->diags, message)) {
        diag_print(&s->diags, stderr, DIAG_HUMAN, false);
        fail_msg("\"%s\": %s did not give: %s", path, value ? value : "missing", message);
    }
    diag_free(&s->diags);
}

/* A model with most couplings: all pairs, in the order of square tiles. */
static void test_square(void **state)
{
    struct scratch *s = *state;
    const struct chip *chip = make_chip(s, OSCC_EXAMPLES "/pair/model.yaml");
    const struct under_test *u = read_chip(s);
    expect_no_diags(&s->diags);
    assert_non_null(u);
    static const size_t first[] = {0, 1, 2};
    static const int32_t source[] = {1, 0};
    assert_memory_equal(u->first, first, sizeof first);
    assert_memory_equal(u->source, source, sizeof source);
    for (size_t k = 0; k < 2; k++)
        assert_int_equal(u->word[u->address[k]], chip->weight_code[k]);
    json_t *whole = json_load_file(fs_join(&s->arena, s->folder, "chip.json"), 0, NULL);
    expect_damaged(s, whole, "tile", "0", "\"tile\" is not an integer from 1 to 1048576");
    expect_damaged(s, whole, "sources", "\"some\"",
                   "\"sources\" is not a list of one row an oscillator");
    expect_damaged(s, whole, "memory.sections.coupling.count", "3",
                   "section \"coupling\" has 3 words where 2 belong");
    json_decref(whole);
}

static void test_positive_numbers(void **state)
{
    struct scratch *s = *state;
    make_hand(s);
    json_t *whole = json_load_file(fs_join(&s->arena, s->folder, "chip.json"), 0, NULL);
    static const char *const paths[] = {"time.run_s",
                                        "time.model_time",
                                        "time.carrier_cycles",
                                        "cell.swing_v",
                                        "scales.coupling.lsb_rad_per_time",
                                        "scales.conditioning.lsb_rad_per_time",
                                        "scales.drive.lsb_rad_per_time",
                                        "scales.trim.lsb_rad_per_time"};
    static const char *const values[] = {NULL, "0", "-1.5", "\"1\"", "null", "true", "[1]", "{}"};
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            expect_damaged(s, whole, paths[p], values[v],
                           arena_printf(&s->arena, "\"%s\" is not a positive number", paths[p]));
    json_decref(whole);
}

static void test_integers(void **state)
{
    struct scratch *s = *state;
    make_hand(s);
    json_t *whole = json_load_file(fs_join(&s->arena, s->folder, "chip.json"), 0, NULL);
    static const struct {
        const char *path, *below, *above, *range;
    } cases[] = {
        {"oscillators", "0", "1048577", "1 to 1048576"},
        {"conditioning", "-1", "65537", "0 to 65536"},
        {"classes", "0", "1048577", "1 to 1048576"},
        {"phase_in.bits", "0", "33", "1 to 32"},
        {"phase_out.bits", "0", "33", "1 to 32"},
        {"memory.sections.trim.base", "-1", "1073741825", "0 to 1073741824"},
        {"memory.sections.coupling.count", "-1", "1073741825", "0 to 1073741824"},
        {"memory.sections.conditioning.base", "-1", "4294967296", "0 to 1073741824"},
        {"memory.sections.drive.count", "-1", "4294967296", "0 to 1073741824"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const char *values[] = {NULL,   cases[c].below, cases[c].above, "1.5", "\"3\"",
                                "null", "true",         "[3]",          "{}"};
        const char *message = arena_printf(&s->arena, "\"%s\" is not an integer from %s",
                                           cases[c].path, cases[c].range);
        for (size_t v = 0; v < sizeof values / sizeof *values; v++)
            expect_damaged(s, whole, cases[c].path, values[v], message);
    }
    json_decref(whole);
}

static void test_other_damage(void **state)
{
    struct scratch *s = *state;
    make_hand(s);
    json_t *whole = json_load_file(fs_join(&s->arena, s->folder, "chip.json"), 0, NULL);
    json_object_set_new(whole, "weights", json_string("hardwired")); /* good, if rare */
    static const char *const version =
        "\"oscc_chip\" is not 1, the version of the chip folder that this oscc reads";
    static const char *const weights =
        "\"weights\" is not \"hardwired\", and no chip has it that is not";
    static const char *const rows = "\"sources\" is not a list of one row an oscillator";
    static const char *const name = "\"name\" is not a line of text";
    static const char *const random = "\"phase_in.conditioning_random\" is neither true nor false";
    static const char *const absent = "row 1 of \"sources\" names an oscillator that is not there";
    static const struct {
        const char *path, *value, *message;
    } cases[] = {
        {"oscc_chip", NULL, version},
        {"oscc_chip", "2", version},
        {"oscc_chip", "\"1\"", version},
        {"name", NULL, name},
        {"name", "7", name},
        {"name", "\"x\\nr1 a 0 1\"", name},
        {"phase_in.seed", NULL, "\"phase_in.seed\" is not an integer"},
        {"phase_in.seed", "1e3", "\"phase_in.seed\" is not an integer"},
        {"phase_in.conditioning_random", NULL, random},
        {"phase_in.conditioning_random", "1", random},
        {"weights", "\"soldered\"", weights},
        {"weights", "1", weights},
        {"time", NULL, "\"time.run_s\" is not a positive number"},
        {"memory", "[]", "\"memory.sections.trim.base\" is not an integer from 0 to 1073741824"},
        {"sources", NULL, rows},
        {"sources", "{}", rows},
        {"sources", "[[1], [0, 2]]", rows},
        {"sources", "[[1], [0, 2], [], []]", rows},
        {"sources.2", "null", "row 2 of \"sources\" is not a list"},
        {"sources.2", "{}", "row 2 of \"sources\" is not a list"},
        {"sources.1", "[0, 3]", absent},
        {"sources.1", "[-1, 2]", absent},
        {"sources.1", "[0, 4294967296]", absent},
        {"sources.1", "[0, 1.0]", absent},
        {"sources.1", "[0, \"2\"]", absent},
        {"sources.1", "[0]", "section \"coupling\" has 3 words where 2 belong"},
        {"sources.1", "[0, 2, 2]", "section \"coupling\" has 3 words where 4 belong"},
        {"oscillators", "2", rows},
        {"conditioning", "1", "section \"trim\" has 5 words where 4 belong"},
        {"conditioning", "0", "section \"conditioning\" has 2 words where 0 belong"},
        {"classes", "1", "section \"drive\" has 12 words where 6 belong"},
        {"classes", "1048576", "section \"drive\" has 12 words where 6291456 belong"},
        {"memory.sections.trim.count", "4", "section \"trim\" has 4 words where 5 belong"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        expect_damaged(s, whole, cases[c].path, cases[c].value, cases[c].message);
    /* a section where the memory has no words: the image says how many there are */
    json_t *root = json_deep_copy(whole);
    set_at(root, "memory.sections.drive.base", json_integer(1 << 30));
    write_json(s, root);
    json_decref(root);
    assert_null(read_chip(s));
    assert_int_equal(s->diags.errors, 1);
    assert_string_equal(s->diags.list[1].message, "22 words where chip.json has 1073741836");
    diag_free(&s->diags);
    write_json(s, whole);
    assert_non_null(read_chip(s)); /* it was these values and nothing else */
    json_decref(whole);
}

/* The table and the curve of a trim: what they say for each code of omega, and what is refused. */
static void test_trim_table(void **state)
{
    struct scratch *s = *state;
    make_hand(s);
    json_t *whole = json_load_file(fs_join(&s->arena, s->folder, "chip.json"), 0, NULL);
    static const struct {
        const char *table, *curve;
        bool good;
    } cases[] = {
        {"\"-100 0 50\"", "{\"code\": [-128, 0, 100], \"frequency_relative\": [-0.128, 0, 0.3]}",
         true},
        {"\"-100 0\"", "{\"code\": [-128, 0, 100], \"frequency_relative\": [-0.1, 0, 0.3]}", false},
        {"\"\"", "{\"code\": [-128, 0, 100], \"frequency_relative\": [-0.1, 0, 0.3]}", false},
        {"\"-1 x 1\"", "{\"code\": [-128, 0, 100], \"frequency_relative\": [-0.1, 0, 0.3]}", false},
        {"\"-129 0 1\"", "{\"code\": [-128, 0, 100], \"frequency_relative\": [-0.1, 0, 0.3]}",
         false},
        {"\"-1 0 1\"", "{\"code\": [-128, 0, 0], \"frequency_relative\": [-0.1, 0, 0.3]}", false},
        {"\"-1 0 1\"", "{\"code\": [-128, 0], \"frequency_relative\": [-0.1, 0, 0.3]}", false},
        {"\"-1 0 1\"", "{\"code\": [-128, 0], \"frequency_relative\": [-0.1, null]}", false},
        {"\"-1 0 1\"", "{}", false},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        json_t *root = json_deep_copy(whole);
        json_t *corner =
            json_object_get(json_object_get(json_object_get(root, "device"), "corners"), "tt");
        assert_non_null(corner);
        json_object_set_new(corner, "trim_of_code",
                            json_loads(cases[c].table, JSON_DECODE_ANY, NULL));
        json_object_set_new(corner, "trim_curve", json_loads(cases[c].curve, 0, NULL));
        write_json(s, root);
        json_decref(root);
        const struct under_test *u = read_chip(s);
        assert_true(cases[c].good == (u != NULL));
        assert_true(cases[c].good == (s->diags.errors == 0));
        if (u) {
            assert_string_equal(u->corners[0].name, "tt");
            assert_int_equal(u->corners[0].trim_full, 1);
            assert_true(fabs(u->corners[0].trim_relative[0] + 0.1) < 1e-12);
            assert_true(fabs(u->corners[0].trim_relative[2] - 0.15) < 1e-12);
        }
        diag_free(&s->diags);
    }
    json_decref(whole);
}

/* Files that are not there or hold something else. */
static void test_files(void **state)
{
    struct scratch *s = *state;
    make_hand(s);
    const char *path = fs_join(&s->arena, s->folder, "chip.json");
    char *text;
    size_t length;
    assert_int_equal(fs_read_text(&s->arena, path, 1 << 20, &text, &length), 0);
    static const char *const others[] = {
        "", "[]", "1", "null", "{\"a\": 1, \"a\": 2}", "{}x", "\xff", "{\"name\": \"\xff\"}"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        scratch_write(s, "chip.json", others[i], strlen(others[i]));
        assert_null(read_chip(s));
        assert_int_equal(s->diags.errors, 1);
        assert_int_equal(s->diags.list[0].code, DIAG_CHIP_DAMAGED);
        diag_free(&s->diags);
    }
    for (size_t cut = 0; cut < length - 2; cut += 7) { /* cut short anywhere */
        scratch_write(s, "chip.json", text, cut);
        assert_null(read_chip(s));
        assert_int_equal(s->diags.errors, 1);
        diag_free(&s->diags);
    }
    assert_int_equal(remove(path), 0);
    assert_null(read_chip(s));
    expect_diag(&s->diags, DIAG_CHIP_DAMAGED, 0, 0,
                arena_printf(&s->arena, "cannot read '%s': No such file or directory", path),
                "is '");
    diag_free(&s->diags);

    scratch_write(s, "chip.json", text, length);
    const char *image = fs_join(&s->arena, s->folder, "verilog/weights.hex");
    assert_int_equal(remove(image), 0);
    assert_null(read_chip(s));
    expect_diag(&s->diags, DIAG_CHIP_DAMAGED, 0, 0,
                arena_printf(&s->arena, "cannot read '%s': No such file or directory", image),
                "compile");
    diag_free(&s->diags);
    scratch_write(s, "verilog/weights.hex", "0\n1\n2\n", 6);
    assert_null(read_chip(s));
    expect_diag(&s->diags, DIAG_CHIP_DAMAGED, 4, 1, "3 words where chip.json has 22", NULL);
}

/* An edited file is used as it is, with a warning. */
static void test_edited(void **state)
{
    struct scratch *s = *state;
    make_hand(s);
    static const char *const names[] = {"chip.json", "spice/cells.spice", "verilog/weights.hex"};
    for (size_t i = 0; i < 3; i++) {
        const char *path = fs_join(&s->arena, s->folder, names[i]);
        char *text;
        size_t length;
        assert_int_equal(fs_read_text(&s->arena, path, 1 << 20, &text, &length), 0);
        const char *edited = arena_printf(&s->arena, "%s\n", text);
        scratch_write(s, names[i], edited, length + 1);
        assert_non_null(read_chip(s));
        assert_int_equal(s->diags.count, 1);
        assert_int_equal(s->diags.errors, 0);
        expect_diag(&s->diags, DIAG_EDITED, 0, 0,
                    arena_printf(&s->arena,
                                 "'%s' was changed after oscc wrote it; it is used as it is", path),
                    NULL);
        diag_free(&s->diags);
        scratch_write(s, names[i], text, length);
    }
    /* whoever has no manifest, or a damaged one, has nothing to compare with */
    static const char *const manifests[] = {"", "[]", "{\"files_sha256\": {\"chip.json\": 1}}"};
    for (size_t i = 0; i < 3; i++) {
        scratch_write(s, "manifest.json", manifests[i], strlen(manifests[i]));
        assert_non_null(read_chip(s));
        expect_no_diags(&s->diags);
    }
}

/* The chip draws the phases that the reference starts from. */
static void test_initial_phases(void **state)
{
    struct scratch *s = *state;
    static const char *const paths[] = {NULL, OSCC_EXAMPLES "/digits/model.yaml"};
    for (size_t p = 0; p < 2; p++) { /* conditioning at random, and at zero */
        struct chip *chip = paths[p] ? make_chip(s, paths[p]) : make_hand(s);
        struct under_test *u = read_chip(s);
        assert_non_null(u);
        size_t count = (size_t)u->n + (size_t)u->m;
        double *drawn = ARENA_ARRAY(&s->arena, double, count);
        double *expected = ARENA_ARRAY(&s->arena, double, count);
        double *before = ARENA_ARRAY(&s->arena, double, count);
        assert_int_equal(chip->model->conditioning_random, p == 0);
        for (uint64_t sample = 0; sample < 20; sample++) {
            uint64_t seed = sample % 2 ? u->seed : UINT64_C(0xffffffffffffff00) + sample;
            under_test_initial_phases(u, seed, sample, drawn);
            sample_initial_phases(chip->model, seed, sample, chip->model->chip.phase_bits,
                                  expected);
            assert_memory_equal(drawn, expected, count * sizeof *drawn);
            assert_memory_not_equal(drawn, before, count * sizeof *drawn);
            memcpy(before, drawn, count * sizeof *drawn);
        }
        u->phase_bits++; /* other bits, other phases */
        under_test_initial_phases(u, 1, 1, drawn);
        sample_initial_phases(chip->model, 1, 1, chip->model->chip.phase_bits, expected);
        assert_memory_not_equal(drawn, expected, count * sizeof *drawn);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_read),     TEST(test_square),         TEST(test_positive_numbers),
        TEST(test_integers), TEST(test_other_damage),   TEST(test_files),
        TEST(test_edited),   TEST(test_initial_phases), TEST(test_trim_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
