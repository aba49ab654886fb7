/* SPDX-License-Identifier: Apache-2.0
 *
 * What the compiler writes for the digital control: frames that load each region from its beginning
 * to its end, HASH of what they load, registers of corners; no control where codes do not fit.
 */
#include "tests/unit/testing.h"

#include "netlist/control.h"

static const char *const hand = "oscc: 1\nname: hand\noscillators: 3\nconditioning: 1\nclasses: 2\n"
                                "dynamics:\n  weights:\n"
                                "    K: [[0, 0.75, 0], [-1.5, 0, 0.5], [0, 0, 0]]\n"
                                "    omega: [0.5, -1, 0.25]\n"
                                "    K_drive: [[[1], [0], [2]], [[-3], [0], [-1]]]\n";

static const struct chip *make_chip(struct scratch *s, const char *rest)
{
    char *text = arena_printf(&s->arena, "%s%s", hand, rest);
    const char *path = scratch_write(s, "model.yaml", text, strlen(text));
    const struct model *model = model_load(&s->arena, path, &s->diags);
    assert_non_null(model);
    const struct chip *chip =
        map_model(&s->arena, model, pdk_find("generic"), NULL, NULL, &s->diags);
    assert_non_null(chip);
    return chip;
}

/* Plays the frames into `region`, each to be written in order; returns how many bytes came. */
static void play(const char *frames, uint8_t region[CONTROL_REGIONS][256],
                 size_t count[CONTROL_REGIONS], uint32_t *hash)
{
    for (const char *line = frames; *line; line = strchr(line, '\n') + 1) {
        uint8_t frame[CONTROL_WRITE_FRAME];
        size_t length = strcspn(line, "\n") / 2;
        assert_in_range(length, 8, CONTROL_WRITE_FRAME);
        for (size_t i = 0; i < length; i++) {
            unsigned value;
            assert_int_equal(sscanf(line + 2 * i, "%2x", &value), 1);
            frame[i] = (uint8_t)value;
        }
        assert_int_equal(frame[0], 2);
        assert_int_equal(control_crc16(frame, length), 0);
        unsigned r = frame[1];
        assert_in_range(r, CONTROL_REGISTERS, CONTROL_SETTINGS);
        size_t at = (size_t)control_get(frame + 2, 3), bytes = length - 7;
        if (r == CONTROL_REGISTERS) {
            memcpy(region[r] + at, frame + 5, bytes);
            continue;
        }
        assert_int_equal(at, count[r]);
        memcpy(region[r] + at, frame + 5, bytes);
        count[r] += bytes;
        *hash = control_crc32(*hash, frame + 5, bytes);
    }
}

static void test_boot(void **state)
{
    struct scratch *s = *state;
    const struct chip *chip = make_chip(s, "chip: {seed: 4886718345}\n");
    assert_true(netlist_has_control(chip));
    assert_int_equal(netlist_class_links(chip), 3);
    static uint8_t region[CONTROL_REGIONS][256];
    size_t count[CONTROL_REGIONS] = {0};
    uint32_t hash = 0;
    struct str frames = {0};
    uint32_t expected = netlist_write_boot(&s->arena, chip, &frames);
    play(frames.text, region, count, &hash);
    str_free(&frames);
    assert_int_equal(hash, expected);
    for (enum control_region r = CONTROL_CHAIN; r <= CONTROL_SETTINGS; r++) {
        struct netlist_bytes data = netlist_region(&s->arena, chip, r);
        assert_int_equal(count[r], data.count);
        if (data.count)
            assert_memory_equal(region[r], data.bytes, data.count);
    }
    /* class 1 pulls oscillator 0 with -3, which is the largest: sign and four bits */
    assert_int_equal(region[CONTROL_CLASS][3], 0x1f);
    assert_int_equal(region[CONTROL_CLASS][4], 0);
    assert_int_equal(region[CONTROL_CLASS][5], 0x15);
    assert_int_equal(control_get(region[CONTROL_REGISTERS] + CONTROL_SEED, 8), 4886718345);
    assert_int_equal(control_get(region[CONTROL_REGISTERS] + CONTROL_COMMAND, 4), CONTROL_CLEAR);
    assert_int_equal(control_get(region[CONTROL_REGISTERS] + CONTROL_COUNT, 4), 1);
}

/* Frequencies of twelve bits are no trim codes. */
static void test_none(void **state)
{
    struct scratch *s = *state;
    assert_false(netlist_has_control(make_chip(s, "chip: {omega_bits: 12}\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_boot, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_none, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
