/* SPDX-License-Identifier: Apache-2.0
 *
 * The worker's side of the partitioned engine without ngspice: two nodes whose voltages a test
 * gives point by point. This program's realloc() can run out of memory (CMakeLists.txt).
 */
#include "tests/unit/testing.h"

#include <errno.h>
#include <math.h>

#include "spice/crossbar.h"
#include "spice/network.h"

static bool out_of_memory;

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_realloc(void *old, size_t size)
{
    return out_of_memory ? NULL : __real_realloc(old, size);
}

enum { NODES = 2, VECTORS = NODES + 1 };

static const double siemens = 2e-6;

static void expect_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-6 * fabs(expected)))
        fail_msg("%.9g is not %.9g", value, expected);
}

/* A network of one conductance. A worker ends without giving it back, so these are kept. */
static struct crossbar *make(struct scratch *s, size_t record_from)
{
    static const char *const names[] = {"a", "b"};
    static const double initial[NODES] = {0, 0};
    const struct network_entry entry = {0, 1, siemens};
    const struct network *net = network_make(&s->arena, NODES, 1, &entry);
    const char *path = fs_join(&s->arena, s->folder, "network.bin"), *fault;
    assert_int_equal(network_write(net, names, initial, 0, record_from, path), 0);
    static struct crossbar *kept[8];
    static size_t count;
    struct crossbar *c = kept[count++ % 8] = crossbar_read(path, &fault);
    assert_non_null(c);
    char vector_names[VECTORS][8] = {"time", "b", "a"};
    vecinfo infos[VECTORS];
    pvecinfo pointers[VECTORS];
    for (int v = 0; v < VECTORS; v++) {
        infos[v] = (vecinfo){.number = v, .vecname = vector_names[v]};
        pointers[v] = &infos[v];
    }
    assert_true(crossbar_vectors(c, &(vecinfoall){.veccount = VECTORS, .vecs = pointers}));
    return c;
}

/* ngspice accepts a point with these voltages of a and b. */
static void accept_point(struct crossbar *c, double time, double a, double b)
{
    vecvalues values[VECTORS] = {{.creal = time}, {.creal = b}, {.creal = a}};
    pvecvalues pointers[VECTORS] = {&values[0], &values[1], &values[2]};
    crossbar_accept(c, &(vecvaluesall){.veccount = VECTORS, .vecsa = pointers});
}

/* A parabola is met, so no step is made smaller; then a jump is missed, and the next one is, but
 * never below a fifth; a smaller one that ngspice wants is left. */
static void test_step_limit(void **state)
{
    struct crossbar *c = make(*state, 0);
    double volts = 0;
    for (int k = 1; k <= 6; k++) {
        volts = 0.01 * k * k;
        accept_point(c, 1e-9 * k, volts, -volts);
        expect_near(crossbar_limit_step(c, 1e-9), 1e-9);
    }
    expect_near(crossbar_current(c, "inet0", 7e-9), -0.49 * siemens);
    accept_point(c, 7e-9, -1, 1); /* the currents were of the other sign */
    expect_near(crossbar_limit_step(c, 1e-9), 1e-9 * cbrt(1 / 1.49));
    expect_near(crossbar_limit_step(c, 1e-10), 1e-10);
    accept_point(c, 7.5e-9, 1e-6, -1e-6);
    expect_near(crossbar_limit_step(c, 1e-9), 0.2 * 0.5e-9);
}

/* Times and currents of the nodes from record_from on, a last row a tenth of the run later. */
static void test_record(void **state)
{
    struct scratch *s = *state;
    struct crossbar *c = make(s, 1);
    assert_true(crossbar_records(c));
    for (int k = 1; k <= 3; k++)
        accept_point(c, 1e-9 * k, 0.1 * k, 0);
    const char *path = fs_join(&s->arena, s->folder, "drive.bin");
    assert_int_equal(crossbar_write_record(c, path), 0);
    char *bytes;
    size_t length;
    assert_int_equal(fs_read_text(&s->arena, path, 1 << 20, &bytes, &length), 0);
    float rows[4][2];
    assert_int_equal(length, sizeof rows);
    memcpy(rows, bytes, sizeof rows);
    /* the first point was solved before it was known that the voltage rises */
    const double expected[4][2] = {{1e-9, 0}, {2e-9, 0.2}, {3e-9, 0.3}, {3.3e-9, 0.3}};
    for (int r = 0; r < 4; r++) {
        expect_near((double)rows[r][0], expected[r][0]);
        expect_near((double)rows[r][1], expected[r][1] * siemens);
    }
}

/* A record that lacks points for want of memory is not written, and says so. */
static void test_record_out_of_memory(void **state)
{
    struct scratch *s = *state;
    struct crossbar *c = make(s, 1);
    const char *path = fs_join(&s->arena, s->folder, "drive.bin");
    accept_point(c, 1e-9, 0.5, 0);
    out_of_memory = true; /* a record grows at its 1,025th point */
    for (int k = 2; k <= 1100; k++)
        accept_point(c, 1e-9 * k, 0.5, 0);
    out_of_memory = false;
    accept_point(c, 2e-6, 0.5, 0); /* there is memory again, but no point of before */
    assert_int_equal(crossbar_write_record(c, path), -ENOMEM);
    assert_false(fs_exists(path));
}

static void test_record_unwritable(void **state)
{
    struct scratch *s = *state;
    struct crossbar *c = make(s, 1);
    accept_point(c, 1e-9, 0.5, 0);
    assert_int_equal(crossbar_write_record(c, fs_join(&s->arena, s->folder, "no/drive.bin")),
                     -ENOENT);
    if (fs_exists("/dev/full"))
        assert_int_equal(crossbar_write_record(c, "/dev/full"), -EIO);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_step_limit),
        TEST(test_record),
        TEST(test_record_out_of_memory),
        TEST(test_record_unwritable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
