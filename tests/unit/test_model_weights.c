/* SPDX-License-Identifier: Apache-2.0
 *
 * Weights of a model from files: names, types, scales, split files, sparse couplings, decoders.
 */
#include "tests/unit/testing.h"

#include <math.h>
#include <unistd.h>

#include "compiler/base/npy.h"
#include "compiler/model/model.h"

static const double k[9] = {7, 0.5, -1, 0, 7, 0.25, 2, 0, 7};
static const double omega[3] = {1, -2, 0.5};
static const double k_drive[12] = {1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6};
static const double k_cond[4] = {7, 0.5, -0.5, 7}, omega_cond[2] = {3, -3};

static const char three[] = "oscc: 1\n"
                            "oscillators: 3\n"
                            "conditioning: 2\n"
                            "classes: 2\n"
                            "dynamics:\n";

static void add_doubles(struct tensor_writer *writer, const char *name, const char *shape,
                        const double *values, size_t count)
{
    tensor_writer_add(writer, name, "F64", shape, values, count * sizeof *values);
}

/* All five tensors, names after prefix; K left out where sparse. */
static void add_dynamics(struct tensor_writer *writer, const char *prefix, const char *row)
{
    char name[64];
    snprintf(name, sizeof name, "%somega", prefix);
    add_doubles(writer, name, *row ? "[1,3]" : "[3]", omega, 3);
    snprintf(name, sizeof name, "%somega_cond", prefix);
    add_doubles(writer, name, *row ? "[1,2]" : "[2]", omega_cond, 2);
    snprintf(name, sizeof name, "%sK_cond", prefix);
    add_doubles(writer, name, "[2,2]", k_cond, 4);
    snprintf(name, sizeof name, "%sK_drive", prefix);
    add_doubles(writer, name, "[2,3,2]", k_drive, 12);
}

static void write_tensors(struct scratch *s, const char *name, struct tensor_writer *writer)
{
    struct str file = tensor_writer_take(writer);
    scratch_write(s, name, file.text, file.length);
    str_free(&file);
}

static struct model *load(struct scratch *s, const char *head, const char *rest)
{
    struct str file = {0};
    str_add(&file, head);
    str_add(&file, rest);
    scratch_write(s, "model.yaml", file.text, file.length);
    str_free(&file);
    return model_load(&s->arena, fs_join(&s->arena, s->folder, "model.yaml"), &s->diags);
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-15 * fabs(b);
}

/* The couplings of `k`: diagonal and zeros dropped. */
static void expect_three(struct scratch *s, const struct model *model, double main_scale,
                         double drive_scale)
{
    static const size_t first[] = {0, 2, 3, 4};
    static const int32_t source[] = {1, 2, 2, 0};
    static const double value[] = {0.5, -1, 0.25, 2};
    expect_no_diags(&s->diags);
    assert_non_null(model);
    assert_int_equal(model->couplings.count, 4);
    assert_memory_equal(model->couplings.first, first, sizeof first);
    assert_memory_equal(model->couplings.source, source, sizeof source);
    for (int i = 0; i < 4; i++)
        assert_true(near(model->couplings.value[i], value[i] * main_scale));
    for (int i = 0; i < 3; i++)
        assert_true(model->omega[i] == omega[i]);
    for (int i = 0; i < 12; i++)
        assert_true(near(model->k_drive[i], k_drive[i] * drive_scale));
    assert_true(model->k_cond[0] == 0 && model->k_cond[3] == 0);
    assert_true(near(model->k_cond[1], 0.5 * drive_scale));
    assert_true(model->omega_cond[0] == 3 && model->omega_cond[1] == -3);
}

