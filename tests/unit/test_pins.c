/* SPDX-License-Identifier: Apache-2.0
 *
 * Speaking to the digital control's process: levels as hex, answers that are none, a process that
 * is not there or ends.
 */
#include "tests/unit/testing.h"

#include "spice/lockstep_plan.h"
#include "spice/pins.h"

static void test_hex(void **state)
{
    (void)state;
    bool bit[9] = {1, 0, 0, 0, 0, 1, 0, 1, 1}, back[9];
    struct str text = {0};
    pins_add_hex(9, bit, &text);
    assert_string_equal(str_text(&text), "1a1");
    assert_true(pins_read_hex("1a1", 9, back));
    assert_memory_equal(bit, back, sizeof bit);
    assert_true(pins_read_hex("1A1 0 1", 9, back));
    assert_false(pins_read_hex("3a1", 9, back)); /* a tenth bit */
    assert_false(pins_read_hex("a1", 9, back));
    assert_false(pins_read_hex("01a1", 9, back));
    assert_false(pins_read_hex("1x1", 9, back));
    str_free(&text);
}

static void test_state(void **state)
{
    (void)state;
    bool h[3];
    struct pins_state s = {.h = h};
    assert_true(pins_read_state("5 1 0 c 1", 3, &s));
    assert_true(h[0] && !h[1] && h[2] && s.en && !s.power && s.busy && s.lag == 12);
    assert_false(pins_read_state("5 x 0 c 1", 3, &s));
    assert_false(pins_read_state("x 1 0 c 1", 3, &s));
    assert_false(pins_read_state("5 1 0 c", 3, &s));
    assert_false(pins_read_state("5 1 0 c 2", 3, &s));
    assert_false(pins_read_state("5", 3, &s));
}

/* Answers "t 5" with levels, all else with what was said, and ends at "x". */
static const char *const script = "while read a b; do case $a in t) echo 2 1 1 3 0;; x) exit;; "
                                  "*) echo \"$a $b\";; esac; done";

static void test_process(void **state)
{
    struct scratch *s = *state;
    struct pins pins;
    struct str text = {0};
    const char *const command[] = {"sh", "-c", script, NULL};
    assert_true(pins_start(&pins, command, s->folder, &text));
    assert_true(pins_ask(&pins, "s 12", &text));
    assert_string_equal(str_text(&text), "s 12");
    bool q[2] = {true, false}, h[2];
    struct pins_state now = {.h = h};
    assert_true(pins_tick(&pins, 2, q, &now, &text));
    assert_string_equal(str_text(&text), "2 1 1 3 0");
    assert_true(!h[0] && h[1] && now.en && now.power && now.lag == 3);
    bool wide[5] = {0}, five[5];
    now.h = five;
    assert_false(pins_tick(&pins, 5, wide, &now, &text));
    assert_non_null(strstr(str_text(&text), "no levels: \"2 1 1 3 0\""));
    assert_false(pins_ask(&pins, "x", &text)); /* it ends */
    assert_non_null(strstr(str_text(&text), "does not answer \"x\""));
    pins_end(&pins);
    assert_int_equal(pins.line, -1);
    const char *const none[] = {"oscc-no-such-program", NULL};
    assert_false(pins_start(&pins, none, s->folder, &text));
    assert_non_null(strstr(str_text(&text), "cannot start 'oscc-no-such-program'"));
    str_free(&text);
}

static void test_plan(void **state)
{
    struct scratch *s = *state;
    const char *q[] = {"q0", "x1"};
    bool h[] = {true, false};
    struct lockstep_plan plan = {2, 9.04e-9, 7, 1.8, 0.9, true, h, false, q}, *back;
    const char *path = fs_join(&s->arena, s->folder, LOCKSTEP_PLAN_NAME);
    assert_int_equal(lockstep_plan_write(&s->arena, &plan, s->folder), 0);
    back = lockstep_plan_read(&s->arena, path);
    assert_non_null(back);
    assert_int_equal(back->oscillators, 2);
    assert_int_equal(back->steps, 7);
    assert_true(back->tick_s >= 9.04e-9 && back->tick_s <= 9.04e-9);
    assert_true(back->until_en_falls && !back->en && back->h[0] && !back->h[1]);
    assert_string_equal(back->q[1], "x1");
    /* anything that is missing */
    char *text;
    size_t length;
    assert_int_equal(fs_read_text(&s->arena, path, 1 << 20, &text, &length), 0);
    for (size_t cut = 0; cut < length; cut += 7) {
        assert_int_equal(fs_write(path, text, cut), 0);
        assert_null(lockstep_plan_read(&s->arena, path));
    }
}

static void test_record(void **state)
{
    (void)state;
    bool q[3];
    const char *answer, *text = "5 7 0 1 3 1\n1 6 1 1 3 1\nx 1\n";
    text = lockstep_record_next(text, 3, q, &answer);
    assert_non_null(text);
    assert_true(q[0] && !q[1] && q[2]);
    assert_memory_equal(answer, "7 0 1 3 1\n", 10);
    text = lockstep_record_next(text, 3, q, &answer);
    assert_non_null(text);
    assert_null(lockstep_record_next(text, 3, q, &answer));
    assert_null(lockstep_record_next("", 3, q, &answer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hex),
        cmocka_unit_test(test_state),
        cmocka_unit_test_setup_teardown(test_process, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_plan, scratch_setup, scratch_teardown),
        cmocka_unit_test(test_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
