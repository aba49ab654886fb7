/* SPDX-License-Identifier: Apache-2.0
 *
 * report/ from campaigns made by hand: every figure under its name, texts that can hold anything,
 * and a picture in which the circuit's row is the circuit's.
 */
#include "tests/unit/testing.h"

#include <jansson.h>
#include <math.h>
#include <png.h>

#include "compiler/report/picture.h"
#include "compiler/report/report.h"
#include "compiler/sample/sample.h"

enum { RUNS = 4 };

/* A chip folder with one campaign of the digits model, of which run 2 failed. Circuits are `off`
 * rad away from the reference in one pair of oscillators. */
struct fixture {
    struct scratch *s;
    struct model *model;
    struct campaign campaign;
    struct campaign_run runs[RUNS];
    size_t count;
};

static void make(struct scratch *s, struct fixture *f, const char *path, enum model_level level,
                 double off)
{
    *f = (struct fixture){.s = s, .model = model_load(&s->arena, path, &s->diags)};
    assert_non_null(f->model);
    f->count = (size_t)f->model->n + (size_t)f->model->m;
    f->campaign = (struct campaign){.level = level,
                                    .corner = "nominal",
                                    .seed = 5,
                                    .n = f->model->n,
                                    .m = f->model->m,
                                    .readout_bits = 16,
                                    .count = RUNS,
                                    .runs = f->runs,
                                    .budget = {0.1, 0.2, 0.3, 0.4}};
    for (size_t r = 0; r < RUNS; r++) {
        double *reference = ARENA_ARRAY(&s->arena, double, f->count);
        double *circuit = ARENA_ARRAY(&s->arena, double, f->count);
        for (size_t i = 0; i < f->count; i++)
            circuit[i] = reference[i] = (double)((i * 7 + r) % 11) / 2;
        circuit[0] += off;
        circuit[1] -= off;
        f->runs[r] = (struct campaign_run){.sample = r,
                                           .class_index = (int)r % f->model->classes,
                                           .verdict = "good",
                                           .wall_s = 1 + (double)r,
                                           .circuit = circuit,
                                           .ode = reference,
                                           .model = reference};
    }
}

static void fail_run(struct fixture *f, size_t run, const char *reason)
{
    f->runs[run].circuit = NULL;
    f->runs[run].verdict = "error line";
    f->runs[run].reason = reason;
}

static void store(struct fixture *f)
{
    struct arena *arena = &f->s->arena;
    const char *folder = arena_printf(arena, "%s/verify/%s", f->s->folder,
                                      campaign_name(arena, f->campaign.level, f->campaign.corner));
    for (size_t r = 0; r < RUNS; r++)
        assert_int_equal(
            fs_make_folders(fs_join(arena, folder, campaign_run_name(arena, &f->runs[r]))), 0);
    assert_int_equal(campaign_write(arena, &f->campaign, folder), 0);
}

static const struct report *build(struct fixture *f, const struct report_compile *compile)
{
    const struct report *report =
        report_build(&f->s->arena, f->s->folder, f->model, compile, &f->s->diags);
    expect_no_diags(&f->s->diags);
    assert_non_null(report);
    return report;
}

static const char *read(struct scratch *s, const char *name)
{
    char *text;
    size_t length;
    assert_int_equal(
        fs_read_text(&s->arena, fs_join(&s->arena, s->folder, name), 1 << 20, &text, &length), 0);
    return text;
}

static json_t *metrics(struct scratch *s)
{
    json_t *root = json_loads(read(s, "report/metrics.json"), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    return root;
}

static void expect_metric(json_t *root, const char *name, double expected)
{
    json_t *value = json_object_get(root, name);
    if (!json_is_number(value))
        fail_msg("no metric %s", name);
    if (!(fabs(json_number_value(value) - expected) <= 1e-9 * (1 + fabs(expected))))
        fail_msg("%s is %.15g, not %.15g", name, json_number_value(value), expected);
}

static void expect_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no \"%s\" in\n%s", part, text);
}