static void test_naming_forms_and_scales(void **state)
{
    struct scratch *s = *state;
    static const struct {
        const char *prefix, *row;
        bool scaled; /* by mup */
    } forms[] = {{"", "", false}, {"dynamics.", "row", true}, {"dynamics._orig_mod.", "row", true}};
    for (size_t i = 0; i < 3; i++) {
        char name[64];
        struct tensor_writer writer = {0};
        snprintf(name, sizeof name, "%sK", forms[i].prefix);
        add_doubles(&writer, name, "[3,3]", k, 9);
        add_dynamics(&writer, forms[i].prefix, forms[i].row);
        write_tensors(s, "w.safetensors", &writer);
        struct model *model = load(s, three, "  weights: w.safetensors\n");
        expect_three(s, model, 1, 1);
        assert_string_equal(model->files[1], fs_join(&s->arena, s->folder, "w.safetensors"));
        assert_null(model->files[2]);
        scratch_reset(s);
        model = load(s, three, "  weights: w.safetensors\n  parameterization: mup\n");
        assert_int_equal(s->diags.count, !forms[i].scaled);
        if (!forms[i].scaled)
            expect_diag(
                &s->diags, DIAG_BAD_VALUE, 7, 21,
                "mup changes nothing: under plain names, as \"K\", the scales count as applied",
                "write standard if they are");
        s->diags.count = 0;
        expect_three(s, model, forms[i].scaled ? 1 / sqrt(3) : 1,
                     forms[i].scaled ? 1 / sqrt(2) : 1);
        scratch_reset(s);
    }
}

static void test_split_files(void **state)
{
    struct scratch *s = *state;
    struct tensor_writer writer = {0};
    add_doubles(&writer, "K", "[3,3]", k, 9);
    write_tensors(s, "1.safetensors", &writer);
    add_dynamics(&writer, "", "");
    write_tensors(s, "2.safetensors", &writer);
    struct model *model = load(s, three, "  weights: [1.safetensors, 2.safetensors]\n");
    expect_three(s, model, 1, 1);
    assert_non_null(model->files[2]);
    assert_null(model->files[3]);
    scratch_reset(s);

    assert_null(load(s, three, "  weights: [1.safetensors, 1.safetensors]\n"));
    expect_diag(&s->diags, DIAG_TENSOR_FILE, 6, 28, "\"1.safetensors\" is listed twice", NULL);
    expect_diag(&s->diags, DIAG_TENSOR_MISSING, 6, 12, "tensor \"omega\" is missing", "found: K");
    scratch_reset(s);

    add_doubles(&writer, "_orig_mod.K", "[3,3]", k, 9);
    write_tensors(s, "3.safetensors", &writer);
    assert_null(load(s, three, "  weights:\n  - 1.safetensors\n  - 3.safetensors\n"));
    expect_diag(&s->diags, DIAG_TENSOR_FILE, 8, 5,
                "tensor \"K\" is there twice: \"1.safetensors:K\" and "
                "\"3.safetensors:_orig_mod.K\"",
                NULL);
    scratch_reset(s);

    /* a part that cannot be read: no further complaint that its tensors are missing */
    assert_null(load(s, three, "  weights: [1.safetensors, 9.safetensors]\n"));
    assert_int_equal(s->diags.errors, 1);
    expect_diag(&s->diags, DIAG_FILE_MISSING, 6, 28,
                arena_printf(&s->arena, "there is no file \"%s/9.safetensors\"", s->folder), NULL);
}

static void test_narrow_types(void **state)
{
    struct scratch *s = *state;
    static const char one[] = "oscc: 1\noscillators: 2\ndynamics: {weights: w.safetensors}\n";
    static const unsigned char half[] = {0, 0, 0x00, 0x3e, 0x01, 0x80, 0, 0};  /* 1.5, -2^-24 */
    static const unsigned char brain[] = {0, 0, 0xc0, 0x3f, 0x80, 0xb3, 0, 0}; /* 1.5, -2^-24 */
    static const struct {
        const char *type;
        const unsigned char *bytes;
    } types[] = {{"F16", half}, {"BF16", brain}};
    for (size_t i = 0; i < 2; i++) {
        struct tensor_writer writer = {0};
        tensor_writer_add(&writer, "K", types[i].type, "[2,2]", types[i].bytes, 8);
        tensor_writer_add(&writer, "omega", types[i].type, "[2]", types[i].bytes + 2, 4);
        write_tensors(s, "w.safetensors", &writer);
        struct model *model = load(s, one, "");
        expect_no_diags(&s->diags);
        assert_int_equal(model->couplings.count, 2);
        assert_true(model->couplings.value[0] == 1.5 && model->couplings.value[1] == -0x1p-24);
        assert_true(model->omega[0] == 1.5 && model->omega[1] == -0x1p-24);
        scratch_reset(s);
    }
}

