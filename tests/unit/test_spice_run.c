/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs real circuits in worker processes. This program is its own worker; a few deck names make
 * it misbehave as a worker might.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "compiler/base/fs.h"
#include "compiler/base/interrupt.h"
#include "spice/run.h"

#define RECORDED OSCC_TEST_DATA "/data/ngspice/"

enum { MOST_JOBS = 32, MOST_VALUES = 1 << 14 };

/* What done() saw, copied. */
struct seen {
    int calls;
    enum spice_verdict verdict;
    char reason[512];
    size_t points;
    double time[MOST_VALUES], values[2 * MOST_VALUES], wall_s;
};

struct test {
    struct arena arena;
    char *folder;
    struct spice_job jobs[MOST_JOBS];
    size_t count, ended;
    struct seen *seen;
    bool interrupt; /* raise SIGINT when the first job ends */
};

static void on_done(void *user, size_t index, const struct spice_result *result)
{
    struct test *test = user;
    struct seen *seen = &test->seen[index];
    size_t values = result->points * test->jobs[index].vector_count;
    assert_true(index < test->count);
    assert_true(result->points <= MOST_VALUES && values <= 2 * MOST_VALUES);
    seen->calls++;
    seen->verdict = result->verdict;
    seen->points = result->points;
    seen->wall_s = result->wall_s;
    snprintf(seen->reason, sizeof seen->reason, "%s", result->reason ? result->reason : "");
    if (result->points) {
        memcpy(seen->time, result->time, result->points * sizeof(double));
        memcpy(seen->values, result->values, values * sizeof(double));
    }
    if (test->interrupt && test->ended == 0)
        raise(SIGINT);
    test->ended++;
}

static int set_up(void **state)
{
    struct test *test = calloc(1, sizeof *test);
    char folder[] = "/tmp/oscc-spice-XXXXXX";
    if (!test || !(test->seen = calloc(MOST_JOBS, sizeof *test->seen)) || !mkdtemp(folder))
        return -1;
    test->folder = arena_strdup(&test->arena, folder);
    *state = test;
    return 0;
}

static int tear_down(void **state)
{
    struct test *test = *state;
    fs_remove_tree(test->folder);
    arena_free(&test->arena);
    free(test->seen);
    free(test);
    return 0;
}

/* A job with a folder of its own, in which deck lies; text NULL copies the recorded deck. */
static struct spice_job *add_job(struct test *test, const char *deck, const char *text,
                                 double stop_s, size_t elements)
{
    struct arena *arena = &test->arena;
    struct spice_job *job = &test->jobs[test->count];
    char *folder = arena_printf(arena, "%s/job%zu", test->folder, test->count++);
    assert_int_equal(fs_make_folders(folder), 0);
    char *path = fs_join(arena, folder, deck);
    if (text)
        assert_int_equal(fs_write(path, text, strlen(text)), 0);
    else
        assert_int_equal(fs_copy(arena_printf(arena, RECORDED "%s", deck), path), 0);
    *job = (struct spice_job){
        .folder = folder, .deck = deck, .stop_s = stop_s, .elements = elements, .limit_s = 60};
    return job;
}

static bool run(struct test *test, int jobs)
{
    struct spice_pool pool = {.jobs = jobs, .done = on_done, .user = test};
    return spice_run(&pool, test->jobs, test->count);
}

/* Runs the latest job alone. */
static const struct seen *run_one(struct test *test)
{
    assert_int_equal(test->count, 1);
    assert_true(run(test, 1));
    assert_int_equal(test->seen[0].calls, 1);
    test->count = 0;
    test->seen[0].calls = 0;
    return &test->seen[0];
}

static void expect(const struct seen *seen, enum spice_verdict verdict, const char *part)
{
    if (seen->verdict != verdict || !strstr(seen->reason, part))
        fail_msg("%s, \"%s\"; expected %s, \"%s\"", spice_verdict_name(seen->verdict), seen->reason,
                 spice_verdict_name(verdict), part);
    if (verdict != SPICE_GOOD)
        assert_int_equal(seen->points, 0);
}

static const char rc_deck[] = "* RC\n"
                              "v1 a 0 1\n"
                              "xrc a b stage\n"
                              ".subckt stage i o\n"
                              "r1 i o 1k\n"
                              "c1 o 0 1n\n"
                              ".ends\n"
                              ".options method=trap reltol=1e-6 trtol=1\n"
                              ".tran 10n 5u uic\n"
                              ".save v(b) i(v1)\n"
                              ".end\n";