static void test_metrics(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    const double off = 0.0004;
    make(s, &f, OSCC_EXAMPLES "/digits/model.yaml", MODEL_LEVEL_CELL, off);
    fail_run(&f, 2, "broken");
    store(&f);
    static const char *const chip = "{\"time\": {\"carrier_hz\": 2.5e7, \"run_s\": 4e-7}}";
    scratch_write(s, "chip.json", chip, strlen(chip));
    const struct report *report = build(&f, &(struct report_compile){1.5, 20});
    assert_int_equal(report->count, 1);
    const struct comparison *c = &report->entries[0].comparison;
    json_t *root = metrics(s);
    const double rms = sqrt(2 * off * off / (double)f.count);
    const struct {
        const char *name;
        double value;
    } expected[] = {
        {"model.oscillators", 64},
        {"model.couplings", (double)f.model->couplings.count},
        {"model.classes", 10},
        {"chip.carrier_mhz", 25},
        {"chip.run_us", 0.4},
        {"compile.wall_s", 1.5},
        {"compile.peak_rss_mb", 20},
        {"verify.cell.nominal.samples", 4},
        {"verify.cell.nominal.good", 3},
        {"verify.cell.nominal.phase_rms_rad", rms},
        {"verify.cell.nominal.phase_rms_model_rad", rms},
        {"verify.cell.nominal.worst_oscillator_rms_rad", off},
        {"verify.cell.nominal.worst_sample_rms_rad", rms},
        {"verify.cell.nominal.wall_s_per_sample", 2.5},
        {"verify.cell.nominal.image_rms", c->image_rms},
        {"verify.cell.nominal.class_accuracy", (double)c->right_circuit / 3},
        {"reference.class_accuracy", (double)c->right_reference / 3},
        {"budget.solver.phase_rms_rad", 0.1},
        {"budget.quantisation.phase_rms_rad", 0.2},
        {"budget.initial_phase.phase_rms_rad", 0.3},
        {"budget.readout.phase_rms_rad", 0.4},
        {"budget.residual.phase_rms_rad", rms},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        expect_metric(root, expected[i].name, expected[i].value);
    assert_int_equal(json_object_size(root), sizeof expected / sizeof *expected);
    json_decref(root);
}

/* What the compilation measured stays when a later verification writes the figures again, and
 * nothing else of the old file does. */
static void test_compile_is_kept(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(s, &f, OSCC_EXAMPLES "/pair/model.yaml", MODEL_LEVEL_PHASE, 0);
    store(&f);
    build(&f, &(struct report_compile){1.5, 20});
    build(&f, NULL);
    json_t *root = metrics(s);
    expect_metric(root, "compile.wall_s", 1.5);
    expect_metric(root, "compile.peak_rss_mb", 20);
    assert_null(json_object_get(root, "verify.phase.nominal.image_rms")); /* draws no image */
    assert_null(json_object_get(root, "verify.phase.nominal.class_accuracy"));
    json_decref(root);
    static const char *const old = "{\"compile.wall_s\": 2, \"compile.x\": \"text\", \"other\": 1}";
    scratch_write(s, "report/metrics.json", old, strlen(old));
    build(&f, NULL);
    root = metrics(s);
    expect_metric(root, "compile.wall_s", 2);
    assert_null(json_object_get(root, "compile.x"));
    assert_null(json_object_get(root, "other"));
    json_decref(root);
}

static void test_nothing_verified(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(s, &f, OSCC_EXAMPLES "/pair/model.yaml", MODEL_LEVEL_PHASE, 0);
    const struct report *report = build(&f, NULL);
    assert_int_equal(report->count, 0);
    assert_null(report_find(report, MODEL_LEVEL_PHASE, "nominal"));
    expect_holds(read(s, "report/summary.md"), "Nothing was verified yet");
    assert_false(fs_exists(fs_join(&s->arena, s->folder, "report/images.png")));
}

/* Campaigns of all levels in their order; half-made folders and other files do not count. */
static void test_levels(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    static const enum model_level levels[] = {MODEL_LEVEL_DEVICE, MODEL_LEVEL_PHASE,
                                              MODEL_LEVEL_CELL};
    for (size_t i = 0; i < 3; i++) {
        make(s, &f, OSCC_EXAMPLES "/pair/model.yaml", levels[i], 0.006 * (double)i);
        store(&f);
    }
    assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder, "verify/cell-nominal.oscc-1")),
                     0);
    scratch_write(s, "verify/notes", "x", 1);
    const struct report *report = build(&f, NULL);
    assert_int_equal(report->count, 3);
    for (int level = 0; level < 3; level++)
        assert_ptr_equal(report_find(report, (enum model_level)level, "nominal"),
                         &report->entries[level]);
    /* limits: phase 0.001, cell 0.005, device 0.08 */
    assert_string_equal(report_verdict(&report->entries[MODEL_LEVEL_PHASE]), "not met");
    assert_string_equal(report_verdict(&report->entries[MODEL_LEVEL_CELL]), "not met");
    assert_string_equal(report_verdict(&report->entries[MODEL_LEVEL_DEVICE]), "met");
    json_t *root = metrics(s);
    expect_metric(root, "verify.phase.nominal.phase_rms_rad", sqrt(2.0 / 3) * 0.006);
    expect_metric(root, "verify.cell.nominal.phase_rms_rad", sqrt(2.0 / 3) * 0.012);
    expect_metric(root, "verify.device.nominal.phase_rms_rad", 0);
    json_decref(root);
}

