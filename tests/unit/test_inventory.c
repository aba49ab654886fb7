/* SPDX-License-Identifier: Apache-2.0
 *
 * Devices counted in netlists: by hand, in the chip of examples/pair, and where they cannot be.
 */
#include "tests/unit/testing.h"

#include <math.h>

#include "compiler/map/chip.h"
#include "netlist/chip_folder.h"
#include "spice/inventory.h"

/* Two oscillators, one of them three in parallel; a tile with a coupler and a stray transistor. */
static const char text[] =
    "* a test\n"
    ".param r_unit=20 $ um\n"
    ".subckt inverter a y vdd vss\n"
    "xn y a vss vss sky130_fd_pr__nfet_01v8 w=1 l=0.15 nf=1 mult=1 m=1\n"
    "xp y a vdd vdd sky130_fd_pr__pfet_01v8 w=2 l=0.15 nf=1 mult=4 m=4\n.ends\n"
    ".subckt oscillator x vdd vss\n"
    "x1 x x vdd vss inverter m=2\n"
    "xc x vss sky130_fd_pr__cap_mim_m3_1 w=10 l=10 mf=1 m=1\n.ends\n"
    ".subckt coupler_weight b r vdd vss\n"
    "x1 b r vdd vss inverter\n"
    "xr b r vss sky130_fd_pr__res_xhigh_po_0p35 l={r_unit} mult=1 m=1\n.ends\n"
    ".subckt tile b r vdd vss\n"
    "xk b r vdd vss coupler_weight code={w3}\n"
    "xn r b vss vss nmos_1v8 w=2u l=0.18u\n.ends\n"
    "xosc0 a vdd vss oscillator\nxosc1 b vdd vss oscillator m=3\n"
    "xt0 a b vdd vss tile\nxt1 b a vdd vss tile\n"
    "xdum0 a vcm 0 ppolyf_u_1k r_width=1u r_length=10u\n"
    "xk0_1xp a b 0 ppolyf_u_1k r_width=1u r_length=3u\n";

static int count(struct scratch *s, const char *deck, struct inventory *inventory,
                 const char **fault)
{
    int error;
    const char *path = scratch_write(s, "deck.spice", deck, strlen(deck));
    const struct circuit *circuit = circuit_read(&s->arena, path, &error, NULL);
    assert_int_equal(error, 0);
    return inventory_count(&s->arena, circuit, 0.15, inventory, fault);
}

static void expect_area(double area, double expected)
{
    if (!(fabs(area - expected) <= 1e-9 * expected))
        fail_msg("%.15g um2, not %.15g", area, expected);
}

static void test_by_hand(void **state)
{
    struct scratch *s = *state;
    struct inventory i;
    const char *fault;
    assert_int_equal(count(s, text, &i, &fault), 0);
    assert_null(fault);
    assert_int_equal(i.count[INVENTORY_OSCILLATORS][INVENTORY_TRANSISTORS], (1 + 3) * 2 * 5);
    assert_int_equal(i.count[INVENTORY_OSCILLATORS][INVENTORY_CAPACITORS], 4);
    assert_int_equal(i.count[INVENTORY_COUPLERS][INVENTORY_TRANSISTORS], 2 * 5);
    assert_int_equal(i.count[INVENTORY_COUPLERS][INVENTORY_RESISTORS], 2 + 1);
    assert_int_equal(i.count[INVENTORY_OTHERS][INVENTORY_TRANSISTORS], 2);
    assert_int_equal(i.count[INVENTORY_DUMMIES][INVENTORY_RESISTORS], 1);
    assert_int_equal(inventory_transistors(&i), 40 + 10 + 2);
    const double inverter = 1.5 * (1.47 * 0.43 + 4 * 2.47 * 0.43);
    expect_area(i.area_um2[INVENTORY_OSCILLATORS][INVENTORY_TRANSISTORS], 8 * inverter);
    expect_area(i.area_um2[INVENTORY_OSCILLATORS][INVENTORY_CAPACITORS], 4 * 11.48 * 11.48);
    const double couplers = 2 * 0.83 * 24.32 + 1.48 * 7.32; /* one is hardwired */
    expect_area(i.area_um2[INVENTORY_COUPLERS][INVENTORY_RESISTORS], couplers);
    expect_area(i.area_um2[INVENTORY_DUMMIES][INVENTORY_RESISTORS], 1.48 * 14.32);
    expect_area(inventory_area_um2(&i), 10 * inverter + 4 * 11.48 * 11.48 + couplers +
                                            1.48 * 14.32 + 2 * 1.5 * 2.47 * 0.46);
}