/* w.safetensors for `three` with sparse couplings. */
static void write_sparse(struct scratch *s, const int32_t *indptr, const int64_t *indices,
                         const double *data, size_t count)
{
    char shape[16];
    struct tensor_writer writer = {0};
    snprintf(shape, sizeof shape, "[%zu]", count);
    tensor_writer_add(&writer, "K.indptr", "I32", "[4]", indptr, 4 * sizeof *indptr);
    tensor_writer_add(&writer, "K.indices", "I64", shape, indices, count * sizeof *indices);
    add_doubles(&writer, "K.data", shape, data, count);
    add_dynamics(&writer, "", "");
    write_tensors(s, "w.safetensors", &writer);
}

static void test_sparse_is_dense(void **state)
{
    struct scratch *s = *state;
    static const int32_t indptr[] = {0, 3, 4, 6};
    /* with an entry of the diagonal and an explicit zero */
    static const int64_t indices[] = {0, 1, 2, 2, 0, 1};
    static const double data[] = {7, 0.5, -1, 0.25, 2, 0};
    write_sparse(s, indptr, indices, data, 6);
    expect_three(s, load(s, three, "  weights: w.safetensors\n"), 1, 1);
    scratch_reset(s);

    static const struct {
        int32_t indptr[4];
        int64_t indices[4];
        enum diag_code code;
        const char *message, *help;
    } faults[] = {
        {{0, 2, 3, 4},
         {2, 1, 2, 0},
         DIAG_BAD_VALUE,
         "tensor \"K.indices\" goes back to column 1 in row 0 at [1]",
         "matrix.sort_indices()"},
        {{0, 2, 3, 4},
         {1, 1, 2, 0},
         DIAG_BAD_VALUE,
         "tensor \"K.indices\" repeats column 1 in row 0 at [1]",
         "matrix.sum_duplicates()"},
        {{0, 2, 3, 4},
         {1, 2, 3, 0},
         DIAG_BAD_VALUE,
         "tensor \"K.indices\" holds 3 at [2], which is not a whole number from 0 to 2",
         NULL},
        {{0, 2, 3, 4},
         {1, 2, -1, 0},
         DIAG_BAD_VALUE,
         "tensor \"K.indices\" holds -1 at [2], which is not a whole number from 0 to 2",
         NULL},
        {{0, 3, 2, 4},
         {0, 1, 2, 0},
         DIAG_BAD_VALUE,
         "tensor \"K.indptr\" falls from 3 to 2 at [2]",
         NULL},
        {{1, 2, 3, 4},
         {0, 1, 2, 0},
         DIAG_BAD_VALUE,
         "tensor \"K.indptr\" runs from 1 to 4, expected 0 to 4, the size of K.indices",
         NULL},
        {{0, 2, 3, 3},
         {0, 1, 2, 0},
         DIAG_BAD_VALUE,
         "tensor \"K.indptr\" runs from 0 to 3, expected 0 to 4, the size of K.indices",
         NULL},
        {{0, 2, 3, 5},
         {0, 1, 2, 0},
         DIAG_BAD_VALUE,
         "tensor \"K.indptr\" holds 5 at [3], which is not a whole number from 0 to 4",
         NULL},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        write_sparse(s, faults[i].indptr, faults[i].indices, data, 4);
        assert_null(load(s, three, "  weights: w.safetensors\n"));
        expect_diag(&s->diags, faults[i].code, 6, 12, faults[i].message, faults[i].help);
        assert_int_equal(s->diags.count, 1);
        scratch_reset(s);
    }
    assert_null(load(s, "oscc: 1\noscillators: 2\ndynamics:\n",
                     "  weights: {omega: [1, 2], K: [[1, 2], [3, 4]], K.data: [1]}\n"));
    expect_diag(&s->diags, DIAG_TENSOR_FILE, 4, 57,
                "couplings twice: dense as \"K\" and sparse as \"K.data\"", NULL);
    scratch_reset(s);
    assert_null(load(s, "oscc: 1\noscillators: 2\ndynamics:\n",
                     "  weights: {omega: [1, 2], K.indptr: [0, 1, 1], K.data: [1]}\n"));
    expect_diag(&s->diags, DIAG_TENSOR_MISSING, 4, 12, "tensor \"K.indices\" is missing", NULL);
}

