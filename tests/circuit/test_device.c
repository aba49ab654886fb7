/* SPDX-License-Identifier: Apache-2.0
 *
 * The transistor level on a chip of examples/pair in each process: it meets its limits, and a chip
 * with one thing wrong does not. All but generic need a PDK: $PDK_ROOT, or one beside the project;
 * says so and passes without.
 */
#include <math.h>
#include <unistd.h>

#include "tests/circuit/chip_fixture.h"

enum { SAMPLES = 2 };

/* limit: an untouched chip shows less (generic and gf180mcuD 0.03 rad, sky130A 0.006). */
static int set_up(void **state, const char *process, double limit)
{
    if (!getenv("PDK_ROOT") && fs_is_folder(OSCC_TEST_DATA "/../../shared/pdk"))
        setenv("PDK_ROOT", OSCC_TEST_DATA "/../../shared/pdk", 1);
    struct fixture *f = fixture_make(OSCC_EXAMPLES "/pair/model.yaml", process);
    f->model->limits[MODEL_LEVEL_DEVICE].phase_rms_rad = limit;
    *state = f;
    return 0;
}

static int set_up_generic(void **state)
{
    return set_up(state, "generic", 0.045);
}

static int set_up_sky130(void **state)
{
    return set_up(state, "sky130A", 0.015);
}

static int set_up_gf180(void **state)
{
    return set_up(state, "gf180mcuD", 0.045);
}

static bool skipped(struct fixture *f)
{
    bool found = pdk_root(&f->arena, f->process) != NULL;
    if (!found)
        printf("  skipped: no %s in $PDK_ROOT or beside the project\n", f->process);
    return !found;
}

static bool passes(struct fixture *f, const char *what)
{
    return fixture_passes(f, MODEL_LEVEL_DEVICE, SAMPLES, what);
}

/* The verdict with the first occurrence of a text in a file of the chip replaced. */
static bool passes_with(struct fixture *f, const char *name, const char *old, const char *new,
                        const char *what)
{
    struct file file = fixture_read(f, name);
    fixture_replace(f, &file, old, new);
    bool result = passes(f, what);
    fixture_put_back(&file);
    return result;
}

static void test_pair(void **state)
{
    if (!skipped(*state))
        assert_true(passes(*state, "nothing wrong"));
}

/* Mean energy of a sample with this many cells in parallel as the tone, which is made of 16. */
static struct comparison energy_with(struct fixture *f, const char *tone)
{
    struct file file = fixture_read(f, "spice/array.spice");
    static const char *const names[] = {"osc", "drv", "col", "lag"};
    for (size_t i = 0; i < 4; i++) {
        struct file now = fixture_read(f, "spice/array.spice");
        char *line = strstr(now.text, arena_printf(&f->arena, "\nx%s2 ", names[i]));
        assert_non_null(line);
        char *at = strstr(line, " m=16\n");
        assert_non_null(at);
        memcpy(at, tone, strlen(tone));
        assert_int_equal(fs_write(now.path, now.text, now.length), 0);
    }
    passes(f, tone);
    fixture_put_back(&file);
    const struct campaign *campaign =
        campaign_read(&f->arena, fs_join(&f->arena, f->folder, "verify/device-tt"), &f->diags);
    assert_non_null(campaign);
    return compare_campaign(&f->arena, f->model, campaign);
}

/* A cell takes 150 uA while it runs, a driver 52 uA with the rows of a pair, and every one of the
 * tone's parallel cells counts. */
