/* SPDX-License-Identifier: Apache-2.0
 *
 * The chip on disk: whole or not at all, and never in place of what is not oscc's.
 */
#include "tests/unit/testing.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compiler/base/hash.h"
#include "compiler/base/npy.h"
#include "netlist/chip_folder.h"

static const char *in(struct scratch *s, const char *name)
{
    return fs_join(&s->arena, s->folder, name);
}

static struct chip *make_chip(struct scratch *s, const char *path)
{
    struct model *model = model_load(&s->arena, path, &s->diags);
    assert_non_null(model);
    struct chip *chip = map_model(&s->arena, model, pdk_find("generic"), NULL, NULL, &s->diags);
    assert_non_null(chip);
    expect_no_diags(&s->diags);
    return chip;
}

static struct chip *pair(struct scratch *s)
{
    return make_chip(s, OSCC_EXAMPLES "/pair/model.yaml");
}

static bool write_chip(struct scratch *s, const struct chip *chip, const char *name)
{
    return netlist_write_chip(&s->arena, chip, in(s, name), "-o chip", &s->diags);
}

/* The names in a folder, joined by blanks. */
static const char *listing(struct scratch *s, const char *name)
{
    char **names, *all = arena_strdup(&s->arena, "");
    size_t count;
    assert_int_equal(fs_list(&s->arena, in(s, name), &names, &count), 0);
    for (size_t i = 0; i < count; i++)
        all = arena_printf(&s->arena, "%s%s%s", all, i ? " " : "", names[i]);
    return all;
}

static json_t *load_json(struct scratch *s, const char *name)
{
    json_t *root = json_load_file(in(s, name), 0, NULL);
    assert_non_null(root);
    return root;
}

/* Paths of all files below a folder but the manifest's, as keys of an object. */
static void collect(struct scratch *s, const char *folder, const char *prefix, json_t *found)
{
    char **names;
    size_t count;
    assert_int_equal(fs_list(&s->arena, folder, &names, &count), 0);
    for (size_t i = 0; i < count; i++) {
        const char *path = fs_join(&s->arena, folder, names[i]);
        const char *name = arena_printf(&s->arena, "%s%s", prefix, names[i]);
        if (fs_is_folder(path)) {
            collect(s, path, arena_printf(&s->arena, "%s/", name), found);
        } else if (strcmp(name, "manifest.json") != 0) {
            char hash[HASH_TEXT];
            assert_int_equal(hash_file(path, hash), 0);
            json_object_set_new(found, name, json_string(hash));
        }
    }
}

/* The manifest names each file of the chip with its hash, and nothing else. */
static void test_manifest(void **state)
{
    struct scratch *s = *state;
    assert_true(write_chip(s, pair(s), "chip"));
    expect_no_diags(&s->diags);
    assert_string_equal(listing(s, "chip"),
                        "README.md chip.json control.sdc manifest.json model resolved.yaml "
                        "spice verilog");
    json_t *manifest = load_json(s, "chip/manifest.json"), *found = json_object();
    collect(s, in(s, "chip"), "", found);
    assert_true(json_object_size(found) > 8);
    assert_true(json_equal(found, json_object_get(manifest, "files_sha256")));
    assert_string_equal(json_string_value(json_object_get(manifest, "generator")), "oscc");
    assert_string_equal(json_string_value(json_object_get(manifest, "command")), "-o chip");
    assert_int_equal(json_integer_value(json_object_get(manifest, "seed")), 1);
    json_t *inputs = json_object_get(manifest, "inputs_sha256");
    char hash[HASH_TEXT];
    assert_int_equal(hash_file(OSCC_EXAMPLES "/pair/model.yaml", hash), 0);
    assert_int_equal(json_object_size(inputs), 1);
    assert_string_equal(json_string_value(json_object_get(inputs, "model.yaml")), hash);
    json_decref(manifest);
    json_decref(found);
}