static void test_map_of_npy_files(void **state)
{
    struct scratch *s = *state;
    npy_write_f64(fs_join(&s->arena, s->folder, "K.npy"), 2, (const size_t[]){3, 3}, k);
    npy_write_f64(fs_join(&s->arena, s->folder, "D.npy"), 3, (const size_t[]){2, 3, 2}, k_drive);
    struct model *model = load(s, three,
                               "  weights:\n    K: K.npy\n    K_drive: D.npy\n"
                               "    omega: [1, -2, 0.5]\n    K_cond: [[7, 0.5], [-0.5, 7]]\n"
                               "    omega_cond: [3, -3]\n");
    expect_three(s, model, 1, 1);
    scratch_reset(s);
    scratch_write(s, "K.npy", "\x93NUMPY", 6);
    scratch_write(s, "D.npy", "", 0);
    assert_null(load(s, three, "  weights: {K: K.npy, K_drive: D.npy, omega: [1, -2, 0.5]}\n"));
    assert_int_equal(s->diags.count, 2);
    expect_diag(&s->diags, DIAG_TENSOR_FILE, 6, 16,
                arena_printf(&s->arena, "\"%s/K.npy\": this is not an NPY file", s->folder), NULL);
}

static void test_faulty_tensors(void **state)
{
    struct scratch *s = *state;
    static const float bad[] = {0, 1, (float)NAN, 0}, huge[] = {1e13f, 0};
    struct tensor_writer writer = {0};
    tensor_writer_add(&writer, "K", "F32", "[2,2]", bad, sizeof bad);
    tensor_writer_add(&writer, "omega", "F32", "[2]", huge, sizeof huge);
    write_tensors(s, "w.safetensors", &writer);
    static const char head[] = "oscc: 1\noscillators: 2\ndynamics:\n";
    assert_null(load(s, head, "  weights: w.safetensors\n"));
    expect_diag(&s->diags, DIAG_NOT_FINITE, 4, 12, "tensor \"K\" holds nan at [1, 0]", NULL);
    expect_diag(&s->diags, DIAG_BAD_VALUE, 4, 12, "tensor \"omega\" holds 1e+13 at [0]",
                "a weight can be 1e+12 at most");
    scratch_reset(s);

    tensor_writer_add(&writer, "K", "I32", "[2,2]", bad, sizeof bad);
    tensor_writer_add(&writer, "omega", "F8_E4M3", "[2]", "ab", 2);
    write_tensors(s, "w.safetensors", &writer);
    assert_null(load(s, head, "  weights: w.safetensors\n"));
    expect_diag(&s->diags, DIAG_TENSOR_TYPE, 4, 12, "tensor \"K\" is of type I32",
                "expected F64, F32, F16 or BF16");
    expect_diag(&s->diags, DIAG_TENSOR_TYPE, 4, 12, "tensor \"omega\" is of type F8_E4M3", NULL);
    scratch_reset(s);

    scratch_write(s, "w.safetensors", "", 0);
    assert_null(load(s, head, "  weights: w.safetensors\n"));
    expect_diag(&s->diags, DIAG_TENSOR_FILE, 4, 12,
                arena_printf(&s->arena,
                             "\"%s/w.safetensors\": the file is shorter than the 8 bytes that "
                             "begin every safetensors file",
                             s->folder),
                NULL);
    assert_int_equal(s->diags.count, 1);
    scratch_reset(s);
    assert_null(load(s, head, "  weights: w.pt\n"));
    expect_diag(&s->diags, DIAG_BAD_VALUE, 4, 12, "\"w.pt\" is not a safetensors file",
                "safetensors.torch.save_file");
    scratch_reset(s);
    assert_null(load(s, head, "  weights: K.npy\n"));
    expect_diag(&s->diags, DIAG_BAD_VALUE, 4, 12, "\"K.npy\" is not a safetensors file",
                "an NPY file holds one array");
    scratch_reset(s);
    assert_null(load(s, head, "  weights:\n"));
    expect_diag(&s->diags, DIAG_YAML_SHAPE, 4, 11,
                "expected the path of a safetensors file, not nothing", NULL);
}