static void test_energy(void **state)
{
    if (skipped(*state))
        return;
    struct comparison all = energy_with(*state, " m=16"), less = energy_with(*state, " m=08");
    const double run_s = 16 / 12.09e6, cell_j = 150e-6 * 1.8 * run_s,
                 driver_j = 52e-6 * 1.8 * run_s;
    assert_true(fabs(all.energy_j[ENERGY_OSCILLATORS] / (18 * cell_j) - 1) < 0.05);
    assert_true(fabs(all.energy_j[ENERGY_DRIVERS] / (18 * driver_j) - 1) < 0.05);
    /* its diodes take 1.45 mA at any time, and what it gives comes on top */
    double diodes_j = 1.45e-3 * 1.8 * run_s;
    assert_true(all.energy_j[ENERGY_MIDRAIL] > diodes_j);
    assert_true(all.energy_j[ENERGY_MIDRAIL] < 1.1 * diodes_j);
    double lost = all.energy_j[ENERGY_OSCILLATORS] - less.energy_j[ENERGY_OSCILLATORS];
    printf("  a cell %.3g nJ, eight of the tone %.3g nJ\n",
           1e9 * all.energy_j[ENERGY_OSCILLATORS] / 18, 1e9 * lost);
    assert_true(fabs(lost / (8 * cell_j) - 1) < 0.1);
}

/* One sample's figures with a set of models and an engine. */
static struct comparison figures_with(struct fixture *f, const char *models,
                                      enum device_engine engine)
{
    struct verify_options options = {.level = MODEL_LEVEL_DEVICE,
                                     .corner = "tt",
                                     .models = models,
                                     .engine = engine,
                                     .samples = 1,
                                     .jobs = 1,
                                     .worker = OSCC_BINARY};
    const struct campaign *c = verify_campaign(&f->arena, f->folder, f->model, &options, &f->diags);
    assert_non_null(c);
    assert_string_equal(c->models, models ? models : "discrete");
    struct comparison figures = compare_campaign(&f->arena, f->model, c);
    printf("  %-10s %-11s phase %.5f rad, energy", c->models, c->engine, figures.phase_rms_rad);
    for (enum energy_block b = 0; b < ENERGY_BLOCKS; b++)
        printf(" %.4g", 1e9 * figures.energy_j[b]);
    printf(" nJ\n");
    return figures;
}

/* The set that was asked for is the one that is loaded and named: the two disagree on the
 * frequency, and so on the energy. With the crossbar as resistors in the matrix every block takes
 * the same energy, so none is lost in the equivalents outside it. */
static void test_models_and_engines(void **state)
{
    if (skipped(*state))
        return;
    struct comparison discrete = figures_with(*state, NULL, DEVICE_PARTITIONED);
    struct comparison continuous = figures_with(*state, "continuous", DEVICE_PARTITIONED);
    struct comparison whole = figures_with(*state, NULL, DEVICE_MONOLITHIC);
    assert_true(fabs(continuous.energy_j[0] / discrete.energy_j[0] - 1) > 1e-3);
    double sum = 0;
    for (size_t b = 0; b < ENERGY_BLOCKS; b++)
        sum += whole.energy_j[b];
    for (size_t b = 0; b < ENERGY_BLOCKS; b++)
        assert_true(fabs(whole.energy_j[b] - discrete.energy_j[b]) < 0.005 * sum);
}

static void test_wrong_sign(void **state)
{
    if (!skipped(*state))
        assert_false(passes_with(*state, "verilog/weights.hex", "@5\n000f\n", "@5\n800f\n",
                                 "a coupler's sign"));
}

/* A frequency reaches the circuit by its word, the trim's code for it and the curve of these. */
static void test_wrong_trim(void **state)
{
    if (!skipped(*state))
        assert_false(passes_with(*state, "verilog/weights.hex", "@0\n007f\n", "@0\n807f\n",
                                 "a trim's sign"));
}

static void test_wrong_wires(void **state)
{
    if (skipped(*state))
        return;
    assert_false(passes_with(*state, "spice/array.spice", "xk0_0 b0xp b0xn", "xk0_0 b0xn b0xp",
                             "p and n of a bus exchanged"));
    assert_false(passes_with(*state, "spice/array.spice", "xk0_0 b0xp b0xn", "xk0_0 ck b0xn",
                             "a coupler on a node of no cell"));
    assert_false(passes_with(*state, "spice/cells.spice", "x0 xn rxp vdd vss inverter_drive",
                             "x0 xp rxp vdd vss inverter_drive", "a driver from the wrong line"));
}