static void test_damaged_results(void **state)
{
    struct scratch *s = *state;
    struct fixture f, other;
    make(s, &f, OSCC_EXAMPLES "/pair/model.yaml", MODEL_LEVEL_PHASE, 0);
    store(&f);
    make(s, &other, OSCC_EXAMPLES "/digits/model.yaml", MODEL_LEVEL_PHASE, 0);
    assert_null(report_build(&s->arena, s->folder, other.model, NULL, &s->diags));
    expect_diag(
        &s->diags, DIAG_CHIP_DAMAGED, 0, 0,
        arena_printf(&s->arena, "'%s/verify/phase-nominal' belongs to another model", s->folder),
        NULL);
    diag_free(&s->diags);
    scratch_write(s, "verify/phase-nominal/campaign.json", "{}", 2);
    assert_null(report_build(&s->arena, s->folder, f.model, NULL, &s->diags));
    assert_int_equal(s->diags.errors, 1);
    assert_int_equal(s->diags.list[0].code, DIAG_CHIP_DAMAGED);
    assert_false(fs_exists(fs_join(&s->arena, s->folder, "report")));
}

/* What ngspice printed may look like markup; names of models cannot, but might one day. */
static void test_escapes(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(s, &f, OSCC_EXAMPLES "/digits/model.yaml", MODEL_LEVEL_CELL, 0);
    f.model->name = "<b>&\"x\"";
    fail_run(&f, 1, "it said \"</error><x a='1'>\" & went\x01 on");
    fail_run(&f, 2, "]]>");
    store(&f);
    build(&f, NULL);
    const char *junit = read(s, "report/junit.xml"), *html = read(s, "report/index.html");
    expect_holds(junit, "<testsuite name=\"oscc.cell.nominal\" tests=\"5\" failures=\"1\" "
                        "errors=\"2\">");
    expect_holds(junit, "<testcase name=\"sample 1\" time=\"2.000\"><error message=\"error line\">"
                        "it said &quot;&lt;/error&gt;&lt;x a='1'&gt;&quot; &amp; went on</error>");
    expect_holds(junit, "]]&gt;");
    expect_holds(junit, "2 of 4 runs did not run to their end");
    expect_holds(html, "<title>oscc: &lt;b&gt;&amp;&quot;x&quot;</title>");
    expect_holds(html, "<h1>&lt;b&gt;&amp;&quot;x&quot;</h1>");
    assert_null(strstr(html, "<b>"));
    /* every element that is opened is closed */
    static const char *const names[] = {"testsuites", "testsuite", "testcase", "failure", "error"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t opened = 0, closed = 0, length = strlen(names[i]);
        for (const char *at = junit; (at = strchr(at, '<')); at++) {
            opened += !strncmp(at + 1, names[i], length) && strchr(" >", at[1 + length]);
            closed += at[1] == '/' && !strncmp(at + 2, names[i], length) && at[2 + length] == '>';
        }
        assert_true(opened > 0);
        assert_int_equal(opened, closed);
    }
}

