/* SPDX-License-Identifier: Apache-2.0
 *
 * Results of a verification on disk: what is written comes back, what is damaged is not believed.
 */
#include "tests/unit/testing.h"

#include <math.h>

#include "spice/campaign.h"

static const double phases[] = {1.0 / 3, -2e-17, 123456.789};
static const double others[] = {0.1, 0.2, 0.3};

static const double energy[ENERGY_BLOCKS] = {1e-9, 2.5e-9, 0, 3e-12};

static struct campaign_run runs[] = {
    {7, 1, "good", NULL, 0.25, phases, others, phases, energy, 0.003},
    {123456789, 0, "error line", "ngspice printed \"<no> & 'such' node\"\n\tx", 1.5, NULL, others,
     phases, NULL, 0},
    {UINT64_C(1) << 62, 2, "crashed", "caf\xe9", 0, NULL, phases, others, NULL, 0},
};

static struct campaign make(void)
{
    return (struct campaign){.level = MODEL_LEVEL_CELL,
                             .corner = "nominal",
                             .models = "discrete",
                             .seed = UINT64_C(0xfedcba9876543210),
                             .n = 2,
                             .m = 1,
                             .readout_bits = 6,
                             .count = 3,
                             .runs = runs,
                             .budget = {1e-3, 2e-4, 0.125, 0}};
}

static void write_campaign(struct scratch *s, const struct campaign *c)
{
    for (size_t i = 0; i < c->count; i++)
        assert_int_equal(fs_make_folders(fs_join(&s->arena, s->folder,
                                                 campaign_run_name(&s->arena, &c->runs[i]))),
                         0);
    assert_int_equal(campaign_write(&s->arena, c, s->folder), 0);
}

static void expect_values(const double *a, const double *b)
{
    assert_true(!a == !b);
    for (size_t i = 0; a && i < 3; i++)
        assert_true(fabs(a[i] - b[i]) <= 1e-15 * fabs(b[i])); /* 15 digits */
}

static void test_names(void **state)
{
    struct scratch *s = *state;
    assert_string_equal(campaign_name(&s->arena, MODEL_LEVEL_PHASE, "nominal"), "phase-nominal");
    assert_string_equal(campaign_name(&s->arena, MODEL_LEVEL_DEVICE, "ss"), "device-ss");
    assert_string_equal(campaign_run_name(&s->arena, &runs[0]), "000007");
    assert_string_equal(campaign_run_name(&s->arena, &runs[1]), "123456789");
}

static void test_round_trip(void **state)
{
    struct scratch *s = *state;
    for (int level = 0; level < MODEL_LEVEL_COUNT; level++) {
        struct campaign c = make();
        c.level = (enum model_level)level;
        write_campaign(s, &c);
        const struct campaign *back = campaign_read(&s->arena, s->folder, &s->diags);
        expect_no_diags(&s->diags);
        assert_non_null(back);
        assert_int_equal(back->level, level);
        assert_string_equal(back->corner, "nominal");
        assert_string_equal(back->models, "discrete");
        assert_true(back->seed == c.seed);
        assert_int_equal(back->n, 2);
        assert_int_equal(back->m, 1);
        assert_int_equal(back->readout_bits, 6);
        assert_int_equal(back->count, 3);
        assert_memory_equal(&back->budget, &c.budget, sizeof c.budget);
        for (size_t i = 0; i < 3; i++) {
            assert_true(back->runs[i].sample == runs[i].sample);
            assert_int_equal(back->runs[i].class_index, runs[i].class_index);
            assert_string_equal(back->runs[i].verdict, runs[i].verdict);
            assert_true(back->runs[i].wall_s == runs[i].wall_s);
            expect_values(back->runs[i].circuit, runs[i].circuit);
            expect_values(back->runs[i].ode, runs[i].ode);
            expect_values(back->runs[i].model, runs[i].model);
        }
        for (size_t b = 0; b < ENERGY_BLOCKS; b++)
            assert_true(fabs(back->runs[0].energy[b] - energy[b]) <= 1e-14 * energy[b]);
        assert_true(back->runs[0].network_error == runs[0].network_error);
        assert_null(back->runs[1].energy);
        assert_null(back->runs[0].reason);
        assert_string_equal(back->runs[1].reason, runs[1].reason);
        assert_string_equal(back->runs[2].reason, "caf?"); /* what is not UTF-8 is not lost */
    }
}

static void test_empty(void **state)
{
    struct scratch *s = *state;
    struct campaign c = make();
    c.count = 0;
    write_campaign(s, &c);
    const struct campaign *back = campaign_read(&s->arena, s->folder, &s->diags);
    assert_non_null(back);
    assert_int_equal(back->count, 0);
}

static void test_write_fails(void **state)
{
    struct scratch *s = *state;
    struct campaign c = make();
    assert_true(campaign_write(&s->arena, &c, s->folder) < 0); /* no folders for the runs */
    c.count = 0;
    assert_true(campaign_write(&s->arena, &c, fs_join(&s->arena, s->folder, "absent")) < 0);
}

static void expect_damaged(struct scratch *s, const char *name)
{
    if (campaign_read(&s->arena, s->folder, &s->diags))
        fail_msg("%s is damaged and was believed", name);
    char *message =
        arena_printf(&s->arena, "'%s/%s' is not a result that oscc verify wrote", s->folder, name);
    assert_int_equal(s->diags.count, 1);
    expect_diag(&s->diags, DIAG_CHIP_DAMAGED, 0, 0, message, "remove");
    diag_free(&s->diags);
}