/* The couplers' words are their places in the chain. */
static void test_chain(void **state)
{
    static const char *const one = "xk0_1 b0xp b0xn b0yp b0yn r1xp r1xn r1yp r1yn ";
    static const char *const other = "xk1_0 b1xp b1xn b1yp b1yn r0xp r0xn r0yp r0yn ";
    static const char *const rest = " ck ckb vcm vdd vss coupler_weight\n";
    struct fixture *f = *state;
    if (skipped(f))
        return;
    const char *right = arena_printf(&f->arena, "%ssi c0%s%sc0 so", one, rest, other);
    const char *swapped = arena_printf(&f->arena, "%sc0 so%s%ssi c0", one, rest, other);
    assert_false(
        passes_with(f, "spice/array.spice", right, swapped, "two links of a chain swapped"));
    const char *open = arena_printf(&f->arena, "%ssi c0%s%sc1 so", one, rest, other);
    assert_false(passes_with(f, "spice/array.spice", right, open, "an open chain"));
}

static void test_missing_dummy(void **state)
{
    if (!skipped(*state))
        assert_false(passes_with(*state, "spice/array.spice", "\nxdum0xp ", "\n*xdum0xp ",
                                 "a dummy left out"));
}

/* Without its capacitors the bus of sky130A's pair delays too little; generic's has a lag of its
 * own already, and more of it must be seen. */
static void test_uncompensated_lag(void **state)
{
    struct fixture *f = *state;
    const char *side = strcmp(f->process, "generic") ? ".param w_lag=2 $ " : ".param w_lag=25u $ ";
    if (!skipped(f))
        assert_false(
            passes_with(f, "spice/array.spice", ".param w_lag=", side, "a wrong delay on the bus"));
}

static void test_missing_cell(void **state)
{
    if (!skipped(*state))
        assert_false(
            passes_with(*state, "spice/array.spice", "\nxcol0 ", "\n*xcol0 ", "a column left out"));
}

static void test_no_models(void **state)
{
    struct fixture *f = *state;
    char *kept = getenv("PDK_ROOT") ? arena_strdup(&f->arena, getenv("PDK_ROOT")) : NULL;
    setenv("PDK_ROOT", "/nowhere", 1);
    struct diags diags = {0};
    struct verify_options options = {
        .level = MODEL_LEVEL_DEVICE, .corner = "tt", .samples = 1, .jobs = 1};
    if (!pdk_root(&f->arena, f->process)) { /* none of the usual places has it */
        assert_null(verify_campaign(&f->arena, f->folder, f->model, &options, &diags));
        assert_int_equal(diag_exit_status(&diags), 3);
        assert_non_null(strstr(diags.list[0].message, "not verified"));
    }
    diag_free(&diags);
    if (kept)
        setenv("PDK_ROOT", kept, 1);
    else
        unsetenv("PDK_ROOT");
}

/* What comes with oscc is found whatever PDK_ROOT says. */
static void test_built_in(void **state)
{
    struct fixture *f = *state;
    char *kept = getenv("PDK_ROOT") ? arena_strdup(&f->arena, getenv("PDK_ROOT")) : NULL;
    setenv("PDK_ROOT", "/nowhere", 1);
    assert_non_null(pdk_root(&f->arena, "generic"));
    if (kept)
        setenv("PDK_ROOT", kept, 1);
    else
        unsetenv("PDK_ROOT");
}

