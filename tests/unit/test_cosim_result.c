/* SPDX-License-Identifier: Apache-2.0
 *
 * Co-simulations made by hand: stored and read back, each thing that is wrong is said, damaged
 * files are refused, and the report has their figures.
 */
#include "tests/unit/testing.h"

#include <jansson.h>
#include <math.h>

#include "compiler/report/report.h"
#include "spice/cosim.h"
#include "spice/cosim_host.h"

enum { RUNS = 2, MAIN = 2, ALL = 3, PIXELS = 3 };

static const double phases[ALL] = {1, 2, 0};
static const uint16_t code[MAIN] = {10, 20}, raw[ALL] = {15, 25, 5};
static const uint8_t pixel[PIXELS] = {0, 128, 255}, other[PIXELS] = {0, 129, 255};

struct fixture {
    struct campaign_run runs[RUNS];
    struct campaign campaign;
    struct cosim_sample samples[RUNS];
    struct cosim_replay replays[1];
    struct cosim cosim;
};

static void make(struct fixture *f)
{
    *f = (struct fixture){.campaign = {.level = MODEL_LEVEL_CELL,
                                       .corner = "nominal",
                                       .n = MAIN,
                                       .m = 1,
                                       .readout_bits = 6,
                                       .count = RUNS},
                          .replays = {{"icarus", NULL}}};
    for (size_t i = 0; i < RUNS; i++) {
        f->runs[i] = (struct campaign_run){.sample = i,
                                           .class_index = (int)i,
                                           .verdict = "good",
                                           .circuit = phases,
                                           .ode = phases,
                                           .model = phases};
        f->samples[i] = (struct cosim_sample){.ticks = 300 + i,
                                              .start_rms_bins = 0.3,
                                              .start_worst_bins = 0.5,
                                              .phase_drawn_rad = 0.02,
                                              .code = code,
                                              .raw = raw,
                                              .pixel = pixel,
                                              .expected = pixel,
                                              .code_rms_bins = 0.4,
                                              .code_worst_bins = 0.9};
    }
    f->campaign.runs = f->runs;
    f->cosim = (struct cosim){&f->campaign, 6, PIXELS,    0xdeadbeef, 0xdeadbeef, 0,
                              f->samples,   1, f->replays};
}

static const char *store(struct scratch *s, const struct fixture *f)
{
    const char *folder = fs_join(&s->arena, s->folder, "verify/cosim-cell-nominal");
    for (size_t i = 0; i < RUNS; i++)
        assert_int_equal(
            fs_make_folders(fs_join(&s->arena, folder, campaign_run_name(&s->arena, &f->runs[i]))),
            0);
    assert_int_equal(campaign_write(&s->arena, &f->campaign, folder), 0);
    assert_int_equal(cosim_write(&s->arena, &f->cosim, folder), 0);
    return folder;
}

static void test_stored(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(&f);
    const struct cosim *read = cosim_read(&s->arena, store(s, &f), &s->diags);
    assert_non_null(read);
    assert_int_equal(read->hash, 0xdeadbeef);
    assert_int_equal(read->samples[1].ticks, 301);
    assert_memory_equal(read->samples[1].code, code, sizeof code);
    assert_memory_equal(read->samples[1].raw, raw, sizeof raw);
    assert_memory_equal(read->samples[1].pixel, pixel, sizeof pixel);
    assert_true(fabs(read->samples[0].code_worst_bins - 0.9) < 1e-12);
    assert_string_equal(read->replays[0].name, "icarus");
    assert_null(read->replays[0].fault);
    struct str failures = {0};
    cosim_add_failures(read, &failures);
    assert_string_equal(str_text(&failures), "");
    str_free(&failures);
}

static void expect(const struct fixture *f, const char *what)
{
    struct str failures = {0};
    cosim_add_failures(&f->cosim, &failures);
    if (!strstr(str_text(&failures), what))
        fail_msg("no \"%s\" in \"%s\"", what, str_text(&failures));
    str_free(&failures);
}

static void test_failures(void **state)
{
    struct fixture f;
    (void)state;
    make(&f);
    f.cosim.hash = 1;
    expect(&f, "the register HASH is 00000001 after booting, chip.json has deadbeef");
    f.cosim.words_wrong = 3;
    expect(&f, "3 words of the chains are not those of weights.hex");
    f.samples[1].errors = 0x200;
    expect(&f, "sample 1: the register ERRORS is 00000200");
    f.samples[0].ticks_wrong = 2;
    expect(&f, "sample 0: 2 oscillators are not released in the tick");
    f.samples[0].start_worst_bins = NAN;
    expect(&f, "sample 0: a phase is nan bins off the one drawn");
    f.samples[0].code_worst_bins = 3;
    expect(&f, "sample 0: a captured code is 3 bins off");
    f.samples[1].pixel = other;
    expect(&f, "sample 1: 1 of 3 pixels are not what the decoder makes");
    f.replays[0].fault = "command 7";
    expect(&f, "the build by icarus differs: command 7");
}