static void test_missing(void **state)
{
    struct scratch *s = *state;
    expect_damaged(s, "campaign.json");
    struct campaign c = make();
    write_campaign(s, &c);
    assert_int_equal(remove(fs_join(&s->arena, s->folder, "123456789/result.json")), 0);
    expect_damaged(s, "123456789/result.json");
}

/* One text of a file replaced by another. */
static void expect_replaced(struct scratch *s, const char *name, const char *old, const char *new)
{
    const char *path = fs_join(&s->arena, s->folder, name);
    char *text;
    size_t length;
    assert_int_equal(fs_read_text(&s->arena, path, 1 << 20, &text, &length), 0);
    char *at = strstr(text, old);
    if (!at)
        fail_msg("no %s in %s", old, text);
    char *changed =
        arena_printf(&s->arena, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    assert_int_equal(fs_write(path, changed, strlen(changed)), 0);
    expect_damaged(s, name);
    assert_int_equal(fs_write(path, text, length), 0);
}

static void test_damage(void **state)
{
    struct scratch *s = *state;
    struct campaign c = make();
    write_campaign(s, &c);
    static const char *const head[][2] = {
        {"{", ""},
        {"{", "[{"},
        {"\"level\"", "\"lavel\""},
        {"\"cell\"", "\"gate\""},
        {"\"cell\"", "1"},
        {"\"corner\"", "\"c\""},
        {"\"nominal\"", "\"<b>\""},
        {"\"nominal\"", "\"../x\""},
        {"\"nominal\"", "\"\""},
        {"\"discrete\"", "\"<b>\""},
        {"\"seed\": ", "\"seed\": 0."},
        {"\"oscillators\": 2", "\"oscillators\": 0"},
        {"\"oscillators\": 2", "\"oscillators\": 4294967298"},
        {"\"conditioning\": 1", "\"conditioning\": -1"},
        {"\"conditioning\": 1", "\"conditioning\": \"1\""},
        {"\"readout_bits\": 6", "\"readout_bits\": 0"},
        {"\"readout_bits\": 6", "\"readout_bits\": 33"},
        {"\"budget_rad\"", "\"budget\""},
        {"\"solver\": ", "\"solver\": null, \"x\": "},
        {"\"readout\": ", "\"readout\": \"\", \"x\": "},
        {"\"runs\"", "\"ran\""},
        {"\"runs\": [", "\"runs\": {}, \"x\": ["},
    };
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        expect_replaced(s, "campaign.json", head[i][0], head[i][1]);
    static const char *const run[][2] = {
        {"}", ""},
        {"\"sample\": 7", "\"sample\": -7"},
        {"\"sample\"", "\"simple\""},
        {"\"class\": 1", "\"class\": 1.5"},
        {"\"class\": 1", "\"class\": -1"},
        {"\"class\": 1", "\"class\": 4294967297"},
        {"\"good\"", "\"fine\""},
        {"\"good\"", "\"short\""}, /* but it has phases and no reason */
        {"\"good\"", "null"},
        {"\"wall_s\": 0.25", "\"wall_s\": \"0.25\""},
        {"\"drivers\": 2.5", "\"drivers\": null"},
        {"\"midrail\"", "\"mid_rail\""},
        {"\"network_error\"", "\"error\""},
        {"\"phases_circuit\"", "\"phases\""},
        {"\"phases_circuit\": [", "\"phases_circuit\": [0, "},
        {"\"phases_circuit\": [", "\"phases_circuit\": null, \"x\": ["},
        {"\"phases_ode\": [", "\"phases_ode\": [], \"x\": ["},
        {"\"phases_ode\": [", "\"phases_ode\": null, \"x\": ["},
        {"\"phases_model\": [", "\"phases_model\": null, \"x\": ["},
        {"123456.789", "\"123456.789\""},
        {"123456.789", "null"},
        {"123456.789", "NaN"},
        {"123456.789", "1e999"},
    };
    for (size_t i = 0; i < sizeof run / sizeof *run; i++)
        expect_replaced(s, "000007/result.json", run[i][0], run[i][1]);
    expect_replaced(s, "123456789/result.json", "\"reason\"", "\"season\"");
    expect_replaced(s, "123456789/result.json", "\"error line\"", "\"good\"");
    assert_non_null(campaign_read(&s->arena, s->folder, &s->diags)); /* all put back */
    expect_no_diags(&s->diags);
}

/* Runs of another number of oscillators. */
static void test_other_size(void **state)
{
    struct scratch *s = *state;
    struct campaign c = make();
    write_campaign(s, &c);
    c.n = 1;
    c.count = 0;
    assert_int_equal(campaign_write(&s->arena, &c, s->folder), 0);
    const char *path = fs_join(&s->arena, s->folder, "campaign.json");
    char *text;
    size_t length;
    assert_int_equal(fs_read_text(&s->arena, path, 1 << 20, &text, &length), 0);
    char *at = strstr(text, "\"runs\": []");
    assert_non_null(at);
    char *changed = arena_printf(&s->arena, "%.*s\"runs\": [\"000007\"]}", (int)(at - text), text);
    assert_int_equal(fs_write(path, changed, strlen(changed)), 0);
    expect_damaged(s, "000007/result.json");
    for (int i = 0; i < 2; i++) { /* names of runs that are no names */
        changed = arena_printf(&s->arena, "%.*s\"runs\": [%s]}", (int)(at - text), text,
                               i ? "7" : "\"000008\"");
        assert_int_equal(fs_write(path, changed, strlen(changed)), 0);
        expect_damaged(s, i ? "/result.json" : "000008/result.json");
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_names),   TEST(test_round_trip), TEST(test_empty),      TEST(test_write_fails),
        TEST(test_missing), TEST(test_damage),     TEST(test_other_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