/* Every corner has models and a setting with which the chip computes. */
static void test_corners(void **state)
{
    struct fixture *f = *state;
    if (skipped(f))
        return;
    for (const struct pdk_corner *c = pdk_find(f->process)->device->corners; c->name; c++) {
        struct verify_options options = {.level = MODEL_LEVEL_DEVICE,
                                         .corner = c->name,
                                         .samples = SAMPLES,
                                         .jobs = 2,
                                         .worker = OSCC_BINARY};
        const struct campaign *campaign =
            verify_campaign(&f->arena, f->folder, f->model, &options, &f->diags);
        assert_non_null(campaign);
        struct comparison figures = compare_campaign(&f->arena, f->model, campaign);
        printf("  %s %s: phase %.5f rad\n", f->process, c->name, figures.phase_rms_rad);
        assert_int_equal(figures.good, SAMPLES);
        assert_true(figures.phase_rms_rad < 0.06);
    }
}

/* Two tones of six cells each that pull on each other through as many couplers in parallel: through
 * one they are 0.13 rad off in place of 0.015. */
static const char tones[] =
    "oscc: 1\noscillators: 4\nconditioning: 2\nclasses: 1\ndynamics:\n  weights:\n"
    "    K: [[0, 0.3, -0.2, 0.1], [0.2, 0, 0.3, -0.3], [-0.1, 0.25, 0, 0.2], [0.3, -0.15, 0.2, "
    "0]]\n"
    "    omega: [0.1, -0.1, 0.2, 0]\n    omega_cond: [0, 0]\n    K_cond: [[0, 0.5], [-0.4, 0]]\n"
    "    K_drive: [[[1, 0.5], [-0.8, 1], [0.5, -1], [1, 1]]]\n";

static int set_up_tones(void **state)
{
    char path[] = "/tmp/oscc-tones-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    assert_int_equal(fs_write(path, tones, sizeof tones - 1), 0);
    struct fixture *f = fixture_make(path, "generic");
    remove(path);
    f->model->limits[MODEL_LEVEL_DEVICE].phase_rms_rad = 0.025;
    *state = f;
    return 0;
}

static void test_tones(void **state)
{
    assert_true(passes(*state, "nothing wrong"));
    assert_false(passes_with(*state, "spice/array.spice", "coupler_cond m=6", "coupler_cond m=1",
                             "one coupler on a column of six cells"));
}

int main(void)
{
    const struct CMUnitTest tones_alone[] = {cmocka_unit_test(test_tones)};
    const struct CMUnitTest sky130[] = {
        cmocka_unit_test(test_pair),
        cmocka_unit_test(test_energy),
        cmocka_unit_test(test_models_and_engines),
        cmocka_unit_test(test_wrong_sign),
        cmocka_unit_test(test_wrong_trim),
        cmocka_unit_test(test_wrong_wires),
        cmocka_unit_test(test_uncompensated_lag),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_missing_dummy),
        cmocka_unit_test(test_missing_cell),
        cmocka_unit_test(test_no_models),
    };
    const struct CMUnitTest gf180[] = {
        cmocka_unit_test(test_pair),       cmocka_unit_test(test_corners),
        cmocka_unit_test(test_wrong_sign), cmocka_unit_test(test_wrong_wires),
        cmocka_unit_test(test_no_models),
    };
    const struct CMUnitTest generic[] = {
        cmocka_unit_test(test_pair),         cmocka_unit_test(test_corners),
        cmocka_unit_test(test_wrong_sign),   cmocka_unit_test(test_wrong_wires),
        cmocka_unit_test(test_chain),        cmocka_unit_test(test_missing_dummy),
        cmocka_unit_test(test_missing_cell), cmocka_unit_test(test_uncompensated_lag),
        cmocka_unit_test(test_built_in),
    };
    return cmocka_run_group_tests(tones_alone, set_up_tones, fixture_tear_down) +
           cmocka_run_group_tests(generic, set_up_generic, fixture_tear_down) +
           cmocka_run_group_tests(gf180, set_up_gf180, fixture_tear_down) +
           cmocka_run_group_tests(sky130, set_up_sky130, fixture_tear_down);
}
