/* SPDX-License-Identifier: Apache-2.0
 *
 * Hardwired weights in the array of transistors: which resistors there are, between which lines,
 * how long, and that dummies make up the rest of every column's load.
 */
#include "tests/unit/testing.h"

#include <math.h>

#include "compiler/map/hardwired.h"
#include "netlist/array.h"
#include "spice/circuit.h"

static const char model_text[] =
    "oscc: 1\noscillators: 3\nconditioning: 2\nclasses: %d\ndynamics:\n  weights:\n"
    "    K: [[0, 0.5, -0.2], [-0.01, 0, 0.3], [0, -0.5, 0]]\n    omega: [0, 0, 0]\n"
    "    omega_cond: [0, 0]\n    K_cond: [[0, 0.3], [-0.1, 0]]\n    K_drive: [%s%s]\n"
    "chip: {weights: %s}\n";
static const char drives[] = "[[1, -0.5], [0, 0.25], [-1, 1]]";

static struct chip *make_chip(struct scratch *s, int classes, const char *weights)
{
    char *text = arena_printf(&s->arena, model_text, classes, drives,
                              classes > 1 ? ", [[1, 1], [1, 1], [1, 1]]" : "", weights);
    const char *path = scratch_write(s, "model.yaml", text, strlen(text));
    struct model *model = model_load(&s->arena, path, &s->diags);
    assert_non_null(model);
    struct chip *chip = map_model(&s->arena, model, pdk_find("sky130A"), NULL, NULL, &s->diags);
    expect_no_diags(&s->diags);
    assert_non_null(chip);
    return chip;
}

enum { MOST = 200 };

/* Resistors and couplers of the flattened array. */
struct seen {
    const struct chip *chip;
    size_t resistors, drives, other_couplers;
    double siemens[MOST];
    uint32_t from[MOST], to[MOST];
    struct circuit_nodes nodes;
};

static bool is_leaf(void *user, const char *module)
{
    (void)user;
    return strncmp(module, "tile_", 5) != 0 && strcmp(module, "array") != 0;
}

static void note(void *user, const struct circuit_leaf *leaf)
{
    struct seen *seen = user;
    const struct pdk_device *device = seen->chip->pdk->device;
    bool drive = !strcmp(leaf->module, "coupler_drive");
    seen->drives += drive;
    seen->other_couplers += !drive && !strncmp(leaf->module, "coupler_", 8);
    if (strcmp(leaf->module, device->resistor) != 0)
        return;
    const char *length = circuit_parameter(leaf->parameter_count, leaf->parameters, "l");
    assert_non_null(length);
    assert_true(seen->resistors < MOST);
    seen->from[seen->resistors] = leaf->nodes[0];
    seen->to[seen->resistors] = leaf->nodes[1];
    seen->siemens[seen->resistors++] = 1 / (strtod(length, NULL) * device->resistor_ohm_per_um);
}

static struct seen flatten(struct scratch *s, const struct chip *chip)
{
    const struct net_module *array = netlist_device_array(&s->arena, chip);
    struct str text = {0};
    netlist_write_device_array(chip, array, &text);
    struct net_module *top = net_module(&s->arena, "top", NULL, NULL, 0);
    net_write_instance(
        net_add(&s->arena, top, "chip", "array", array->port_count, array->ports, NULL), &text);
    const char *path = scratch_write(s, "array.spice", text.text, text.length);
    str_free(&text);
    struct seen seen = {.chip = chip};
    int error;
    const struct circuit *circuit = circuit_read(&s->arena, path, &error, NULL);
    assert_non_null(circuit);
    assert_int_equal(circuit_visit(&s->arena, circuit, is_leaf, note, &seen, &seen.nodes), 0);
    return seen;
}

/* The conductance between two nodes of the array, which have at most one resistor. */
static double between(const struct seen *seen, const char *from, const char *to)
{
    double siemens = 0;
    for (size_t r = 0; r < seen->resistors; r++) {
        if (strcmp(seen->nodes.names[seen->from[r]], from) != 0 ||
            strcmp(seen->nodes.names[seen->to[r]], to) != 0)
            continue;
        assert_true(siemens == 0);
        siemens = seen->siemens[r];
    }
    return siemens;
}

static const char *const lines[] = {"xp", "xn", "yp", "yn"};

/* The four resistors of a coupling of j on i, and none for the other sign; how many there are. */
static size_t expect_coupling(const struct seen *seen, int i, int j, int code, double unit_s)
{
    for (size_t l = 0; l < 4; l++) {
        for (size_t k = 0; k < 4; k++) {
            char bus[32], row[32];
            snprintf(bus, sizeof bus, "xchip.b%d%s", i, lines[l]);
            snprintf(row, sizeof row, "xchip.r%d%s", j, lines[k]);
            double wanted = k == (code < 0 ? l ^ 1 : l) ? abs(code) * unit_s : 0;
            assert_true(fabs(between(seen, bus, row) - wanted) <= 1e-5 * wanted);
        }
    }
    return code ? 4 : 0;
}