static void test_good(void **state)
{
    struct test *test = *state;
    static const char *const vectors[] = {"v(b)", "v1#branch"};
    struct spice_job *job = add_job(test, "rc.sp", rc_deck, 5e-6, 3);
    job->vectors = vectors;
    job->vector_count = 2;
    const struct seen *seen = run_one(test);
    expect(seen, SPICE_GOOD, "");
    assert_string_equal(seen->reason, "");
    assert_true(seen->points > 500 && seen->wall_s > 0 && seen->wall_s < 60);
    assert_true(fabs(seen->time[seen->points - 1] - 5e-6) < 5e-15);
    for (size_t i = 0; i < seen->points; i++) {
        double charged = 1 - exp(-seen->time[i] / 1e-6);
        assert_true(fabs(seen->values[2 * i] - charged) < 5e-5);
        assert_true(fabs(seen->values[2 * i + 1] + (1 - charged) * 1e-3) < 5e-8);
    }
    assert_true(fs_exists(fs_join(&test->arena, job->folder, "log.txt")));
    /* the same vectors by their other names */
    static const char *const others[] = {"b", "i(v1)"};
    double last = seen->values[2 * seen->points - 1];
    job = add_job(test, "rc.sp", rc_deck, 5e-6, 3);
    job->vectors = others;
    job->vector_count = 2;
    seen = run_one(test);
    expect(seen, SPICE_GOOD, "");
    assert_true(seen->values[2 * seen->points - 1] == last);
}

static void test_include(void **state)
{
    struct test *test = *state;
    static const char *const vectors[] = {"v(x1.out)"};
    struct spice_job *job = add_job(test, "top.sp",
                                    "* with an include\n.include cell.sp\n.param w0=3\n"
                                    "v1 a 0 2\nx1 a half\n.tran 1n 10n\n.save v(x1.out)\n.end\n",
                                    10e-9, 3);
    static const char cell[] = "* cell\n.subckt half a\nr1 a out {w0*1k}\nr2 out 0 1k\n.ends\n";
    job->vectors = vectors;
    job->vector_count = 1;
    assert_int_equal(fs_write(fs_join(&test->arena, job->folder, "cell.sp"), cell, strlen(cell)),
                     0);
    const struct seen *seen = run_one(test);
    expect(seen, SPICE_GOOD, "");
    assert_true(fabs(seen->values[seen->points - 1] - 0.5) < 1e-9);
}

/* What ngspice counts; see spice/run.h. */
static void test_element_count(void **state)
{
    struct test *test = *state;
    add_job(test, "elements.sp", NULL, 10e-9, 26);
    expect(run_one(test), SPICE_GOOD, "");
    add_job(test, "elements.sp", NULL, 10e-9, 25);
    expect(run_one(test), SPICE_WRONG_COUNT, "the circuit has 26 elements, 25 were emitted");
}

