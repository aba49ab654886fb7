/* SPDX-License-Identifier: Apache-2.0
 *
 * The measured data of a process as the compiler reads it: values between the points of a known
 * function, and what is wrong with a file.
 */
#include <math.h>

#include "pdk/measured.h"
#include "tests/unit/testing.h"

/* The function behind the points: quadratic in load and delay, linear in the row's load. */
static double lag(double load, double delay, double row)
{
    double l = load / 160e-6 - 1, d = delay / 3e-9 - 1;
    return 0.01 - 0.12 * l - 0.03 * l * l + 0.2 * d - 0.02 * d * d + 0.1 * (row / 60e-6 - 1);
}

static double gain(double load, double delay, double row)
{
    double l = load / 160e-6 - 1, d = delay / 3e-9 - 1;
    return (1.5 + 0.15 * l + 0.01 * l * l - 0.06 * d) * (1 - 0.02 * (row / 60e-6 - 1));
}

static void add_point(struct str *text, double load, double delay, double row)
{
    str_addf(text,
             "%s{\"bus_load_s\": %.17g, \"bus_delay_s\": %.17g, \"row_load_s\": %.17g, "
             "\"frequency_hz\": %.17g, \"gain\": %.17g, \"lag_rad\": %.17g}",
             text->length ? ", " : "", load, delay, row, 12e6 - 2e9 * load, gain(load, delay, row),
             lag(load, delay, row));
}

/* A whole file; `points` of the ten are written. */
static const char *file_text(struct scratch *s, int points)
{
    struct str text = {0};
    for (int i = 0; i < 9 && i < points; i++)
        add_point(&text, 160e-6 * (1 + 0.5 * (i / 3)), 3e-9 * (0.6 + 0.45 * (i % 3)), 60e-6);
    if (points > 9)
        add_point(&text, 160e-6, 3e-9 * 1.05, 120e-6);
    const char *file = arena_printf(
        &s->arena,
        "{\"key\": \"k\", \"cell\": {\"frequency_per_capacitance\": 0.9}, \"coupling\": [%s],\n"
        " \"trim\": {\"code\": [-128, 0, 127], \"frequency_relative\": [-0.02, 0, 0.021]}}\n",
        str_text(&text));
    str_free(&text);
    return file;
}

static const struct pdk_measured *load(struct scratch *s, const char *text)
{
    const char *folder = fs_join(&s->arena, s->folder, "pdk/sky130A/measured");
    assert_int_equal(fs_make_folders(folder), 0);
    assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder, "pdk/cells")), 0);
    scratch_write(s, "pdk/sky130A/measured/tt.json", text, strlen(text));
    setenv("OSCC_DATA", s->folder, 1);
    const struct pdk_measured *m =
        pdk_measured_load(&s->arena, pdk_find("sky130A"), "tt", &s->diags);
    unsetenv("OSCC_DATA");
    return m;
}

static void test_between(void **state)
{
    struct scratch *s = *state;
    const struct pdk_measured *m = load(s, file_text(s, 10));
    assert_non_null(m);
    assert_int_equal(m->count, 10);
    assert_int_equal(m->trim_count, 3);
    for (double l = 150e-6; l < 400e-6; l += 37e-6)
        for (double d = 1.5e-9; d < 5e-9; d += 0.7e-9) {
            struct pdk_behaviour is = pdk_measured_at(m, l, d, 60e-6);
            assert_true(fabs(is.gain - gain(l, d, 60e-6)) < 1e-9);
            assert_true(fabs(is.lag_rad - lag(l, d, 60e-6)) < 1e-9);
            assert_true(fabs(is.frequency_hz - (12e6 - 2e9 * l)) < 1e-3);
            is = pdk_measured_at(m, l, d, 90e-6);
            assert_true(fabs(is.gain - gain(l, d, 90e-6)) < 1e-9);
            assert_true(fabs(is.lag_rad - lag(l, d, 90e-6)) < 1e-9);
        }
    for (double l = 160e-6; l < 300e-6; l += 20e-6) {
        double delay = pdk_measured_delay(m, l, 70e-6);
        assert_true(delay > 0 && fabs(lag(l, delay, 70e-6)) < 1e-9);
    }
    assert_true(fabs(pdk_measured_most(m) - 320e-6) < 1e-12);
}