static void test_csv_and_summary(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(s, &f, OSCC_EXAMPLES "/pair/model.yaml", MODEL_LEVEL_CELL, 0.006);
    fail_run(&f, 3, "why");
    store(&f);
    build(&f, NULL);
    assert_string_equal(read(s, "report/results.csv"),
                        "level,corner,sample,class,verdict,phase_rms_rad,phase_rms_model_rad,"
                        "image_rms,class_circuit,class_model,wall_s,energy_nj,models\n"
                        "cell,nominal,0,0,good,0.00489898,0.00489898,0,-1,-1,1.000,,\n"
                        "cell,nominal,1,1,good,0.00489898,0.00489898,0,-1,-1,2.000,,\n"
                        "cell,nominal,2,0,good,0.00489898,0.00489898,0,-1,-1,3.000,,\n"
                        "cell,nominal,3,1,error line,,,,,,4.000,,\n");
    const char *summary = read(s, "report/summary.md");
    expect_holds(summary, "- level cell, nominal: limits **failed**\n");
    expect_holds(summary, "4 samples, seed 5, 3 ran to their end.");
    expect_holds(summary, "| phase, against the exact solution, rad RMS | 0.004899 | 0.005 |\n");
    expect_holds(summary, "1 of 4 runs did not run to their end\n");
    expect_holds(summary, "- run 000003: error line: why\n");
    expect_holds(summary, "| weights as codes | 0.2 |");
}

/* Energy and the engine's own error at two corners: the mean of the good runs, the worst of them.
 */
static void test_energy(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    static const double energy[RUNS][ENERGY_BLOCKS] = {
        {5e-9, 2e-9, 0, 1e-12}, {1, 1, 1, 1}, {7e-9, 4e-9, 0, 3e-12}, {9e-9, 0, 0, 2e-12}};
    static const double missed[RUNS] = {0.01, 5, 0.04, 0.02};
    for (int corner = 0; corner < 2; corner++) {
        make(s, &f, OSCC_EXAMPLES "/pair/model.yaml", MODEL_LEVEL_DEVICE, 0);
        f.campaign.corner = corner ? "ss" : "tt";
        f.campaign.models = corner ? "continuous" : "discrete";
        for (size_t r = 0; r < RUNS; r++) {
            f.runs[r].energy = energy[corner ? 2 : r];
            f.runs[r].network_error = missed[corner ? 3 : r];
        }
        fail_run(&f, 1, "why");
        f.runs[1].energy = NULL;
        store(&f);
    }
    static const char chip[] = "{\"device\": {\"corners\": {\"ss\": {\"lag_left_rad\": -0.0041,"
                               " \"trim_left_rad\": 0.0058}, \"tt\": {}}}}";
    scratch_write(s, "chip.json", chip, strlen(chip));
    build(&f, NULL);
    json_t *root = metrics(s);
    expect_metric(root, "energy.oscillators_nj", 7);
    expect_metric(root, "energy.drivers_nj", 2);
    expect_metric(root, "energy.others_nj", 0);
    expect_metric(root, "energy.midrail_nj", 0.002);
    expect_metric(root, "energy.analog_nj", 9.002);
    expect_metric(root, "verify.device.tt.worst_network_error", 0.04);
    expect_metric(root, "energy.ss.oscillators_nj", 7);
    expect_metric(root, "energy.ss.analog_nj", 11.003);
    expect_metric(root, "verify.device.ss.worst_network_error", 0.02);
    expect_metric(root, "verify.device.tt.models.discrete", 1);
    expect_metric(root, "verify.device.ss.models.continuous", 1);
    assert_null(json_object_get(root, "verify.device.ss.models.discrete"));
    json_decref(root);
    const char *summary = read(s, "report/summary.md"), *html = read(s, "report/index.html");
    expect_holds(summary, "| analog energy a sample, nJ | 9.002 | - |\n");
    expect_holds(summary, "| energy of its oscillators, nJ | 7 | - |\n");
    expect_holds(summary, "worst sample, relative RMS | 0.04 | - |\n");
    assert_null(strstr(summary, "other cells")); /* there are none */
    expect_holds(html, "<td>analog energy a sample, nJ</td><td>11</td>");
    expect_holds(read(s, "report/results.csv"), ",3.000,11.003,continuous\n");
    expect_holds(summary, "corner tt, models discrete, engine unknown.");
    expect_holds(read(s, "report/junit.xml"), "<property name=\"models\" value=\"discrete\"/>");
    expect_holds(html, "corner ss, models continuous, engine unknown.");
    /* what the settings leave, of the corner that says it */
    expect_holds(summary, "| lag that the corner's code leaves, rad | -0.0041 | - |\n");
    assert_null(strstr(summary, "| lag that the corner's code leaves, rad | 0 |"));
    expect_holds(summary,
                 "| frequency that a trim's code leaves at most, rad a run | 0.0058 | - |\n");
}