static void test_resistors(void **state)
{
    struct scratch *s = *state;
    for (int classes = 1; classes <= 2; classes++) {
        const struct chip *chip = make_chip(s, classes, "hardwired");
        struct seen seen = flatten(s, chip);
        size_t count = 0, dummies = 0;
        for (int i = 0; i < chip->n; i++) {
            for (size_t c = chip->sites->first[i]; c < chip->sites->first[i + 1]; c++)
                count += expect_coupling(&seen, i, chip->sites->source[c], chip->weight_code[c],
                                         chip->device.weight_s);
            for (int k = 0; k < 2; k++)
                count += expect_coupling(&seen, i, chip->n + k,
                                         classes == 1 ? chip->drive_code[2 * i + k] : 0,
                                         chip->device.drive_s);
        }
        /* a column of several cells takes so many times the conductance to be pulled as one */
        const int *cells = chip->device.scale;
        assert_true(cells[3] > 1);
        count += expect_coupling(&seen, 3, 4, chip->cond_code[0], cells[3] * chip->device.cond_s);
        count += expect_coupling(&seen, 4, 3, chip->cond_code[1], cells[4] * chip->device.cond_s);
        for (size_t r = 0; r < seen.resistors; r++)
            dummies += !strcmp(seen.nodes.names[seen.to[r]], "vcm");
        assert_int_equal(seen.resistors, count + dummies);
        assert_int_equal(seen.drives, classes == 1 ? 0 : 6);
        assert_int_equal(seen.other_couplers, 0);
        assert_int_equal(chip->weight_code[2], 0); /* one that rounds to nothing */
    }
}

/* Whatever is on a line of a bus, with its dummy it is the load of all. */
static void test_loads(void **state)
{
    struct scratch *s = *state;
    for (int classes = 1; classes <= 2; classes++) {
        const struct chip *chip = make_chip(s, classes, "hardwired");
        struct seen seen = flatten(s, chip);
        for (int i = 0; i < chip->n + chip->m; i++) {
            double load =
                classes > 1 && i < chip->n ? chip->m * chip->drive.full * chip->device.drive_s : 0;
            char bus[32];
            snprintf(bus, sizeof bus, "xchip.b%dyn", i);
            for (size_t r = 0; r < seen.resistors; r++)
                load += strcmp(seen.nodes.names[seen.from[r]], bus) ? 0 : seen.siemens[r];
            double wanted = chip->device.scale[i] * chip->device.column_load_s;
            assert_true(fabs(load / wanted - 1) < 1e-4);
        }
    }
}

/* What runs must be long for is the codes that there are, not the full scale of all couplers; and
 * the unit conductance is the programmable coupler's where the run is. */
static void test_against_programmable(void **state)
{
    struct scratch *s = *state;
    const struct chip *hardwired = make_chip(s, 2, "hardwired");
    const struct chip *programmable = make_chip(s, 2, "programmable");
    assert_true(hardwired->carrier_cycles == programmable->carrier_cycles);
    assert_true(fabs(hardwired->device.weight_s / programmable->device.weight_s - 1) < 0.05);
    assert_true(hardwired->device.column_load_s <= programmable->device.column_load_s);
    struct map_column_codes codes = map_hardwired_column(hardwired, 0);
    assert_true(codes.weight == 15 + 6 && codes.drive == 2 * 15 && codes.cond == 0);
    codes = map_hardwired_column(hardwired, 4);
    assert_true(codes.weight == 0 && codes.drive == 0 && codes.cond == 5);
    codes = map_hardwired_column(make_chip(s, 1, "hardwired"), 0);
    assert_true(codes.drive == 15 + 8);

    struct model *model = model_load(&s->arena, OSCC_EXAMPLES "/digits/model.yaml", &s->diags);
    assert_non_null(model);
    model->chip.weight_full_scale *= 5; /* codes far below their full scale */
    const struct pdk *pdk = pdk_find("sky130A");
    struct diags many = {0};
    const struct chip *longer = map_model(&s->arena, model, pdk, NULL, NULL, &many);
    model->chip.weights = MODEL_HARDWIRED;
    const struct chip *shorter = map_model(&s->arena, model, pdk, NULL, NULL, &many);
    assert_true(longer->carrier_cycles > 2 * pdk->carrier_cycles);
    assert_true(shorter->carrier_cycles < longer->carrier_cycles);
    diag_free(&many);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_resistors),
        TEST(test_loads),
        TEST(test_against_programmable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
