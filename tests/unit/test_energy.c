/* SPDX-License-Identifier: Apache-2.0
 *
 * Energy of runs whose loads are so simple that it is known in closed form, and that a wrong load,
 * a source the wrong way round or mid-rail current counted as coming back does not pass for it.
 */
#include "tests/unit/testing.h"

#include <math.h>

#include "spice/energy.h"

static const double pi = 3.14159265358979323846;

/* Oscillators: a resistor of 10 kOhm, and a line held through 10 kOhm that a Norton equivalent
 * joins to 0.9 V over another 10 kOhm. Drivers: 1 pF charged over 100 kOhm. Mid-rail: 90 kOhm, and
 * a sine of 1 uA, two periods, half of which comes back. Run: 1 us, 1.8 V. */
static const char deck[] = "* loads of known energy\n"
                           "vsupply_oscillators vdd_oscillators 0 1.8\n"
                           "vsupply_drivers vdd_drivers 0 1.8\n"
                           "vsupply_others vdd_others 0 1.8\n"
                           "vsupply_midrail vdd_midrail 0 1.8\n"
                           "vmid vcm 0 0.9\n"
                           ".ic v(vdd_oscillators)=1.8 v(vdd_drivers)=1.8 v(line)=1.35\n"
                           "r1 vdd_oscillators 0 10k\n"
                           "r2 vdd_oscillators line 10k\n"
                           "rnet1 line 0 10k\n"
                           "inet1 0 line 90u\n"
                           "r3 vdd_drivers top 100k\n"
                           "c1 top 0 1p\n"
                           "r4 vdd_midrail 0 90k\n"
                           "imid vcm 0 sin(0 1u 2meg)\n"
                           ".save i(vsupply_oscillators) i(vsupply_drivers) i(vsupply_others)\n"
                           "+ i(vsupply_midrail) i(vmid)\n"
                           ".tran 1n 1u 0 1n uic\n.options method=trap reltol=1e-6\n.end\n";
enum { ELEMENTS = 13 };

static void known_energy(double *joule)
{
    const double volts = 1.8, ohm = 10e3, run = 1e-6;
    joule[ENERGY_OSCILLATORS] = volts * volts / ohm * run + volts * (volts - 0.9) / (2 * ohm) * run;
    joule[ENERGY_DRIVERS] = 1e-12 * volts * volts * (1 - exp(-run / (100e3 * 1e-12)));
    joule[ENERGY_OTHERS] = 0;
    /* a half wave of 1 uA at 2 MHz carries A / (pi f) */
    joule[ENERGY_MIDRAIL] = volts * volts / 90e3 * run + volts * 2 * 1e-6 / (pi * 2e6);
}

struct caught {
    double joule[ENERGY_BLOCKS];
    bool good;
};

static void catch_result(void *user, size_t index, const struct spice_result *result)
{
    struct caught *caught = user;
    (void)index;
    caught->good = result->verdict == SPICE_GOOD;
    if (caught->good)
        energy_measure(result, ENERGY_SOURCES, ENERGY_SOURCES, 1.8, caught->joule);
    else
        printf("%s\n", result->reason);
}

static void measure(struct scratch *s, const char *text, double *joule)
{
    const char *vectors[ENERGY_SOURCES];
    for (enum energy_block b = 0; b < ENERGY_SOURCES; b++)
        vectors[b] = energy_vector(b);
    scratch_write(s, "deck.spice", text, strlen(text));
    struct spice_job job = {.folder = s->folder,
                            .deck = "deck.spice",
                            .stop_s = 1e-6,
                            .elements = ELEMENTS,
                            .vectors = vectors,
                            .vector_count = ENERGY_SOURCES};
    struct caught caught = {0};
    struct spice_pool pool = {OSCC_BINARY, 1, catch_result, &caught};
    assert_true(spice_run(&pool, &job, 1));
    assert_true(caught.good);
    memcpy(joule, caught.joule, sizeof caught.joule);
}

/* The block whose energy is not what is known, or ENERGY_BLOCKS. */
static enum energy_block first_wrong(const double *joule)
{
    double known[ENERGY_BLOCKS];
    known_energy(known);
    enum energy_block b = 0;
    while (b < ENERGY_BLOCKS && fabs(joule[b] - known[b]) <= 1e-4 * known[b] + 1e-20)
        b++;
    return b;
}

static void test_known(void **state)
{
    double joule[ENERGY_BLOCKS];
    measure(*state, deck, joule);
    assert_int_equal(first_wrong(joule), ENERGY_BLOCKS);
}

/* The deck with one text replaced by another of the same length. */
static void expect_caught(struct scratch *s, const char *old, const char *new,
                          enum energy_block wrong)
{
    char *text = arena_strdup(&s->arena, deck), *at = strstr(text, old);
    double joule[ENERGY_BLOCKS];
    assert_non_null(at);
    assert_int_equal(strlen(old), strlen(new));
    memcpy(at, new, strlen(new));
    measure(s, text, joule);
    assert_int_equal(first_wrong(joule), wrong);
}

static void test_wrong_load(void **state)
{
    expect_caught(*state, "r1 vdd_oscillators 0 10k", "r1 vdd_oscillators 0 11k",
                  ENERGY_OSCILLATORS);
    expect_caught(*state, "inet1 0 line 90u", "inet1 line 0 90u", ENERGY_OSCILLATORS);
    expect_caught(*state, "c1 top 0 1p", "c1 top 0 2p", ENERGY_DRIVERS);
    expect_caught(*state, "r3 vdd_drivers top", "r3 vdd_others  top", ENERGY_DRIVERS);
    expect_caught(*state, "r4 vdd_midrail 0 90k", "r4 vdd_midrail 0 99k", ENERGY_MIDRAIL);
    expect_caught(*state, "sin(0 1u 2meg)", "sin(1u 0 2meg)", ENERGY_MIDRAIL);
}

/* What a source takes back must not make the energy smaller. */
static void test_one_way(void **state)
{
    (void)state;
    static const double time[] = {0, 1, 2, 4};
    static const double current[] = {-9, -1, 1, 3}; /* into the positive end */
    /* at 0 it is not solved for; 1 at 1, through 0 at 1.5, then it is taken back */
    assert_true(fabs(energy_charge(4, time, current, 1, true) - 1.25) < 1e-15);
    assert_true(fabs(energy_charge(4, time, current, 1, false) - (1 + 0 - 4)) < 1e-15);
    assert_true(energy_charge(1, time, current, 1, true) == 0);
    assert_true(energy_charge(0, time, current, 1, true) == 0);
    /* every second value */
    static const double two[] = {0, 7, -2, 7, -2, 7};
    assert_true(fabs(energy_charge(3, time, two, 2, true) - 4) < 1e-15);
}

static void test_blocks(void **state)
{
    (void)state;
    assert_int_equal(energy_block_of("oscillator"), ENERGY_OSCILLATORS);
    assert_int_equal(energy_block_of("driver"), ENERGY_DRIVERS);
    assert_int_equal(energy_block_of("midrail"), ENERGY_MIDRAIL);
    assert_int_equal(energy_block_of("hold"), ENERGY_OTHERS);
    assert_int_equal(energy_block_of(""), ENERGY_OTHERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_known, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(test_wrong_load, scratch_setup, scratch_teardown),
        cmocka_unit_test(test_one_way),
        cmocka_unit_test(test_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