/* The devices of the chip's own netlist; one that cannot be counted is said and left out. */
static void test_devices(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    static const char chip[] = "{\"process\": \"sky130A\", \"device\": {}}";
    static const char deck[] = ".subckt driver a y\n"
                               "xn y a 0 0 sky130_fd_pr__nfet_01v8 w=1 l=0.15 m=2\n.ends\n"
                               "x1 a y driver\nx2 y a driver\n"
                               "xdum0 a 0 0 sky130_fd_pr__res_xhigh_po_0p35 l=20\n";
    static const char other[] = "x1 a y driver\n";
    make(s, &f, OSCC_EXAMPLES "/pair/model.yaml", MODEL_LEVEL_PHASE, 0);
    assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder, "spice")), 0);
    scratch_write(s, "chip.json", chip, strlen(chip));
    scratch_write(s, "spice/top.spice", deck, strlen(deck));
    build(&f, NULL);
    json_t *root = metrics(s);
    const double drivers = 4 * 1.5 * 1.47 * 0.43, dummy = 0.83 * 24.32;
    expect_metric(root, "chip.transistors", 4);
    expect_metric(root, "chip.area_mm2", (drivers + dummy) / 1e6);
    json_decref(root);
    const char *summary = read(s, "report/summary.md");
    expect_holds(summary, "| drivers | 4 | 0 | 0 | 3.793e-06 |\n"
                          "| dummies | 0 | 1 | 0 | 2.019e-05 |\n"
                          "| whole array | 4 | 1 | 0 | 2.398e-05 |\n");
    expect_holds(read(s, "report/index.html"), "<tr><td>whole array</td><td>4</td><td>1</td>");

    scratch_write(s, "spice/top.spice", other, strlen(other));
    assert_non_null(report_build(&s->arena, s->folder, f.model, NULL, &s->diags));
    assert_int_equal(s->diags.errors, 0);
    assert_non_null(strstr(s->diags.list[0].message, "'driver' is neither a module nor a device"));
    root = metrics(s);
    assert_null(json_object_get(root, "chip.transistors"));
    assert_null(json_object_get(root, "chip.area_mm2"));
    json_decref(root);
}

struct pixels {
    png_uint_32 width, height;
    uint8_t *bytes;
};

static struct pixels read_png(struct scratch *s, const char *name)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_file(&image, fs_join(&s->arena, s->folder, name)));
    image.format = PNG_FORMAT_RGB;
    struct pixels p = {image.width, image.height, arena_alloc(&s->arena, PNG_IMAGE_SIZE(image), 1)};
    assert_true(png_image_finish_read(&image, NULL, p.bytes, 0, NULL));
    return p;
}

static const uint8_t *pixel(const struct pixels *p, int x, int y)
{
    assert_true((png_uint_32)x < p->width && (png_uint_32)y < p->height);
    return p->bytes + 3 * ((size_t)y * p->width + (size_t)x);
}