static void test_error_lines(void **state)
{
    struct test *test = *state;
    static const struct {
        const char *deck;
        double stop_s;
        size_t elements;
        const char *reason;
    } cases[] = {
        {"unknown_model.sp", 10e-9, 2, "can't find model 'nosuch'"},
        {"missing_subckt.sp", 10e-9, 2, "unknown subckt: x1 a 0 nosuch"},
        {"undefined_param.sp", 10e-9, 2, "Undefined parameter [nosuch]"},
        {"singular.sp", 10e-9, 3, "singular matrix"},
        {"timestep.sp", 100e-9, 4, "Timestep too small"},
        {"meas_failed.sp", 10e-9, 2, "out of interval"},
        {"missing_node.sp", 10e-9, 2, "resistance to low"},
        {"missing_include.sp", 10e-9, 2, "Could not find include file"},
        {"unknown_device.sp", 10e-9, 2, "will be replaced with"},
        {"control_unknown.sp", 10e-9, 2, "nosuchcommand: no such command"},
        {"save_missing.sp", 10e-9, 2, "no data saved"},
        {"ic_missing.sp", 10e-9, 2, "IC on non-existent node"},
        {"no_tran.sp", 10e-9, 2, "No job"},
        {"bad_source.sp", 10e-9, 2, "v1 a 0 nosuch(0 1 2) / unknown parameter (nosuch)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        add_job(test, cases[i].deck, NULL, cases[i].stop_s, cases[i].elements);
        expect(run_one(test), SPICE_ERROR_LINE, cases[i].reason);
    }
    /* the same kinds of deck without a fault, though full of bad words */
    add_job(test, "good_error_title.sp", NULL, 5e-6, 3);
    expect(run_one(test), SPICE_GOOD, "");
    add_job(test, "good_gmin_retry.sp", NULL, 100e-9, 4);
    expect(run_one(test), SPICE_GOOD, "");
}

static void test_silent_failures(void **state)
{
    struct test *test = *state;
    static const char *const missing[] = {"v(nosuch)"};
    static const char *const constant[] = {"e"}; /* ngspice has a constant of this name */
    add_job(test, "rc.sp", rc_deck, 6e-6, 3);
    expect(run_one(test), SPICE_SHORT, "the run ended at 5e-06 s, not at 6e-06 s");
    add_job(test, "rc.sp", rc_deck, 4e-6, 3);
    expect(run_one(test), SPICE_SHORT, "not at 4e-06 s");
    add_job(test, "rc.sp", rc_deck, 5e-6, 4);
    expect(run_one(test), SPICE_WRONG_COUNT, "the circuit has 3 elements, 4 were emitted");
    struct spice_job *job = add_job(test, "save_missing_one.sp", NULL, 10e-9, 2);
    job->vectors = missing;
    job->vector_count = 1;
    expect(run_one(test), SPICE_NO_VECTOR, "no vector \"v(nosuch)\"");
    job = add_job(test, "rc.sp", rc_deck, 5e-6, 3);
    job->vectors = constant;
    job->vector_count = 1;
    expect(run_one(test), SPICE_NO_VECTOR, "no vector \"e\"");
    add_job(test, "op.sp", "* op\nv1 a 0 1\nr1 a 0 1\n.op\n.end\n", 5e-6, 2);
    expect(run_one(test), SPICE_NO_PLOT, "no transient analysis");
    add_job(test, "control_quit.sp", NULL, 10e-9, 2);
    expect(run_one(test), SPICE_CRASHED, "told ngspice to quit, status 3");
}

static void test_dead_workers(void **state)
{
    struct test *test = *state;
    struct spice_job *job = add_job(test, "sleep.sp", rc_deck, 5e-6, 3);
    job->limit_s = 0.2;
    const struct seen *seen = run_one(test);
    expect(seen, SPICE_CRASHED, "took longer than 0.2 s");
    assert_true(seen->wall_s >= 0.2 && seen->wall_s < 10);
    job = add_job(test, "long.sp", "* long\nv1 a 0 sin(0 1 1meg)\nr1 a 0 1\n.tran 1n 1\n.end\n", 1,
                  2);
    job->limit_s = 0.3;
    expect(run_one(test), SPICE_CRASHED, "took longer than 0.3 s");
    add_job(test, "kill.sp", rc_deck, 5e-6, 3);
    expect(run_one(test), SPICE_CRASHED, "ended by signal 9");
    add_job(test, "exit.sp", rc_deck, 5e-6, 3);
    expect(run_one(test), SPICE_CRASHED, "ended with status 3; ngspice printed \"fatal: x\"");
    add_job(test, "silent.sp", rc_deck, 5e-6, 3);
    expect(run_one(test), SPICE_CRASHED, "without a result");
    add_job(test, "scribble.sp", rc_deck, 5e-6, 3);
    expect(run_one(test), SPICE_CRASHED, "without a result");

    job = add_job(test, "rc.sp", rc_deck, 5e-6, 3);
    job->deck = "nosuch.sp";
    expect(run_one(test), SPICE_CRASHED, "cannot read the deck \"nosuch.sp\"");
    job = add_job(test, "a b.sp", rc_deck, 5e-6, 3);
    expect(run_one(test), SPICE_CRASHED, "cannot open a deck of the name");
    job = add_job(test, "rc.sp", rc_deck, 5e-6, 3);
    job->folder = "/nonexistent/folder";
    expect(run_one(test), SPICE_CRASHED, "cannot open the folder");
    struct spice_pool pool = {"/nonexistent/oscc", 1, on_done, test};
    add_job(test, "rc.sp", rc_deck, 5e-6, 3);
    assert_true(spice_run(&pool, test->jobs, 1));
    expect(&test->seen[0], SPICE_CRASHED, "cannot find the worker");
}

static char *ring_deck(struct test *test, size_t i)
{
    return arena_printf(&test->arena,
                        "* van der Pol %zu\nc1 a 0 1n ic=0.%zu1\nl1 a 0 1u\n"
                        "b1 a 0 i=0.02*(v(a)*v(a)*v(a)-v(a))\n.tran 1n 2u uic\n.save v(a)\n.end\n",
                        i, i);
}

static void test_parallel(void **state)
{
    struct test *test = *state;
    enum { JOBS = 9 };
    static const char *const vectors[] = {"v(a)"};
    struct seen *serial = calloc(JOBS, sizeof *serial);
    assert_non_null(serial);
    for (size_t i = 0; i < JOBS; i++) {
        struct spice_job *job = add_job(test, "vdp.sp", ring_deck(test, i + 1), 2e-6, 3);
        job->vectors = vectors;
        job->vector_count = 1;
    }
    test->jobs[4].deck = "kill.sp"; /* one that fails leaves the others alone */
    assert_true(run(test, 1));
    memcpy(serial, test->seen, JOBS * sizeof *serial);
    memset(test->seen, 0, JOBS * sizeof *serial);
    assert_true(run(test, 4));
    for (size_t i = 0; i < JOBS; i++) {
        const struct seen *a = &serial[i], *b = &test->seen[i];
        assert_int_equal(b->calls, 1);
        assert_int_equal(a->verdict, i == 4 ? SPICE_CRASHED : SPICE_GOOD);
        assert_int_equal(a->verdict, b->verdict);
        assert_int_equal(a->points, b->points);
        assert_memory_equal(a->time, b->time, a->points * sizeof(double));
        assert_memory_equal(a->values, b->values, a->points * sizeof(double));
        assert_string_equal(a->reason, b->reason);
    }
    assert_memory_not_equal(serial[0].values, serial[1].values, 100 * sizeof(double));
    free(serial);
    struct spice_pool none = {.jobs = 4};
    assert_true(spice_run(&none, NULL, 0));
}

static size_t open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    size_t count = 0;
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void test_nothing_left_behind(void **state)
{
    struct test *test = *state;
    size_t before = open_files();
    static const char *const decks[] = {"rc.sp", "kill.sp", "sleep.sp", "nosuch.sp"};
    for (size_t i = 0; i < 12; i++) {
        struct spice_job *job = add_job(test, "rc.sp", rc_deck, 5e-6, 3);
        job->deck = decks[i % 4];
        job->limit_s = 1;
    }
    assert_true(run(test, 3));
    assert_int_equal(test->ended, 12);
    assert_int_equal(open_files(), before);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* The job's folder decides, and the user's home does not. */
static void test_init_files(void **state)
{
    struct test *test = *state;
    static const char user[] = "* user\necho fatal: the file of the user\n";
    struct arena *arena = &test->arena;
    char *home = fs_join(arena, test->folder, "home"), *old = strdup(getenv("HOME"));
    assert_int_equal(fs_make_folders(home), 0);
    assert_int_equal(fs_write(fs_join(arena, home, ".spiceinit"), user, strlen(user)), 0);
    assert_int_equal(setenv("HOME", home, 1), 0);

    for (int i = 0; i < 2; i++)
        add_job(test, "rc.sp", rc_deck, 5e-6, 3);
    static const char own[] = "* own\necho fatal: the file of the job\n";
    char *own_path = fs_join(arena, test->jobs[1].folder, ".spiceinit");
    assert_int_equal(fs_write(own_path, own, strlen(own)), 0);
    assert_true(run(test, 1));
    assert_int_equal(setenv("HOME", old, 1), 0);
    free(old);

    expect(&test->seen[0], SPICE_GOOD, "");
    expect(&test->seen[1], SPICE_ERROR_LINE, "fatal: the file of the job");
    char *text;
    size_t length;
    assert_int_equal(fs_read_text(arena, own_path, 1000, &text, &length), 0);
    assert_string_equal(text, own);
}

/* Last, since an interrupt stays requested. */
static void test_interrupt(void **state)
{
    struct test *test = *state;
    interrupt_install();
    add_job(test, "rc.sp", rc_deck, 5e-6, 3);
    for (int i = 0; i < 5; i++)
        add_job(test, "sleep.sp", rc_deck, 5e-6, 3);
    test->interrupt = true;
    assert_false(run(test, 3));
    expect(&test->seen[0], SPICE_GOOD, "");
    expect(&test->seen[1], SPICE_INTERRUPTED, "interrupted");
    expect(&test->seen[2], SPICE_INTERRUPTED, "interrupted");
    assert_int_equal(test->ended, 3);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* How a worker may end without ngspice's help. */
static int worker(int argc, char **argv)
{
    const char *deck = argc > 3 ? argv[3] : "";
    if (!strcmp(deck, "sleep.sp"))
        for (;;)
            pause();
    if (!strcmp(deck, "kill.sp"))
        raise(SIGKILL);
    if (!strcmp(deck, "exit.sp")) {
        puts("fatal: x");
        fflush(stdout);
        _exit(3);
    }
    if (!strcmp(deck, "silent.sp"))
        _exit(0);
    if (!strcmp(deck, "scribble.sp")) {
        char bytes[1000];
        memset(bytes, 0xff, sizeof bytes);
        _exit(write(atoi(argv[2]), bytes, sizeof bytes) != (ssize_t)sizeof bytes);
    }
    return spice_worker_main(argc, argv);
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "--spice-worker"))
        return worker(argc, argv);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_good),
        TEST(test_include),
        TEST(test_element_count),
        TEST(test_error_lines),
        TEST(test_silent_failures),
        TEST(test_dead_workers),
        TEST(test_parallel),
        TEST(test_nothing_left_behind),
        TEST(test_init_files),
        TEST(test_interrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