/* In a process of twice the gate everything around the devices is twice as large. */
static void test_scale(void **state)
{
    (void)state;
    for (enum inventory_kind k = 0; k < INVENTORY_KINDS; k++)
        expect_area(inventory_device_area(k, 2, 4, 0.3), 4 * inventory_device_area(k, 1, 2, 0.15));
    for (const struct pdk *const *pdk = pdk_all; *pdk; pdk++)
        assert_true(!(*pdk)->device || (*pdk)->device->gate_um > 0);
}

/* What cannot be counted is said, and not left out. */
static void test_faults(void **state)
{
    struct scratch *s = *state;
    static const struct {
        const char *old, *new, *fault;
    } cases[] = {
        {"coupler_weight code", "coupler_heavy code", "'coupler_heavy' is neither"},
        {"pfet", "diode", "'sky130_fd_pr__diode_01v8' is neither"},
        {"r_unit=20", "r_unit=0", "has no size"},
        {"r_unit=20", "r_onit=20", "has no size"},
        {"_0p35", "_wide", "has no size"},
        {"w=2u l", "w=2k l", "has no size"},
        {"w=1 l=0.15", "w=1", "has no size"},
        {"x1 x x vdd vss inverter", "x1 x vdd vss oscillator", "'oscillator' contains itself"},
        {"xn r b vss vss", "rn r b vss vss", "'tile' holds an element"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct inventory i;
        const char *fault, *at = strstr(text, cases[k].old);
        assert_non_null(at);
        char *deck = arena_printf(&s->arena, "%.*s%s%s", (int)(at - text), text, cases[k].new,
                                  at + strlen(cases[k].old));
        assert_true(count(s, deck, &i, &fault) < 0);
        assert_non_null(fault);
        if (!strstr(fault, cases[k].fault))
            fail_msg("\"%s\" does not say \"%s\"", fault, cases[k].fault);
    }
}

/* The chip of examples/pair: two oscillators, and a tone of as many cells as its m says. */
static void test_pair(void **state)
{
    struct scratch *s = *state;
    struct model *model = model_load(&s->arena, OSCC_EXAMPLES "/pair/model.yaml", &s->diags);
    struct chip *chip = map_model(&s->arena, model, pdk_find("sky130A"), NULL, NULL, &s->diags);
    const char *folder = fs_join(&s->arena, s->folder, "chip");
    assert_true(netlist_write_chip(&s->arena, chip, folder, "test", &s->diags));
    int error;
    const struct circuit *circuit =
        circuit_read(&s->arena, fs_join(&s->arena, folder, "spice/top.spice"), &error, NULL);
    assert_int_equal(error, 0);
    struct inventory i;
    const char *fault;
    assert_int_equal(inventory_count(&s->arena, circuit, 0.15, &i, &fault), 0);
    uint64_t cells = 2 + (uint64_t)chip->device.scale[2];
    /* twelve inverters; four; a flip-flop of 20 a bit beside the switches: a sign and four bits of
     * 8 each; 8 bits that switch 4 x 255 gates; four switches of four */
    assert_int_equal(i.count[INVENTORY_OSCILLATORS][INVENTORY_TRANSISTORS], 24 * cells);
    assert_int_equal(i.count[INVENTORY_OSCILLATORS][INVENTORY_CAPACITORS], 4 * cells);
    assert_int_equal(i.count[INVENTORY_DRIVERS][INVENTORY_TRANSISTORS], 8 * cells);
    assert_int_equal(i.count[INVENTORY_COUPLERS][INVENTORY_TRANSISTORS], 4 * 5 * (20 + 16));
    assert_int_equal(i.count[INVENTORY_COUPLERS][INVENTORY_RESISTORS], 4 * 16);
    assert_int_equal(i.count[INVENTORY_TRIMS][INVENTORY_TRANSISTORS], cells * (8 * 20 + 4 * 255));
    assert_int_equal(i.count[INVENTORY_LAG][INVENTORY_TRANSISTORS], 16 * cells);
    assert_int_equal(i.count[INVENTORY_HOLDS][INVENTORY_TRANSISTORS], 6 * cells);
    assert_int_equal(i.count[INVENTORY_ENABLES][INVENTORY_TRANSISTORS], 18 * cells);
    assert_int_equal(i.count[INVENTORY_CAPTURES][INVENTORY_TRANSISTORS], 11 * cells);
    assert_int_equal(i.count[INVENTORY_MIDRAIL][INVENTORY_TRANSISTORS], 2);
    assert_int_equal(i.count[INVENTORY_COLUMNS][INVENTORY_RESISTORS], 4 * cells);
    assert_true(inventory_area_um2(&i) > 1e4 && inventory_area_um2(&i) < 1e6);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {TEST(test_by_hand), TEST(test_scale), TEST(test_faults),
                                       TEST(test_pair)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
