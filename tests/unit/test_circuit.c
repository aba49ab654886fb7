/* SPDX-License-Identifier: Apache-2.0
 *
 * Netlists read back: modules, parameters, and the flattened circuit.
 */
#include "tests/unit/testing.h"

#include <errno.h>

#include "spice/circuit.h"

static const char text[] = "* a test\n"
                           ".param r_weight0=12.5 $ um\n"
                           ".SUBCKT leaf a b code=0\nr1 a b 1k\n.ends\n"
                           "* a tile with a node of its own\n"
                           ".subckt tile p q\n"
                           "x1 p inner leaf code={c0} m=3\n"
                           "x2 inner q leaf\n"
                           "+ code={c1}\n"
                           "x3 inner 0 outside_leaf l=5\n"
                           ".ends tile\n"
                           "xt N1 0 tile c0={w7} c1={w8}\n";

struct test {
    struct arena arena;
    char folder[64], *path;
    char seen[1024]; /* one line a leaf */
    struct circuit_nodes nodes;
};

static struct test *start(const char *content)
{
    struct test *t = calloc(1, sizeof *t);
    strcpy(t->folder, "/tmp/oscc-circuit-XXXXXX");
    assert_non_null(mkdtemp(t->folder));
    t->path = fs_join(&t->arena, t->folder, "deck.spice");
    assert_int_equal(fs_write(t->path, content, strlen(content)), 0);
    return t;
}

static void stop(struct test *t)
{
    fs_remove_tree(t->folder);
    arena_free(&t->arena);
    free(t);
}

static bool is_leaf(void *user, const char *module)
{
    (void)user;
    return strstr(module, "leaf") != NULL;
}

static void note(void *user, const struct circuit_leaf *leaf)
{
    struct test *t = user;
    size_t used = strlen(t->seen);
    const char *code = circuit_parameter(leaf->parameter_count, leaf->parameters, "code");
    snprintf(t->seen + used, sizeof t->seen - used, "%s %s %s %s code=%s\n", leaf->path,
             leaf->module, t->nodes.names[leaf->nodes[0]], t->nodes.names[leaf->nodes[1]],
             code ? code : "-");
}

static void test_flattened(void **state)
{
    (void)state;
    struct test *t = start(text);
    int error;
    const struct circuit *circuit = circuit_read(&t->arena, t->path, &error, NULL);
    assert_int_equal(error, 0);
    assert_int_equal(circuit->module_count, 2);
    assert_string_equal(
        circuit_parameter(circuit->parameter_count, circuit->parameters, "r_weight0"), "12.5");
    assert_int_equal(circuit_visit(&t->arena, circuit, is_leaf, note, t, &t->nodes), 0);
    assert_string_equal(t->seen, "xt.x1 leaf n1 xt.inner code={w7}\n"
                                 "xt.x2 leaf xt.inner 0 code={w8}\n"
                                 "xt.x3 outside_leaf xt.inner 0 code=-\n");
    const struct circuit_module *tile = circuit_find(circuit, "tile");
    assert_non_null(tile);
    assert_int_equal(tile->port_count, 2);
    assert_string_equal(
        circuit_parameter(tile->instances[0].parameter_count, tile->instances[0].parameters, "m"),
        "3");
    assert_null(circuit_find(circuit, "nosuch"));
    stop(t);
}

/* What is not a circuit must be said. */
static void test_faults(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        int read, visit;
    } cases[] = {
        {".include nowhere.spice\n", -ENOENT, 0},
        {".subckt a p\n.ends\n.subckt a p\n.ends\n", -EINVAL, 0},
        {".subckt\n.ends\n", -EINVAL, 0},
        {"x1 n 0 nosuch\n", 0, -EINVAL},
        {".subckt one p\nr1 p 0 1\n.ends\nx1 n 0 one\n", 0, -EINVAL},
        {".subckt self p\nx1 p self\n.ends\nx1 n self\n", 0, -EINVAL},
        {".include deck.spice\n", -ELOOP, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct test *t = start(cases[i].content);
        int error;
        const struct circuit *circuit = circuit_read(&t->arena, t->path, &error, NULL);
        assert_int_equal(error, cases[i].read);
        if (!error)
            error = circuit_visit(&t->arena, circuit, is_leaf, note, t, &t->nodes);
        assert_int_equal(error, cases[i].read ? cases[i].read : cases[i].visit);
        stop(t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flattened),
        cmocka_unit_test(test_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
