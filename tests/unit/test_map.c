/* SPDX-License-Identifier: Apache-2.0
 *
 * From a model to the codes and sizes of a chip.
 */
#include "tests/unit/testing.h"

#include <float.h>
#include <math.h>

#include "compiler/map/chip.h"
#include "compiler/map/device_corners.h"
#include "compiler/map/passes.h"
#include "compiler/map/quantise.h"

/* Three oscillators, two conditioning ones, two classes; by hand so that sums can be. */
static const char *const text =
    "oscc: 1\nname: hand\noscillators: 3\nconditioning: 2\nclasses: 2\n"
    "dynamics:\n  time: 2\n  weights:\n"
    "    K: [[0, 0.75, 0], [-1.5, 0, 0.5], [0, 0, 0]]\n"
    "    omega: [0.5, -1, 0.25]\n    omega_cond: [0, 1.27]\n"
    "    K_cond: [[0, 0.3], [-0.6, 0]]\n"
    "    K_drive: [[[1, 0], [0, 0], [2, -1]], [[-3, 0], [0, 1], [0, 0]]]\n";

static struct model *load(struct scratch *s, const char *more)
{
    char *whole = arena_printf(&s->arena, "%s%s", text, more);
    const char *path = scratch_write(s, "model.yaml", whole, strlen(whole));
    struct model *model = model_load(&s->arena, path, &s->diags);
    assert_non_null(model);
    expect_no_diags(&s->diags);
    return model;
}

/* A process of round numbers, in behavioural cells. */
static const struct pdk plain = {.name = "generic",
                                 .carrier_hz = 10e6,
                                 .capacitor_f = 1e-12,
                                 .carrier_cycles = 5,
                                 .swing_v = 0.5};

static struct chip *map(struct scratch *s, const struct model *model)
{
    struct chip *chip = map_model(&s->arena, model, &plain, NULL, NULL, &s->diags);
    assert_non_null(chip);
    return chip;
}

static void expect_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
        fail_msg("%.17g is not %.17g", value, expected);
}

static void test_scale(void **state)
{
    (void)state;
    static const double values[] = {0.25, -1.5, 0.75}, zeros[] = {0, -0.0};
    static const double smallest[] = {DBL_TRUE_MIN, -1e-320};
    struct chip_scale scale = quantise_scale(5, 0, values, 3);
    assert_int_equal(scale.bits, 5);
    assert_int_equal(scale.full, 15);
    assert_true(scale.lsb == 0.1);
    scale = quantise_scale(5, 3, values, 3); /* given: the values do not matter */
    assert_true(scale.lsb == 0.2);
    scale = quantise_scale(2, 0, values, 3);
    assert_int_equal(scale.full, 1);
    assert_true(scale.lsb == 1.5);
    scale = quantise_scale(8, 0, zeros, 2);
    assert_true(scale.lsb == 1.0 / 127);
    scale = quantise_scale(8, 0, NULL, 0);
    assert_true(scale.lsb == 1.0 / 127);
    /* magnitudes that no number could stand for as a code's unit are as good as zero */
    scale = quantise_scale(8, 0, smallest, 2);
    size_t saturated = 0;
    assert_true(scale.lsb >= DBL_MIN);
    assert_int_equal(quantise_value(&scale, smallest[1], &saturated), 0);
    assert_int_equal(saturated, 0);
}