static void test_damaged(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(&f);
    const char *folder = store(s, &f), *path = fs_join(&s->arena, folder, "cosim.json");
    char *text;
    size_t length;
    assert_int_equal(fs_read_text(&s->arena, path, 1 << 20, &text, &length), 0);
    static const char *const changes[][2] = {
        {"\"bits\": 6", "\"bits\": 60"},       {"\"10 20\"", "\"10\""},
        {"\"10 20\"", "\"10 20 30\""},         {"\"10 20\"", "\"10 65536\""},
        {"\"0080ff\"", "\"0080f\""},           {"\"0080ff\"", "\"0080fx\""},
        {"\"ticks\": 300", "\"ticks\": -1"},   {"\"build\": \"icarus\"", "\"build\": 1"},
        {"\"code_rms_bins\"", "\"code_rms\""}, {"\"samples\": [", "\"samples\": [1, "},
        {"\"pixels\": 3", "\"pixels\": 4"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char *at = strstr(text, changes[i][0]);
        if (!at)
            fail_msg("no %s in %s", changes[i][0], text);
        const char *changed = arena_printf(&s->arena, "%.*s%s%s", (int)(at - text), text,
                                           changes[i][1], at + strlen(changes[i][0]));
        assert_int_equal(fs_write(path, changed, strlen(changed)), 0);
        if (cosim_read(&s->arena, folder, &s->diags))
            fail_msg("%s was taken", changes[i][1]);
    }
}

/* What was said, said again to a process that answers as told. */
static void test_replay(void **state)
{
    struct scratch *s = *state;
    const char *const good[] = {"sh", "-c", "while read a; do echo \"A$a\"; done", NULL};
    const char *const bad[] = {"sh", "-c", "read a; echo \"A$a\"; read a; echo x", NULL};
    const char *said = "> t 1\n< At 1\n> c\n< ac\n";
    struct pins pins;
    struct str reason = {0};
    assert_true(pins_start(&pins, good, s->folder, &reason));
    assert_null(host_replay(&s->arena, said, &pins)); /* digits in either case */
    pins_end(&pins);
    assert_true(pins_start(&pins, bad, s->folder, &reason));
    assert_string_equal(host_replay(&s->arena, said, &pins),
                        "command 2, \"c\": \"x\" where the run had \"ac\"");
    pins_end(&pins);
    str_free(&reason);
}

static void test_frames(void **state)
{
    struct scratch *s = *state;
    /* answers a read of four bytes at address 0x14 */
    const char *const chip[] = {"sh", "-c",
                                "read a; [ \"$a\" = 's 10 03000000140000000000' ] && echo "
                                "0000000000008000013f; read a; echo 00",
                                NULL};
    struct host host = {.arena = &s->arena};
    struct str reason = {0};
    assert_true(pins_start(&host.pins, chip, s->folder, &reason));
    assert_int_equal(host_register(&host, CONTROL_STATUS), 0x8000013f);
    assert_null(host.fault);
    assert_int_equal(host_register(&host, CONTROL_STATUS), 0);
    assert_non_null(strstr(host.fault, "which is not 10 bytes"));
    assert_null(host_ask(&host, "c")); /* nothing after a fault */
    host_add_record(&host, "5 7 0 1 3 1\n");
    assert_non_null(strstr(str_text(&host.said), "> t 5\n< 7 0 1 3 1\n"));
    pins_end(&host.pins);
    host_free(&host);
    str_free(&reason);
}

static void test_report(void **state)
{
    struct scratch *s = *state;
    struct fixture f;
    make(&f);
    f.samples[1].expected = other;
    store(s, &f);
    struct model *model = model_load(&s->arena, OSCC_EXAMPLES "/pair/model.yaml", &s->diags);
    assert_non_null(model);
    const struct report *report = report_build(&s->arena, s->folder, model, NULL, &s->diags);
    assert_non_null(report);
    const struct report_cosim *entry = report_find_cosim(report, MODEL_LEVEL_CELL, "nominal");
    assert_non_null(entry);
    assert_null(report_find_cosim(report, MODEL_LEVEL_DEVICE, "tt"));
    assert_string_equal(report_cosim_verdict(entry), "not met");
    assert_int_equal(entry->pixels_equal, 1);
    json_t *root = json_load_file(fs_join(&s->arena, s->folder, "report/metrics.json"), 0, NULL);
    static const struct {
        const char *name;
        double value;
    } figures[] = {{"samples", 2},
                   {"good", 2},
                   {"replays", 1},
                   {"replays_equal", 1},
                   {"phase_rms_rad", 0},
                   {"code_rms_bins", 0.4},
                   {"code_worst_bins", 0.9},
                   {"start_rms_bins", 0.3},
                   {"start_worst_bins", 0.5},
                   {"phase_rms_drawn_rad", 0.02},
                   {"pixels_equal", 1}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        const json_t *value = json_object_get(
            root, arena_printf(&s->arena, "cosim.cell.nominal.%s", figures[i].name));
        if (!json_is_number(value) || fabs(json_number_value(value) - figures[i].value) > 1e-12)
            fail_msg("%s is %g", figures[i].name, json_number_value(value));
    }
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stored, scratch_setup, scratch_teardown),
        cmocka_unit_test(test_failures),
        cmocka_unit_test_setup_teardown(test_damaged, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_replay, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_frames, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_report, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