static void test_metadata(void **state)
{
    struct scratch *s = *state;
    struct tensor_writer writer = {0};
    tensor_writer_note(&writer, "{\"n\":\"3\",\"n_cond\":\"2\",\"num_steps\":\"10\",\"seed\":\"4\","
                                "\"integration_time\":\"1.0\",\"num_classes\":\"2\","
                                "\"solver\":\"euler\",\"relativization\":\"ref_drive\"}");
    add_doubles(&writer, "K", "[3,3]", k, 9);
    add_dynamics(&writer, "", "");
    write_tensors(s, "w.safetensors", &writer);
    expect_three(s, load(s, three, "  weights: w.safetensors\n"), 1, 1);
    scratch_reset(s);
    expect_three(s, load(s, three, "  weights: w.safetensors\n  parameterization: mup\n"), 1, 1);
    scratch_reset(s);
    assert_null(load(s, three,
                     "  weights: w.safetensors\n  time: 2\n  solver: {method: rk4, steps: 5}\n"
                     "readout: absolute\n"));
    assert_int_equal(s->diags.count, 4);
    expect_diag(&s->diags, DIAG_BAD_VALUE, 7, 9,
                "\"time\" is 2, but the weights say integration_time = 1.0", NULL);
    expect_diag(&s->diags, DIAG_BAD_VALUE, 8, 20,
                "\"method\" is rk4, but the weights say solver = euler", NULL);
    expect_diag(&s->diags, DIAG_BAD_VALUE, 8, 32,
                "\"steps\" is 5, but the weights say num_steps = 10", NULL);
    expect_diag(&s->diags, DIAG_BAD_VALUE, 9, 10,
                "\"readout\" is absolute, but the weights say relativization = ref_drive", NULL);
    scratch_reset(s);

    tensor_writer_note(&writer, "{\"num_steps\":\"20\",\"n\":\"three\"}");
    add_doubles(&writer, "K", "[3,3]", k, 9);
    add_dynamics(&writer, "", "");
    write_tensors(s, "w.safetensors", &writer);
    assert_null(load(s, three, "  weights: w.safetensors\n"));
    expect_diag(&s->diags, DIAG_BAD_VALUE, 6, 12,
                "\"steps\" is 10 (the default), but the weights say num_steps = 20", NULL);
    expect_diag(&s->diags, DIAG_BAD_VALUE, 2, 14,
                "\"oscillators\" is 3, but the weights say n = three", NULL);
}

/* Forty tensors in two files that both have notes, and none of those that are wanted. */
static void test_many_tensors_and_files(void **state)
{
    struct scratch *s = *state;
    struct tensor_writer writer = {0};
    for (int file = 0; file < 2; file++) {
        char name[32];
        for (int i = 0; i < 20; i++) {
            snprintf(name, sizeof name, "x%02d", 20 * file + i);
            add_doubles(&writer, name, "[1]", omega, 1);
        }
        tensor_writer_note(&writer, file ? "{\"n\":\"4\"}" : "{\"num_classes\":\"7\"}");
        write_tensors(s, file ? "b.safetensors" : "a.safetensors", &writer);
    }
    assert_null(load(s, three, "  weights: [a.safetensors, b.safetensors]\n"));
    expect_diag(
        &s->diags, DIAG_TENSOR_MISSING, 6, 12, "tensor \"K\" is missing",
        "it may also be called \"dynamics.K\"\nfound: x00, x01, x02, x03, x04, x05, x06, x07, "
        "x08, x09, x10, x11, x12, x13, x14, x15 and 24 more");
    expect_diag(&s->diags, DIAG_BAD_VALUE, 2, 14, "\"oscillators\" is 3, but the weights say n = 4",
                NULL);
    expect_diag(&s->diags, DIAG_BAD_VALUE, 4, 10,
                "\"classes\" is 2, but the weights say num_classes = 7", NULL);
    scratch_reset(s);

    struct str list = {0};
    str_add(&list, "  weights: [");
    for (int i = 0; i < 1001; i++)
        str_addf(&list, "%d.safetensors,\n    ", i);
    str_add(&list, "]\n");
    assert_null(load(s, three, list.text));
    str_free(&list);
    assert_int_equal(s->diags.errors, 1);
    expect_diag(&s->diags, DIAG_YAML_LIMIT, 6, 12, "more than 1000 files", NULL);
    scratch_reset(s);

    /* files that model_load remembers: more than there was room for at first */
    str_add(&list, "  weights:\n    K: [[0, 0, 0], [0, 0, 0], [0, 0, 0]]\n    omega: [0, 0, 0]\n");
    npy_write_f64(fs_join(&s->arena, s->folder, "D.npy"), 3, (const size_t[]){2, 3, 2}, k_drive);
    str_add(&list, "    K_drive: D.npy\ndecoder:\n  kind: mlp\n  weights:\n");
    for (int i = 0; i < 10; i++) {
        size_t outputs = i < 9 ? 6 : 1;
        static const double zeros[36];
        char name[32];
        snprintf(name, sizeof name, "w%d.npy", i);
        npy_write_f64(fs_join(&s->arena, s->folder, name), 2, (size_t[]){outputs, 6}, zeros);
        str_addf(&list, "    layers.%d.weight: %s\n", i, name);
        snprintf(name, sizeof name, "b%d.npy", i);
        npy_write_f64(fs_join(&s->arena, s->folder, name), 1, &outputs, zeros);
        str_addf(&list, "    layers.%d.bias: %s\n", i, name);
    }
    str_add(&list, "image: {channels: 1, height: 1, width: 1}\n");
    struct model *model = load(s, three, list.text);
    str_free(&list);
    expect_no_diags(&s->diags);
    assert_int_equal(model->decoder.layer_count, 10);
    size_t files = 0;
    while (model->files[files])
        files++;
    assert_int_equal(files, 22);
}