static void test_value(void **state)
{
    (void)state;
    const struct chip_scale scale = {.bits = 4, .full = 7, .lsb = 0.5};
    static const struct {
        double value;
        int code, saturated;
    } cases[] = {
        {0, 0, 0},      {-0.0, 0, 0},   {0.5, 1, 0},    {0.24, 0, 0},  {0.25, 1, 0},
        {-0.25, -1, 0}, {0.75, 2, 0},   {-0.75, -2, 0}, {1.25, 3, 0},  {3.5, 7, 0},
        {3.7499, 7, 0}, {3.75, 7, 1},   {-3.75, -7, 1}, {1e300, 7, 1}, {-1e300, -7, 1},
        {-3.5, -7, 0},  {1e-300, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t saturated = 40;
        assert_int_equal(quantise_value(&scale, cases[i].value, &saturated), cases[i].code);
        assert_int_equal(saturated, 40 + cases[i].saturated);
    }
}

/* The codes of the hand-made model, worked out on paper. */
static void test_codes(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = map(s, load(s, ""));
    expect_no_diags(&s->diags);
    static const int16_t weight[] = {8, -15, 5}; /* of 1.5 / 15; 7.5 goes away from zero */
    static const int16_t cond[] = {8, -15};
    static const int16_t drive[] = {5, 0, 0, 0, 10, -5, -15, 0, 0, 5, 0, 0};
    static const int16_t trim[] = {50, -100, 25, 0, 127};
    assert_memory_equal(chip->weight_code, weight, sizeof weight);
    assert_memory_equal(chip->cond_code, cond, sizeof cond);
    assert_memory_equal(chip->drive_code, drive, sizeof drive);
    assert_memory_equal(chip->trim_code, trim, sizeof trim);
    assert_int_equal(chip->saturated, 0);
    assert_true(chip->weight.lsb == 1.5 / 15 && chip->drive.lsb == 3.0 / 15);
    assert_true(chip->cond.lsb == 0.6 / 15 && chip->omega.lsb == 1.27 / 127);
}

/* The reference that stands beside a chip is what its codes stand for: made by another way, from
 * the model alone, and the same to the last bit. */
static void test_quantised_model(void **state)
{
    struct scratch *s = *state;
    static const char *const mores[] = {
        "", "chip: {weight_bits: 3, weight_full_scale: 0.6, drive_full_scale: 1.7, omega_bits: 4, "
            "omega_full_scale: 0.7}\n"};
    for (size_t which = 0; which <= 2; which++) {
        struct model *model =
            which == 2 ? model_load(&s->arena, OSCC_EXAMPLES "/digits/model.yaml", &s->diags)
                       : load(s, mores[which]);
        assert_non_null(model);
        struct chip *chip = map(s, model);
        diag_free(&s->diags);
        const struct model *q = map_quantised_model(&s->arena, model);
        size_t n = (size_t)model->n, m = (size_t)model->m;
        assert_int_equal(q->couplings.count, model->couplings.count);
        bool changed = false;
        for (size_t i = 0; i < q->couplings.count; i++) {
            assert_true(q->couplings.value[i] == chip->weight.lsb * chip->weight_code[i]);
            changed = changed || q->couplings.value[i] != model->couplings.value[i];
        }
        for (size_t i = 0; i < (size_t)model->classes * n * m; i++)
            assert_true(q->k_drive[i] == chip->drive.lsb * chip->drive_code[i]);
        for (size_t i = 0; i < n; i++)
            assert_true(q->omega[i] == chip->omega.lsb * chip->trim_code[i]);
        for (size_t k = 0; k < m; k++)
            assert_true(q->omega_cond[k] == chip->omega.lsb * chip->trim_code[n + k]);
        for (size_t k = 0, at = 0; k < m; k++)
            for (size_t l = 0; l < m; l++)
                assert_true(q->k_cond[k * m + l] ==
                            (k == l ? 0 : chip->cond.lsb * chip->cond_code[at++]));
        assert_true(changed);
        /* nothing else changes, and the model itself does not */
        assert_ptr_equal(q->couplings.source, model->couplings.source);
        assert_ptr_not_equal(q->couplings.value, model->couplings.value);
        assert_true(q->time == model->time && q->steps == model->steps);
    }
}

static void test_saturation(void **state)
{
    struct scratch *s = *state;
    /* beyond: K of -1.5 and 0.75 (0.5 is not), drives of 2 and -3, omega of -1 and 1.27 */
    struct chip *chip = map(s, load(s, "chip: {weight_full_scale: 0.6, drive_full_scale: 1.2, "
                                       "omega_full_scale: 0.9}\n"));
    assert_int_equal(chip->saturated, 6);
    assert_int_equal(s->diags.count, 1);
    assert_int_equal(s->diags.errors, 0);
    assert_int_equal(s->diags.list[0].code, DIAG_SATURATED);
    assert_true(strstr(s->diags.list[0].message, "6 weights") == s->diags.list[0].message);
    assert_int_equal(chip->weight_code[0], 15);
    assert_int_equal(chip->weight_code[1], -15);
}

static void test_readout_warning(void **state)
{
    struct scratch *s = *state;
    static const struct {
        const char *more, *named;
    } cases[] = {{"readout: ref_drive\n", NULL},
                 {"readout: ref_oscillator\n", NULL},
                 {"readout: mean_relative\n", "mean_relative"},
                 {"readout: absolute\n", "absolute"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        map(s, load(s, cases[i].more));
        assert_int_equal(s->diags.count, cases[i].named ? 1 : 0);
        assert_int_equal(s->diags.errors, 0);
        if (cases[i].named) {
            assert_int_equal(s->diags.list[0].code, DIAG_READOUT_DIGITAL);
            assert_non_null(strstr(s->diags.list[0].message, cases[i].named));
        }
        diag_free(&s->diags);
    }
}

static void test_time(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = map(s, load(s, "chip: {carrier_cycles: 40, phase_bits: 7, "
                                       "readout_bits: 9, seed: 77}\n"));
    assert_true(chip->model_time == 2 && chip->carrier_cycles == 40);
    assert_true(chip->carrier_hz == 10e6);
    expect_near(chip->run_s, 4e-6);
    /* a pull of 1 rad per unit of time on 1 pF: 1 pF / 2 us */
    expect_near(map_conductance_per_rate(chip), 0.5e-6);
    assert_int_equal(chip->phase_bits, 7);
    assert_int_equal(chip->readout_bits, 9);
    assert_int_equal(chip->seed, 77);
}

/* Heavier couplings make a run longer, not a column heavier, unless the model sets the length. */
static void test_cycles(void **state)
{
    struct scratch *s = *state;
    const struct pdk *pdk = pdk_find("sky130A");
    struct model *model = model_load(&s->arena, OSCC_EXAMPLES "/digits/model.yaml", &s->diags);
    assert_non_null(model);
    struct chip *usual = map_model(&s->arena, model, pdk, NULL, NULL, &s->diags);
    assert_non_null(usual);
    assert_true(usual->carrier_cycles == pdk->carrier_cycles);
    assert_int_equal(s->diags.count, 0);
    struct diags none = {0};
    const struct pdk_measured *measured = pdk_measured_load(&s->arena, pdk, "tt", &none);
    assert_non_null(measured);
    double most = pdk_measured_most(measured);

    model->chip.weight_full_scale *= 5;
    struct chip *heavy = map_model(&s->arena, model, pdk, NULL, NULL, &s->diags);
    assert_non_null(heavy);
    assert_true(heavy->carrier_cycles > 2 * pdk->carrier_cycles);
    assert_true(heavy->device.column_load_s > 0.6 * most);
    assert_true(heavy->device.column_load_s <= 1.001 * most);
    expect_near(heavy->run_s, heavy->carrier_cycles / heavy->carrier_hz);
    assert_int_equal(s->diags.count, 1);
    assert_non_null(strstr(s->diags.list[0].message, "carrier cycles, not 16"));

    model->chip.carrier_cycles = 20;
    struct chip *set = map_model(&s->arena, model, pdk, NULL, NULL, &s->diags);
    assert_non_null(set);
    assert_true(set->carrier_cycles == 20);
    assert_true(set->device.column_load_s > most);
}

/* The switches on a bus may bring more capacitance than the least delay takes: the codes then begin
 * where a lag cell can, and the typical corner is still on one. */
static void test_lag(void **state)
{
    struct scratch *s = *state;
    struct model *model = model_load(&s->arena, OSCC_EXAMPLES "/digits/model.yaml", &s->diags);
    assert_non_null(model);
    for (const struct pdk *const *pdk = pdk_all; *pdk; pdk++) {
        struct chip *chip = map_model(&s->arena, model, *pdk, NULL, NULL, &s->diags);
        assert_non_null(chip);
        const struct chip_device *device = &chip->device;
        double least = device_bus_least_f(chip) + device_lag_least_f;
        assert_true(device_bus_least_f(chip) > 16 * (*pdk)->device->coupler_f);
        assert_true(device->lag_fixed_s * device->column_load_s > least * (1 - 1e-9));
        assert_true(fabs(device->corners[0].is.lag_rad) < 1e-6);
    }
}

/* The strongest pull counts whichever row and class it is in, and conditioning rows too. */
static void test_amplitude(void **state)
{
    struct scratch *s = *state;
    /* row 0: 0.8 + 3.0 of class 1; row 1: 2.0 + 1.0; row 2: 0 + 3.0 of class 0 */
    struct chip *chip = map(s, load(s, ""));
    expect_near(chip->largest_row_sum, 3.8);
    expect_near(chip->margin_s, 100 * 3.8 * map_conductance_per_rate(chip));

    struct model *model = load(s, "");
    double k_cond[] = {0, 9, -4, 0};
    model->k_cond = k_cond;
    chip = map(s, model);
    expect_near(chip->largest_row_sum, 9);

    /* hardly any pull: the control is that of two radians all the same */
    model->k_cond = ARENA_ARRAY(&s->arena, double, 4);
    model->k_drive = ARENA_ARRAY(&s->arena, double, 12);
    model->couplings.value = (const double[]){0.1, 0.1, 0.1};
    chip = map(s, model);
    expect_near(chip->largest_row_sum, 0.2);
    expect_near(chip->margin_s, 100 * 2 * map_conductance_per_rate(chip));
}

/* Couplers load their column with their full scale, whatever their code: with its dummy each column
 * comes to the same sum, and every dummy is a real one. */
static void expect_equal_loads(const struct chip *chip)
{
    double per_rate = map_conductance_per_rate(chip);
    double weight = chip->weight.full * chip->weight.lsb * per_rate;
    double drive = chip->drive.full * chip->drive.lsb * per_rate;
    double cond = chip->cond.full * chip->cond.lsb * per_rate;
    for (int i = 0; i < chip->n + chip->m; i++) {
        double load = chip->dummy_s[i];
        assert_true(load >= 0.0999 * weight);
        if (i < chip->n) {
            for (size_t c = chip->sites->first[i]; c < chip->sites->first[i + 1]; c++)
                load += weight;
            for (int k = 0; k < chip->m; k++)
                load += drive;
        } else {
            for (int l = 1; l < chip->m; l++)
                load += cond;
        }
        expect_near(load, chip->load_s);
    }
}

static void test_loads(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = map(s, load(s, ""));
    expect_equal_loads(chip);
    /* row 1 has the most couplers (2), so the smallest dummy: a tenth of one */
    expect_near(chip->dummy_s[1], 0.15 * map_conductance_per_rate(chip));
    struct model *digits = model_load(&s->arena, OSCC_EXAMPLES "/digits/model.yaml", &s->diags);
    assert_non_null(digits);
    expect_equal_loads(map(s, digits));
}

static void test_memory(void **state)
{
    struct scratch *s = *state;
    struct chip *chip = map(s, load(s, ""));
    static const struct chip_section expected[] = {
        {"trim", 0, 5}, {"coupling", 5, 3}, {"conditioning", 8, 2}, {"drive", 10, 12}};
    for (int i = 0; i < CHIP_SECTIONS; i++) {
        assert_string_equal(chip->memory[i].name, expected[i].name);
        assert_int_equal(chip->memory[i].base, expected[i].base);
        assert_int_equal(chip->memory[i].count, expected[i].count);
    }
}

static void test_memory_too_large(void **state)
{
    struct scratch *s = *state;
    struct model model = *load(s, "");
    struct chip chip = {.n = 1 << 15, .m = 1 << 15, .classes = 4, .sites = &model.couplings};
    pass_memory(&s->arena, &chip, &s->diags);
    assert_int_equal(s->diags.errors, 1);
    assert_int_equal(s->diags.list[0].code, DIAG_CHIP_LIMIT);
    diag_free(&s->diags);
    chip.classes = 2;
    pass_memory(&s->arena, &chip, &s->diags);
    expect_no_diags(&s->diags);
}

/* No conditioning oscillators at all. */
static void test_no_conditioning(void **state)
{
    struct scratch *s = *state;
    struct model model = *load(s, "");
    model.m = 0;
    struct chip *chip = map(s, &model);
    assert_int_equal(chip->memory[CHIP_TRIM].count, 3);
    assert_int_equal(chip->memory[CHIP_COND].count, 0);
    assert_int_equal(chip->memory[CHIP_DRIVE].count, 0);
    expect_near(chip->largest_row_sum, 2.0);
    expect_equal_loads(chip);
}

/* --dump=PASS shows what is known after that pass and nothing that is not. */
static void test_dump(void **state)
{
    struct scratch *s = *state;
    const struct model *model = load(s, "");
    static const char *const head =
        "chip             hand, process generic\n"
        "oscillators      3 main, 2 conditioning, 2 classes, 3 couplings\n"
        "carrier          10000000 Hz\n"
        "run              5e-07 s\n";
    static const char *const scales = "weight           5 bits, codes -15..15, lsb 0.1\n"
                                      "conditioning     5 bits, codes -15..15, lsb 0.04\n"
                                      "drive            5 bits, codes -15..15, lsb 0.2\n"
                                      "omega            8 bits, codes -127..127, lsb 0.01\n";
    static const char *const phases = "phases           in 6 bits, out 6 bits, seed 1\n";
    static const char *const amplitude = "largest_row_sum  3.8 rad per unit of model time\n"
                                         "margin           0.00152 S\n";
    static const char *const loads = "load             3.66e-05 S\n"
                                     "dummy 0                  6.6e-06 S\n"
                                     "dummy 1                  6.00000000000001e-07 S\n"
                                     "dummy 2                  1.26e-05 S\n"
                                     "dummy 3                  3.42e-05 S\n"
                                     "dummy 4                  3.42e-05 S\n";
    static const char *const memory = "memory           trim at 0, 5 words\n"
                                      "memory           coupling at 5, 3 words\n"
                                      "memory           conditioning at 8, 2 words\n"
                                      "memory           drive at 10, 12 words\n";
    static const char *const control =
        "clock            91428571.4285714 Hz\n"
        "turn             6 bits, 7 bins a tick, reference 3\n"
        "sample           settle 46 ticks, forget 5 turns, run 5 turns and 0 ticks\n"
        "limits           watchdog 147, capture 147 ticks\n"
        "settings         1ce4:dae3:39 1a38:4a3b:d 1c72:ed71:3d 1c00:0:0 1e44:a1ba:2f\n";
    static const char *const codes = "trim 50 -100 25 0 127\n"
                                     "couplings of 0 1:8\n"
                                     "couplings of 1 0:-15 2:5\n"
                                     "couplings of 2\n"
                                     "conditioning 8 -15\n"
                                     "drive 5 0 0 0 10 -5 -15 0 0 5 0 0\n";
    const struct {
        const char *pass, *parts[9];
    } cases[] = {
        {"time", {head}},
        {"quantise", {head, scales, codes}},
        {"cycles", {head, scales, codes}},
        {"phases", {head, scales, phases, codes}},
        {"amplitude", {head, scales, phases, amplitude, codes}},
        {"loads", {head, scales, phases, amplitude, loads, codes}},
        {"device", {head, scales, phases, amplitude, loads, codes}},
        {"memory", {head, scales, phases, amplitude, loads, memory, codes}},
        {"control", {head, scales, phases, amplitude, loads, memory, control, codes}},
        {"decoder", {head, scales, phases, amplitude, loads, memory, control, codes}},
    };
    size_t passes = 0;
    while (map_passes[passes].name)
        passes++;
    assert_int_equal(passes, sizeof cases / sizeof *cases);
    for (size_t i = 0; i < passes; i++) {
        assert_string_equal(map_passes[i].name, cases[i].pass);
        struct str dumped = {0}, expected = {0};
        for (const char *const *part = cases[i].parts; *part; part++)
            str_add(&expected, *part);
        map_model(&s->arena, model, &plain, cases[i].pass, &dumped, &s->diags);
        assert_string_equal(str_text(&dumped), str_text(&expected));
        str_free(&dumped);
        str_free(&expected);
    }
    struct str dumped = {0};
    map_model(&s->arena, model, &plain, "absent", &dumped, &s->diags);
    assert_string_equal(str_text(&dumped), "");
}

/* The least conductance of a dummy on a column of an oscillator. */
static double least_dummy_s(const struct chip *chip)
{
    double least = chip->device.column_dummy_s[0];
    for (int i = 1; i < chip->n; i++)
        least = fmin(least, chip->device.column_dummy_s[i]);
    return least;
}

/* What a column lacks is made up for, but not by a resistor as long as all of its couplers'. */
static void test_least_dummy(void **state)
{
    struct scratch *s = *state;
    const struct pdk *pdk = pdk_find("sky130A");
    struct model *model = model_load(&s->arena, OSCC_EXAMPLES "/digits/model.yaml", &s->diags);
    assert_non_null(model);
    model->chip.weight_full_scale *= 0.9;
    double bus_s = pdk->device->bus_s, least = 0;
    for (int round = 0; round < 8; round++) {
        struct chip *chip = map_model(&s->arena, model, pdk, NULL, NULL, &s->diags);
        assert_non_null(chip);
        assert_true(chip->device.column_load_s <= bus_s);
        least = least_dummy_s(chip);
        assert_true(round > 0 || least > 0.05 * bus_s);
        if (least <= 0)
            break;
        assert_true(least >= 1e-3 * bus_s);
        model->chip.weight_full_scale *= (1 - 5e-4) * bus_s / (bus_s - least);
    }
    assert_false(least > 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_cycles),
        TEST(test_lag),
        TEST(test_least_dummy),
        cmocka_unit_test(test_scale),
        cmocka_unit_test(test_value),
        TEST(test_codes),
        TEST(test_quantised_model),
        TEST(test_saturation),
        TEST(test_readout_warning),
        TEST(test_time),
        TEST(test_amplitude),
        TEST(test_loads),
        TEST(test_memory),
        TEST(test_memory_too_large),
        TEST(test_no_conditioning),
        TEST(test_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