static void test_wrong(void **state)
{
    struct scratch *s = *state;
    const char *good = file_text(s, 10);
    const char *gain_key = strstr(good, "gain");
    const char *wrong[] = {
        "",
        "{}",
        "{\"key\": \"k\"}",
        arena_strndup(&s->arena, good, strlen(good) / 2),
        file_text(s, 3), /* one load only, too few */
        file_text(s, 4), /* a load with one delay */
        arena_printf(&s->arena, "%.*sgame%s", (int)(gain_key - good), good, gain_key + 4),
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        size_t before = s->diags.errors;
        assert_null(load(s, wrong[i]));
        assert_int_equal(s->diags.errors, before + 1);
        assert_non_null(strstr(s->diags.list[before].message, "tt.json' is damaged"));
    }
}

/* The nearest code, the ends where none is near, and straight lines of a curve. */
static void test_trim(void **state)
{
    struct scratch *s = *state;
    const struct pdk_measured *m = load(s, file_text(s, 10));
    assert_non_null(m);
    assert_int_equal(pdk_measured_trim(m, 0), 0);
    assert_int_equal(pdk_measured_trim(m, -0.01), -64);
    assert_int_equal(pdk_measured_trim(m, 0.0105), 63); /* 63.5 is between, the first one stays */
    assert_int_equal(pdk_measured_trim(m, 0.0106), 64);
    assert_int_equal(pdk_measured_trim(m, 0.5), 127);
    assert_int_equal(pdk_measured_trim(m, -0.5), -128);
    const double at[] = {0, 1, 3}, value[] = {5, 7, 3};
    assert_true(fabs(pdk_curve(3, at, value, 0.5) - 6) < 1e-12);
    assert_true(fabs(pdk_curve(3, at, value, 2) - 5) < 1e-12);
    assert_true(fabs(pdk_curve(3, at, value, -1) - 3) < 1e-12);
    assert_true(fabs(pdk_curve(3, at, value, 4) - 1) < 1e-12);
}

/* No data for a corner is no fault. */
static void test_none(void **state)
{
    struct scratch *s = *state;
    assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder, "pdk/cells")), 0);
    setenv("OSCC_DATA", s->folder, 1);
    assert_null(pdk_measured_load(&s->arena, pdk_find("sky130A"), "tt", &s->diags));
    unsetenv("OSCC_DATA");
    assert_int_equal(s->diags.errors, 0);
}

/* What is shipped of every process that has data can be read, at each of its corners. */
static void test_shipped(void **state)
{
    struct scratch *s = *state;
    const char *const shipped[] = {"sky130A", "generic"};
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
        const struct pdk *pdk = pdk_find(shipped[i]);
        for (const struct pdk_corner *c = pdk->device->corners; c->name; c++) {
            const struct pdk_measured *m = pdk_measured_load(&s->arena, pdk, c->name, &s->diags);
            assert_non_null(m);
            double load = pdk->device->bus_s / c->resistor;
            double delay = pdk_measured_delay(m, load, 60e-6);
            assert_true(delay > 0.3e-9 && delay < 9e-9);
            struct pdk_behaviour is = pdk_measured_at(m, load, delay, 60e-6);
            assert_true(is.gain > 1 && is.gain < 2.5 && is.frequency_hz > 8e6);
            assert_true(fabs(is.lag_rad) < 1e-6);
        }
    }
    assert_int_equal(s->diags.errors, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_between, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_wrong, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_trim, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_none, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_shipped, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