static void test_what_is_not_a_file(void **state)
{
    struct scratch *s = *state;
    static const char head[] = "oscc: 1\noscillators: 2\ndynamics:\n";
    assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder, "x.safetensors")), 0);
    assert_null(load(s, head, "  weights: x.safetensors\n"));
    expect_diag(
        &s->diags, DIAG_FILE_MISSING, 4, 12,
        arena_printf(&s->arena, "this is a folder, not a file: \"%s/x.safetensors\"", s->folder),
        NULL);
    scratch_reset(s);
    char path[96];
    snprintf(path, sizeof path, "%s/null.safetensors", s->folder);
    assert_int_equal(symlink("/dev/null", path), 0);
    assert_null(load(s, head, "  weights: null.safetensors\n"));
    expect_diag(&s->diags, DIAG_TENSOR_FILE, 4, 12,
                arena_printf(&s->arena, "\"%s\" is not a regular file", path), NULL);
    scratch_reset(s);
    assert_null(load(s, head, "  weights: {K: {a: 1}, omega: [1, 2]}\n"));
    expect_diag(&s->diags, DIAG_YAML_SHAPE, 4, 16,
                "\"K\" must be a list of numbers or the path of an NPY file, not a group of keys",
                NULL);
}

/* A model of n free oscillators whose decoder is in d.safetensors. */
static struct model *load_decoder(struct scratch *s, int n, const char *rest)
{
    struct str head = {0};
    str_addf(&head, "oscc: 1\noscillators: %d\ndynamics: {weights: w.safetensors}\n", n);
    struct tensor_writer writer = {0};
    char shape[32];
    double *zeros = calloc((size_t)n * (size_t)n, sizeof *zeros);
    snprintf(shape, sizeof shape, "[%d,%d]", n, n);
    add_doubles(&writer, "K", shape, zeros, (size_t)n * (size_t)n);
    snprintf(shape, sizeof shape, "[%d]", n);
    add_doubles(&writer, "omega", shape, zeros, (size_t)n);
    free(zeros);
    write_tensors(s, "w.safetensors", &writer);
    struct model *model = load(s, head.text, rest);
    str_free(&head);
    return model;
}

