/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrays in which everything is a transistor, their bits shifted in through their flip-flops, in
 * one deck, against the partitioned engine, in which couplers are conductances and trims
 * capacitances. With --all an array of eight, which takes 25 minutes of processor time.
 * Needs a PDK: $PDK_ROOT, or one beside the project; says so and passes without.
 */
#include "tests/circuit/device_runs.h"

/* Phases of an array of transistors against its abstraction, and against one in which the strongest
 * coupling has the other sign in the memory image. */
static void compare(struct fixture *f, size_t samples, double limit)
{
    if (!device_runs_possible(f))
        return;
    double worst, wrong_worst;
    const struct device_runs *parts =
        device_runs(f, device_open_released, DEVICE_PARTITIONED, "parts", samples, 0);
    const struct device_runs *whole =
        device_runs(f, device_open_whole, DEVICE_MONOLITHIC, "whole", samples, 0);
    double rms = device_runs_difference(whole, parts, &worst);
    for (int i = 0; i <= parts->chip->n; i++)
        printf("  phase %d: %.4f -> %.4f, all transistors %.4f\n", i, parts->initial[0][i],
               parts->final[0][i], whole->final[0][i]);
    printf("  n = %d, all transistors against the partitioned engine: %.4f rad RMS, %.4f at most\n",
           parts->chip->n, rms, worst);

    char text[8];
    struct file memory = fixture_read(f, "verilog/weights.hex");
    const int16_t *codes = parts->chip->word + parts->chip->coupling.base;
    size_t strongest = 0;
    for (size_t k = 0; k < parts->chip->coupling.count; k++)
        if (abs(codes[k]) > abs(codes[strongest]))
            strongest = k;
    int16_t code = codes[strongest];
    snprintf(text, sizeof text, "%04x", code < 0 ? 0x8000u | (unsigned)-code : (unsigned)code);
    char *section = strstr(memory.text, "// coupling"), *word = strchr(section, '@');
    for (size_t line = 0; line <= strongest; line++)
        word = strchr(word, '\n') + 1;
    assert_memory_equal(word, text, 4);
    word[0] = word[0] == '8' ? '0' : '8';
    fixture_put_back(&memory);
    const struct device_runs *wrong =
        device_runs(f, device_open_released, DEVICE_PARTITIONED, "wrong", samples, 0);
    double wrong_rms = device_runs_difference(whole, wrong, &wrong_worst);
    printf("  with one sign wrong: %.4f rad RMS, %.4f at most\n", wrong_rms, wrong_worst);
    word[0] = word[0] == '8' ? '0' : '8';
    fixture_put_back(&memory);

    assert_true(rms < limit);
    assert_true(wrong_rms > limit);
}

static void test_two(void **state)
{
    static const double k[] = {0, 1, -1, 0}, omega[] = {0.2, -0.2}, drive[] = {1, -0.5};
    *state = device_runs_model("sky130A", 2, k, omega, drive);
    compare(*state, 1, 0.05); /* 0.028 */
}

static void test_eight(void **state)
{
    *state = device_runs_eight("sky130A");
    compare(*state, 1, 0.04); /* 0.0197 */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_two, fixture_tear_down),
        cmocka_unit_test_teardown(test_eight, fixture_tear_down),
    };
    const struct CMUnitTest quick[] = {
        cmocka_unit_test_teardown(test_two, fixture_tear_down),
    };
    return argc > 1 && !strcmp(argv[1], "--all") ? cmocka_run_group_tests(tests, NULL, NULL)
                                                 : cmocka_run_group_tests(quick, NULL, NULL);
}