/* The same model gives the same bytes. */
static void test_deterministic(void **state)
{
    struct scratch *s = *state;
    assert_true(write_chip(s, pair(s), "a"));
    assert_true(write_chip(s, pair(s), "b"));
    json_t *a = json_object(), *b = json_object();
    collect(s, in(s, "a"), "", a);
    collect(s, in(s, "b"), "", b);
    assert_true(json_equal(a, b));
    json_decref(a);
    json_decref(b);
}

/* Weight files: every one is an input of its own, whatever their names. */
static const char *write_model(struct scratch *s)
{
    const size_t two = 2;
    assert_int_equal(fs_make_folders(in(s, "m/sub")), 0);
    assert_int_equal(npy_write_f64(in(s, "m/w.npy"), 1, &two, (const double[]){0, 1}), 0);
    assert_int_equal(npy_write_f64(in(s, "m/sub/w.npy"), 1, &two, (const double[]){2, -1}), 0);
    assert_int_equal(npy_write_f64(in(s, "m/caf\xe9.npy"), 1, &two, (const double[]){3, 4}), 0);
    static const char *const text =
        "oscc: 1\nname: files\noscillators: 2\nconditioning: 0\ndynamics:\n  weights:\n"
        "    K.indptr: [0, 1, 2]\n    K.indices: [1, 0]\n    K.data: sub/w.npy\n"
        "    omega: w.npy\nreadout: ref_oscillator\n";
    return scratch_write(s, "m/model.yaml", text, strlen(text));
}

static void test_inputs(void **state)
{
    struct scratch *s = *state;
    assert_true(write_chip(s, make_chip(s, write_model(s)), "chip"));
    json_t *manifest = load_json(s, "chip/manifest.json");
    json_t *inputs = json_object_get(manifest, "inputs_sha256");
    static const char *const names[] = {"model.yaml", "w.npy", "sub/w.npy"};
    assert_int_equal(json_object_size(inputs), 3);
    for (size_t i = 0; i < 3; i++) {
        char hash[HASH_TEXT];
        assert_int_equal(hash_file(fs_join(&s->arena, in(s, "m"), names[i]), hash), 0);
        assert_string_equal(json_string_value(json_object_get(inputs, names[i])), hash);
    }
    json_decref(manifest);
}

/* A folder's name and the command may hold bytes that are not UTF-8. */
static void test_bytes_in_names(void **state)
{
    struct scratch *s = *state;
    struct model model = *make_chip(s, write_model(s))->model;
    struct chip *chip = map_model(&s->arena, &model, pdk_find("generic"), NULL, NULL, &s->diags);
    const char *files[] = {model.path, in(s, "m/caf\xe9.npy"), NULL};
    model.files = files;
    const char *folder = in(s, "chip\xff");
    assert_true(netlist_write_chip(&s->arena, chip, folder, "-o chip\xff", &s->diags));
    expect_no_diags(&s->diags);
    json_t *manifest = load_json(s, "chip\xff/manifest.json");
    assert_string_equal(json_string_value(json_object_get(manifest, "command")), "-o chip?");
    json_t *inputs = json_object_get(manifest, "inputs_sha256");
    assert_int_equal(json_object_size(inputs), 2);
    assert_non_null(json_object_get(inputs, "caf?.npy"));
    json_decref(manifest);
}