/* A tensor of 0, 1, 2, ... */
static void add_counting(struct tensor_writer *writer, const char *name, const char *shape,
                         size_t count)
{
    float *values = calloc(count, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = (float)i;
    tensor_writer_add(writer, name, "F32", shape, values, count * sizeof *values);
    free(values);
}

static void test_linear_decoder(void **state)
{
    struct scratch *s = *state;
    static const char rest[] = "decoder: {kind: linear, activation: none, weights: d.safetensors}\n"
                               "image: {channels: 1, height: 3, width: 1}\n";
    static const char *const names[][2] = {
        {"out.weight", "out.bias"},
        {"decoder.to_output.weight", "decoder.to_output.bias"},
        {"decoder._orig_mod.to_output.weight", "decoder._orig_mod.to_output.bias"},
    };
    for (size_t i = 0; i < 3; i++) {
        struct tensor_writer writer = {0};
        add_counting(&writer, names[i][0], "[3,4]", 12);
        add_counting(&writer, names[i][1], "[3]", 3);
        write_tensors(s, "d.safetensors", &writer);
        struct model *model = load_decoder(s, 2, rest);
        expect_no_diags(&s->diags);
        assert_int_equal(model->decoder.kind, MODEL_LINEAR);
        assert_false(model->decoder.tanh);
        assert_int_equal(model_pixels(model), 3);
        assert_int_equal(model->decoder.layer_count, 1);
        assert_int_equal(model->decoder.layers[0].outputs, 3);
        assert_int_equal(model->decoder.layers[0].inputs, 4);
        assert_true(model->decoder.layers[0].weight[11] == 11);
        assert_true(model->decoder.layers[0].bias[2] == 2);
        assert_non_null(model->files[2]);
        scratch_reset(s);
    }
    struct tensor_writer writer = {0};
    add_counting(&writer, "out.weight", "[4,3]", 12);
    add_counting(&writer, "bias", "[3]", 3);
    write_tensors(s, "d.safetensors", &writer);
    assert_null(load_decoder(s, 2, rest));
    expect_diag(&s->diags, DIAG_TENSOR_SHAPE, 4, 52,
                "tensor \"out.weight\" has shape (4, 3), expected (3, 4)", NULL);
    expect_diag(&s->diags, DIAG_TENSOR_MISSING, 4, 52, "tensor \"out.bias\" is missing",
                "it may also be called \"decoder.to_output.bias\"\nfound: bias, out.weight");
}

static void test_mlp_and_classifier(void **state)
{
    struct scratch *s = *state;
    static const char rest[] = "conditioning: 0\n"
                               "decoder: {kind: mlp, weights: d.safetensors}\n"
                               "image: {channels: 1, height: 2, width: 3}\n"
                               "classifier:\n  weights: {layers.0.weight: [[1, 2, 3, 4, 5, 6]],"
                               " layers.0.bias: [1]}\n";
    struct tensor_writer writer = {0};
    add_counting(&writer, "decoder.layers.0.weight", "[5,4]", 20);
    add_counting(&writer, "decoder.layers.0.bias", "[5]", 5);
    add_counting(&writer, "decoder.layers.1.weight", "[6,5]", 30);
    add_counting(&writer, "decoder.layers.1.bias", "[6]", 6);
    write_tensors(s, "d.safetensors", &writer);
    struct model *model = load_decoder(s, 2, rest);
    expect_no_diags(&s->diags);
    assert_int_equal(model->decoder.layer_count, 2);
    assert_int_equal(model->decoder.layers[0].outputs, 5);
    assert_int_equal(model->decoder.layers[1].inputs, 5);
    assert_int_equal(model->decoder.layers[1].outputs, 6);
    assert_true(model->decoder.tanh);
    assert_int_equal(model->classifier.layer_count, 1);
    assert_true(model->classifier.layers[0].weight[5] == 6);
    scratch_reset(s);

    add_counting(&writer, "layers.0.weight", "[5,4]", 20);
    add_counting(&writer, "layers.0.bias", "[6]", 6);
    add_counting(&writer, "layers.1.weight", "[6,4]", 24);
    add_counting(&writer, "layers.1.bias", "[6]", 6);
    write_tensors(s, "d.safetensors", &writer);
    assert_null(load_decoder(s, 2,
                             "decoder: {kind: mlp, weights: d.safetensors}\n"
                             "image: {channels: 1, height: 2, width: 3}\n"
                             "classifier:\n  weights: {layers.0.weight: [[1, 2]],"
                             " layers.0.bias: [1], layer.1.weight: [1]}\n"));
    expect_diag(&s->diags, DIAG_TENSOR_SHAPE, 4, 31,
                "tensor \"layers.0.bias\" has shape (6,), expected (5,)", NULL);
    expect_diag(&s->diags, DIAG_TENSOR_SHAPE, 4, 31,
                "tensor \"layers.1.weight\" has shape (6, 4), expected (6, 5)", NULL);
    expect_diag(&s->diags, DIAG_TENSOR_SHAPE, 7, 30,
                "tensor \"layers.0.weight\" has shape (1, 2), expected (1, 6)", NULL);
    expect_diag(&s->diags, DIAG_UNKNOWN_KEY, 7, 60, "the model has no tensor \"layer.1.weight\"",
                "did you mean \"layers.1.weight\"?");
}

static void write_convolutions(struct scratch *s, const char *const *names, const char *block_a)
{
    struct tensor_writer writer = {0};
    char name[64];
    static const size_t counts[] = {5 * 2 * 9, 3 * 5 * 9, 3 * 3 * 9}, biases[] = {5, 3, 3};
    static const char *const bias_shapes[] = {"[5]", "[3]", "[3]"};
    const char *const weights[] = {block_a, "[3,5,3,3]", "[3,3,3,3]"};
    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s.weight", names[i]);
        add_counting(&writer, name, weights[i], counts[i]);
        snprintf(name, sizeof name, "%s.bias", names[i]);
        add_counting(&writer, name, bias_shapes[i], biases[i]);
    }
    write_tensors(s, "d.safetensors", &writer);
}

