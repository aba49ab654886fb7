/* SPDX-License-Identifier: Apache-2.0
 *
 * The linear part outside ngspice's matrix: a driven network of capacitors, once whole in ngspice
 * and once with its conductances in the worker. This program is its own worker.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/base/fs.h"
#include "spice/network.h"
#include "spice/run.h"

enum { NODES = 6, ENTRIES = 9 };

/* Node k is "n<k>", 1 pF; node 0 is held by a sine source over 1 kOhm. Two entries join the same
 * nodes, so they must add up. */
static const struct network_entry entries[ENTRIES] = {
    {0, 1, 2e-6}, {1, 2, 3e-6}, {2, 3, 1e-6}, {3, 4, 5e-6}, {4, 5, 2e-6},
    {0, 5, 1e-6}, {2, 5, 4e-6}, {5, 2, 1e-6}, {1, 4, 2e-6},
};

struct fixture {
    struct arena arena;
    char folder[64];
    const char *names[NODES];
    double initial[NODES];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/oscc-network-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    for (int k = 0; k < NODES; k++) {
        f->names[k] = arena_printf(&f->arena, "n%d", k);
        f->initial[k] = 0.1 * k;
    }
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fs_remove_tree(f->folder);
    arena_free(&f->arena);
    free(f);
    return 0;
}

static void common_part(const struct fixture *f, struct str *deck)
{
    str_add(deck, "* driven network\nvs s 0 sin(0 1 10meg)\nrs s n0 1k\n");
    for (int k = 0; k < NODES; k++)
        str_addf(deck, "c%d n%d 0 1p\n.ic v(n%d)=%g\n.save n%d\n", k, k, k, f->initial[k], k);
    str_add(deck, ".tran 1n 500n 0 1n uic\n.options reltol=1e-6 trtol=1\n");
}

/* What a run ended with. */
struct outcome {
    enum spice_verdict verdict;
    double end[NODES], network_error;
    char reason[256];
};

static void keep(void *user, size_t index, const struct spice_result *result)
{
    struct outcome *outcome = user;
    (void)index;
    outcome->verdict = result->verdict;
    outcome->network_error = result->network_error;
    strncpy(outcome->reason, result->reason ? result->reason : "", sizeof outcome->reason - 1);
    if (result->verdict == SPICE_GOOD)
        memcpy(outcome->end, result->values + (result->points - 1) * NODES, sizeof outcome->end);
}

static struct outcome run(struct fixture *f, const struct str *deck, size_t elements,
                          const char *network)
{
    struct outcome outcome = {0};
    struct spice_job job = {.folder = f->folder,
                            .deck = "deck.spice",
                            .stop_s = 500e-9,
                            .elements = elements,
                            .vectors = f->names,
                            .vector_count = NODES,
                            .network = network};
    struct spice_pool pool = {NULL, 1, keep, &outcome};
    assert_int_equal(
        fs_write(fs_join(&f->arena, f->folder, "deck.spice"), deck->text, deck->length), 0);
    assert_true(spice_run(&pool, &job, 1));
    return outcome;
}

static struct outcome run_whole(struct fixture *f)
{
    struct str deck = {0};
    common_part(f, &deck);
    for (int e = 0; e < ENTRIES; e++)
        str_addf(&deck, "r%d n%u n%u %.15g\n", e, entries[e].from, entries[e].to,
                 1 / entries[e].siemens);
    struct outcome outcome = run(f, &deck, 2 + NODES + ENTRIES, NULL);
    str_free(&deck);
    return outcome;
}

static struct outcome run_split(struct fixture *f, const struct network *network, size_t rows)
{
    struct str deck = {0};
    common_part(f, &deck);
    network_add_deck(network, f->names, &deck);
    assert_int_equal(network_write(network, f->names, f->initial, 0, 0,
                                   fs_join(&f->arena, f->folder, "network.bin")),
                     0);
    struct outcome outcome = run(f, &deck, 2 + NODES + 2 * rows, "network.bin");
    str_free(&deck);
    return outcome;
}

static void test_rows(void **state)
{
    struct fixture *f = *state;
    const struct network *net = network_make(&f->arena, NODES, ENTRIES, entries);
    assert_int_equal(net->first[NODES], 2 * (ENTRIES - 1)); /* two entries became one */
    for (size_t k = 0; k < NODES; k++)
        for (size_t e = net->first[k] + 1; e < net->first[k + 1]; e++)
            assert_true(net->other[e - 1] < net->other[e]);
    assert_float_equal(net->total[2], 9e-6, 1e-18);
    assert_float_equal(net->total[0], 3e-6, 1e-18);
}

static void test_split_equals_whole(void **state)
{
    struct fixture *f = *state;
    const struct network *net = network_make(&f->arena, NODES, ENTRIES, entries);
    struct outcome whole = run_whole(f), split = run_split(f, net, NODES);
    assert_int_equal(whole.verdict, SPICE_GOOD);
    assert_string_equal(split.reason, "");
    assert_int_equal(split.verdict, SPICE_GOOD);
    assert_true(split.network_error > 0 && split.network_error < 1e-3);
    for (int k = 0; k < NODES; k++)
        assert_float_equal(split.end[k], whole.end[k], 2e-4);
}

/* The comparison above must see a wrong conductance. */
static void test_wrong_conductance_is_seen(void **state)
{
    struct fixture *f = *state;
    struct network_entry wrong[ENTRIES];
    memcpy(wrong, entries, sizeof wrong);
    wrong[3].siemens *= 1.3;
    const struct network *net = network_make(&f->arena, NODES, ENTRIES, wrong);
    struct outcome whole = run_whole(f), split = run_split(f, net, NODES);
    double worst = 0;
    for (int k = 0; k < NODES; k++)
        worst = fmax(worst, fabs(split.end[k] - whole.end[k]));
    assert_true(worst > 1e-3);
}

/* A node that touches nothing gets no resistor, and its source gives no current. */
static void test_lonely_node(void **state)
{
    struct fixture *f = *state;
    const struct network_entry one = {0, 1, 2e-6};
    const struct network *net = network_make(&f->arena, NODES, 1, &one);
    struct str deck = {0};
    network_add_deck(net, f->names, &deck);
    assert_null(strstr(deck.text, "rnet5"));
    assert_non_null(strstr(deck.text, "inet5 0 n5 external"));
    str_free(&deck);
}

static void test_damaged_file(void **state)
{
    struct fixture *f = *state;
    const struct network *net = network_make(&f->arena, NODES, ENTRIES, entries);
    struct outcome good = run_split(f, net, NODES);
    assert_int_equal(good.verdict, SPICE_GOOD);
    char *path = fs_join(&f->arena, f->folder, "network.bin"), *text;
    size_t length;
    assert_int_equal(fs_read_text(&f->arena, path, 1 << 20, &text, &length), 0);
    assert_int_equal(fs_write(path, text, length - 1), 0);
    struct str deck = {0};
    common_part(f, &deck);
    network_add_deck(net, f->names, &deck);
    struct outcome cut = run(f, &deck, 2 + 3 * NODES, "network.bin");
    assert_int_equal(cut.verdict, SPICE_CRASHED);
    assert_non_null(strstr(cut.reason, "not a network"));
    struct outcome absent = run(f, &deck, 2 + 3 * NODES, "nowhere.bin");
    assert_int_equal(absent.verdict, SPICE_CRASHED);
    str_free(&deck);
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "--spice-worker"))
        return spice_worker_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_split_equals_whole),
        cmocka_unit_test(test_wrong_conductance_is_seen),
        cmocka_unit_test(test_lonely_node),
        cmocka_unit_test(test_damaged_file),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