static void test_refused(void **state)
{
    struct scratch *s = *state;
    static const char *const manifests[] = {
        NULL, /* none at all */
        "",   "{", "[]", "{\"generator\": 1}", "{\"generator\": \"other\"}", "{\"x\": \"oscc\"}"};
    struct chip *chip = pair(s);
    for (size_t i = 0; i < sizeof manifests / sizeof *manifests; i++) {
        assert_int_equal(fs_make_folders(in(s, "chip")), 0);
        scratch_write(s, "chip/thesis.tex", "x", 1);
        if (manifests[i])
            scratch_write(s, "chip/manifest.json", manifests[i], strlen(manifests[i]));
        assert_false(netlist_may_replace(&s->arena, in(s, "chip")));
        assert_false(write_chip(s, chip, "chip"));
        assert_int_equal(s->diags.errors, 1);
        assert_int_equal(s->diags.list[0].code, DIAG_CHIP_FOREIGN);
        assert_non_null(strstr(s->diags.list[0].message, "/chip' is there"));
        assert_string_equal(listing(s, "chip"),
                            manifests[i] ? "manifest.json thesis.tex" : "thesis.tex");
        assert_string_equal(listing(s, ""), "chip");
        diag_free(&s->diags);
        assert_int_equal(fs_remove_tree(in(s, "chip")), 0);
    }
    scratch_write(s, "chip", "a file", 6);
    assert_false(write_chip(s, chip, "chip"));
    assert_int_equal(s->diags.list[0].code, DIAG_CHIP_FOREIGN);
    assert_false(fs_is_folder(in(s, "chip")));
}

static void test_replaced(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = pair(s);
    assert_true(netlist_may_replace(&s->arena, in(s, "chip")));
    assert_int_equal(fs_make_folders(in(s, "chip")), 0);
    assert_true(write_chip(s, chip, "chip")); /* an empty folder is nobody's */
    scratch_write(s, "chip/left-over", "x", 1);
    assert_int_equal(fs_make_folders(in(s, "chip/verify/phase-nominal")), 0);
    assert_true(netlist_may_replace(&s->arena, in(s, "chip")));
    assert_true(write_chip(s, chip, "chip"));
    expect_no_diags(&s->diags);
    assert_false(fs_exists(in(s, "chip/left-over")));
    assert_false(fs_exists(in(s, "chip/verify")));
    assert_string_equal(listing(s, ""), "chip");
}

/* After a failure the earlier chip is untouched and nothing is left beside it. */
static void expect_failure(struct scratch *s, const struct chip *chip, const char *name,
                           const char *message)
{
    json_t *before = json_object(), *after = json_object();
    collect(s, s->folder, "", before);
    assert_false(write_chip(s, chip, name));
    collect(s, s->folder, "", after);
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
    assert_int_equal(s->diags.errors, 1);
    assert_int_equal(s->diags.list[0].code, DIAG_IO);
    if (!strstr(s->diags.list[0].message, message))
        fail_msg("\"%s\" does not say \"%s\"", s->diags.list[0].message, message);
    diag_free(&s->diags);
}

static void test_input_is_gone(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = make_chip(s, write_model(s));
    assert_true(write_chip(s, chip, "chip"));
    assert_int_equal(unlink(in(s, "m/sub/w.npy")), 0);
    expect_failure(s, chip, "chip", "sub/w.npy");
    assert_string_equal(listing(s, ""), "chip m");
}

static void test_unwritable(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = pair(s);
    scratch_write(s, "file", "x", 1);
    expect_failure(s, chip, "file/chip", strerror(ENOTDIR));
    assert_true(write_chip(s, chip, "chip"));
    /* a disk that is full, at each size at which it can be */
    struct rlimit kept;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    signal(SIGXFSZ, SIG_IGN);
    static const rlim_t sizes[] = {0, 1, 100, 200, 700, 1000};
    bool failed[6];
    for (size_t i = 0; i < 6; i++) {
        struct rlimit limit = {sizes[i], kept.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
        failed[i] = !write_chip(s, chip, "chip");
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);
        assert_string_equal(listing(s, ""), "chip file");
    }
    for (size_t i = 0; i < 6; i++)
        assert_true(failed[i]);
    assert_int_equal(s->diags.errors, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(s->diags.list[i].code, DIAG_IO);
        assert_non_null(strstr(s->diags.list[i].message, strerror(EFBIG)));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_manifest),       TEST(test_deterministic), TEST(test_inputs),
        TEST(test_bytes_in_names), TEST(test_refused),       TEST(test_replaced),
        TEST(test_input_is_gone),  TEST(test_unwritable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