static void test_resize_conv(void **state)
{
    struct scratch *s = *state;
    static const char *const converted[] = {"dec.0.a", "dec.0.b", "out"};
    static const char *const training[] = {"decoder._orig_mod.cascade.0.net.1",
                                           "decoder._orig_mod.cascade.0.net.3",
                                           "decoder._orig_mod.to_output"};
    static const char rest[] = "decoder: {kind: resize_conv, weights: d.safetensors}\n"
                               "image: {channels: 3, height: 8, width: 8}\n";
    for (int i = 0; i < 2; i++) {
        write_convolutions(s, i ? training : converted, "[5,2,3,3]");
        struct model *model = load_decoder(s, 16, rest);
        expect_no_diags(&s->diags);
        assert_int_equal(model->decoder.channels, 2);
        assert_int_equal(model->decoder.layer_count, 3);
        assert_int_equal(model->decoder.layers[0].inputs, 2);
        assert_int_equal(model->decoder.layers[1].inputs, 5);
        assert_int_equal(model->decoder.layers[2].inputs, 3);
        assert_int_equal(model->decoder.layers[2].outputs, 3);
        scratch_reset(s);
    }
    assert_null(load_decoder(s, 24, rest));
    expect_diag(&s->diags, DIAG_TENSOR_SHAPE, 4, 39,
                "tensor \"decoder._orig_mod.cascade.0.net.1.weight\" has shape (5, 2, 3, 3), "
                "expected (any, 3, 3, 3)",
                NULL);
    scratch_reset(s);
    assert_null(load_decoder(s, 12, rest));
    expect_diag(&s->diags, DIAG_BAD_VALUE, 2, 14,
                "resize_conv needs a multiple of 8 oscillators, not 12", NULL);
    scratch_reset(s);
    assert_null(load_decoder(s, 16,
                             "decoder: {kind: resize_conv, weights: d.safetensors}\n"
                             "image: {channels: 3, height: 12, width: 12}\n"));
    expect_diag(&s->diags, DIAG_BAD_VALUE, 4, 17,
                "resize_conv doubles 4x4 to 8x8, 16x16 ..., which never gives 12x12", NULL);
    scratch_reset(s);
    assert_null(load_decoder(s, 16,
                             "decoder: {kind: resize_conv, weights: d.safetensors}\n"
                             "image: {channels: 3, height: 4, width: 4}\n"));
    expect_diag(&s->diags, DIAG_TENSOR_SHAPE, 4, 39,
                "tensor \"decoder._orig_mod.cascade.0.net.1.weight\" is one block too many: a 4x4 "
                "image takes 0",
                NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_naming_forms_and_scales),
        TEST(test_split_files),
        TEST(test_narrow_types),
        TEST(test_sparse_is_dense),
        TEST(test_map_of_npy_files),
        TEST(test_faulty_tensors),
        TEST(test_metadata),
        TEST(test_many_tensors_and_files),
        TEST(test_what_is_not_a_file),
        TEST(test_linear_decoder),
        TEST(test_mlp_and_classifier),
        TEST(test_resize_conv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