/* Tiles of the picture of a report: 8 x 8 images at zoom 8, a gap of 6 after each, 26 pixels above
 * and room for "cell circuit" on the left. */
enum { ZOOM = 8, TILE = 64, STEP = TILE + 6, TOP = 26, LEFT = 12 * 12 + 12 };

static bool same_tile(const struct pixels *p, int column, int row, const double *image)
{
    for (int y = 0; y < TILE; y++)
        for (int x = 0; x < TILE; x++) {
            long expected = lround(255 * image[y / ZOOM * 8 + x / ZOOM]);
            const uint8_t *found = pixel(p, LEFT + column * STEP + x, TOP + row * STEP + y);
            if (found[0] != expected || found[1] != expected || found[2] != expected)
                return false;
        }
    return true;
}

static void test_picture(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(s, &f, OSCC_EXAMPLES "/digits/model.yaml", MODEL_LEVEL_CELL, 0.8);
    fail_run(&f, 2, "why");
    store(&f);
    build(&f, NULL);
    struct pixels p = read_png(s, "report/images.png");
    assert_int_equal(p.width, LEFT + 10 * STEP);
    assert_int_equal(p.height, TOP + 2 * STEP);
    double white[64], model[64], circuit[64];
    for (int i = 0; i < 64; i++)
        white[i] = 1;
    for (int c = 0; c < 10; c++) {
        if (c >= RUNS || c == 2) { /* not drawn, or failed */
            assert_true(same_tile(&p, c, 0, white) && same_tile(&p, c, 1, white));
            continue;
        }
        compare_images(&s->arena, f.model, &f.campaign, &f.runs[c], circuit, model);
        assert_true(same_tile(&p, c, 0, model));
        assert_true(same_tile(&p, c, 1, circuit));
        assert_false(same_tile(&p, c, 1, model)); /* the rows differ where the circuit does */
    }
    /* an exact circuit gives two equal rows */
    make(s, &f, OSCC_EXAMPLES "/digits/model.yaml", MODEL_LEVEL_CELL, 0);
    store(&f);
    build(&f, NULL);
    p = read_png(s, "report/images.png");
    for (int c = 0; c < RUNS; c++)
        for (int y = 0; y < TILE; y++)
            for (int x = 0; x < TILE; x++)
                assert_in_range(*pixel(&p, LEFT + c * STEP + x, TOP + STEP + y) -
                                    *pixel(&p, LEFT + c * STEP + x, TOP + y) + 1,
                                0, 2);
}

/* Colour planes, values beyond 0..1, empty places, no labels. */
static void test_picture_of_colours(void **state)
{
    struct scratch *s = *state;
    static const double image[] = {0, 1, 2, -1, 0.5, 0.2}; /* 3 x 1 x 2: red, green, blue */
    const double *images[] = {NULL, image};
    struct picture picture = {3, 1, 2, 1, 2, NULL, NULL, images};
    const char *path = fs_join(&s->arena, s->folder, "p.png");
    assert_int_equal(picture_write(&s->arena, &picture, path), 0);
    struct pixels p = read_png(s, "p.png");
    assert_int_equal(p.width, 6 + 2 * (2 * 64 + 6));
    assert_int_equal(p.height, 6 + 64 + 6);
    static const uint8_t first[] = {0, 255, 128}, second[] = {255, 0, 51};
    static const uint8_t white[] = {255, 255, 255};
    assert_memory_equal(pixel(&p, 6 + 134, 6), first, 3);
    assert_memory_equal(pixel(&p, 6 + 134 + 63, 6 + 63), first, 3);
    assert_memory_equal(pixel(&p, 6 + 134 + 64, 6), second, 3);
    assert_memory_equal(pixel(&p, 6 + 134 + 128, 6), white, 3);
    assert_memory_equal(pixel(&p, 6, 6), white, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_metrics),
        TEST(test_compile_is_kept),
        TEST(test_nothing_verified),
        TEST(test_levels),
        TEST(test_damaged_results),
        TEST(test_escapes),
        TEST(test_csv_and_summary),
        TEST(test_energy),
        TEST(test_devices),
        TEST(test_picture),
        TEST(test_picture_of_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
