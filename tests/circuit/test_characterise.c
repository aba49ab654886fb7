/* SPDX-License-Identifier: Apache-2.0
 *
 * Characterisation on sky130A at tt: what is shipped is what the cells do today, and the cache
 * gives back what was measured, of these cells and untouched. Needs a PDK: $PDK_ROOT, or one beside
 * the project; says so and passes without.
 */
#include <math.h>

#include "pdk/measured.h"
#include "spice/characterise_part.h"
#include "tests/unit/testing.h"

static struct bench_lab make_lab(struct scratch *s, const char *cells_from, const char *cells_to)
{
    if (!getenv("PDK_ROOT") && fs_is_folder(OSCC_TEST_DATA "/../../shared/pdk"))
        setenv("PDK_ROOT", OSCC_TEST_DATA "/../../shared/pdk", 1);
    struct bench_lab lab = {.arena = &s->arena,
                            .diags = &s->diags,
                            .pdk = pdk_find("sky130A"),
                            .root = pdk_root(&s->arena, "sky130A"),
                            .corner = "tt",
                            .folder = fs_join(&s->arena, s->folder, "decks"),
                            .worker = OSCC_BINARY,
                            .jobs = 2};
    if (!lab.root) {
        printf("  skipped: no sky130A in $PDK_ROOT or beside the project\n");
        return lab;
    }
    assert_true(bench_open(&lab));
    const char *at = cells_from ? strstr(lab.cells, cells_from) : NULL;
    assert_true(at || !cells_from);
    if (at)
        lab.cells = arena_printf(&s->arena, "%.*s%s%s", (int)(at - lab.cells), lab.cells, cells_to,
                                 at + strlen(cells_from));
    return lab;
}

static bool near(const char *what, double value, double expected, double within)
{
    printf("  %-28s %.6g, shipped %.6g\n", what, value, expected);
    return fabs(value - expected) <= within;
}

/* The coupling at the nominal load, and the cell alone, against what is shipped: the same decks on
 * the same models differ by what rounding does, so the tolerances are those of another build of
 * ngspice. */
static void test_shipped(void **state)
{
    struct scratch *s = *state;
    struct bench_lab lab = make_lab(s, NULL, NULL);
    if (!lab.root)
        return;
    const struct pdk_measured *m = pdk_measured_load(&s->arena, lab.pdk, "tt", &s->diags);
    assert_non_null(m);
    struct characterise_pull pull = {.load = characterise_nominal(&lab)};
    assert_true(characterise_pulls(&lab, &pull, 1));
    struct pdk_behaviour is =
        pdk_measured_at(m, pull.load.bus_s, pull.load.delay_s, pull.load.row_s);
    assert_true(near("gain", pull.gain, is.gain, 0.005 * is.gain));
    assert_true(near("lag, rad", pull.fit.lag[0], is.lag_rad, 0.003));
    assert_true(
        near("loaded frequency, Hz", pull.frequency_hz, is.frequency_hz, 5e-4 * is.frequency_hz));
    assert_true(pull.fit.residual < 0.01 * pull.fit.amplitude[0]);
}

/* A cell that is another one is seen to be: the tolerances above are no wider than that. */
static void test_other_cell(void **state)
{
    struct scratch *s = *state;
    struct bench_lab lab = make_lab(s, "w=0.44 l=1", "w=0.46 l=1");
    if (!lab.root)
        return;
    const struct pdk_measured *m = pdk_measured_load(&s->arena, lab.pdk, "tt", &s->diags);
    struct characterise_pull pull = {.load = characterise_nominal(&lab)};
    assert_true(characterise_pulls(&lab, &pull, 1));
    struct pdk_behaviour is =
        pdk_measured_at(m, pull.load.bus_s, pull.load.delay_s, pull.load.row_s);
    assert_false(near("lag of another cell, rad", pull.fit.lag[0], is.lag_rad, 0.003));
}

static double loaded_hz(const json_t *root)
{
    return json_number_value(json_object_get(json_object_get(root, "cell"), "loaded_frequency_hz"));
}

/* One part of a characterisation through the cache; its loaded frequency. */
static double measure(struct bench_lab *lab, const char *cache, enum characterise_origin expected)
{
    const struct characterise_options options = {.seed = 1, .draws = 40, .only = "cell"};
    enum characterise_origin origin;
    json_t *root = characterise(lab, &options, cache, &origin);
    assert_non_null(root);
    assert_int_equal(origin, expected);
    double hz = loaded_hz(root);
    assert_true(hz > 1e6);
    json_decref(root);
    return hz;
}

static void test_cache(void **state)
{
    struct scratch *s = *state;
    struct bench_lab lab = make_lab(s, NULL, NULL);
    struct bench_lab other = make_lab(s, "w=22.2 l=22.2", "w=21 l=21");
    struct bench_lab comment = make_lab(s, "* Quadrature", "* quadrature");
    if (!lab.root)
        return;
    const char *cache = fs_join(&s->arena, s->folder, "cache");
    double first = measure(&lab, cache, CHARACTERISE_MEASURED);
    assert_true(fabs(measure(&lab, cache, CHARACTERISE_CACHED) - first) < 1e-9 * first);
    assert_true(fabs(measure(&comment, cache, CHARACTERISE_CACHED) - first) < 1e-9 * first);
    double changed = measure(&other, cache, CHARACTERISE_MEASURED);
    assert_true(changed > 1.005 * first); /* one capacitor of four is smaller */

    /* a value changed in the file is seen, and the file put right */
    char **names, *text;
    size_t count, length, found = 0;
    assert_int_equal(fs_list(&s->arena, cache, &names, &count), 0);
    for (size_t i = 0; i < count; i++) {
        const char *path = fs_join(&s->arena, cache, names[i]);
        assert_int_equal(fs_read_text(&s->arena, path, 1 << 24, &text, &length), 0);
        char *at = strstr(text, "\"loaded_frequency_hz\": 12");
        if (!at)
            continue;
        at[strlen("\"loaded_frequency_hz\": ")] = '2';
        assert_int_equal(fs_write(path, text, length), 0);
        found++;
    }
    assert_true(found > 0);
    assert_true(fabs(measure(&lab, cache, CHARACTERISE_REPAIRED) - first) < 1e-9 * first);
    measure(&lab, cache, CHARACTERISE_CACHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shipped, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_other_cell, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_cache, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
