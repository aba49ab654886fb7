/* SPDX-License-Identifier: Apache-2.0
 *
 * Files: nothing is ever half-written, and nothing that belongs to somebody else is touched.
 */
#include "tests/unit/testing.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *in(struct scratch *s, const char *name)
{
    return fs_join(&s->arena, s->folder, name);
}

static void expect_text(struct scratch *s, const char *path, const char *expected)
{
    char *text;
    size_t length;
    assert_int_equal(fs_read_text(&s->arena, path, 1 << 20, &text, &length), 0);
    assert_int_equal(length, strlen(expected));
    assert_string_equal(text, expected);
}

/* The names in a folder, joined by blanks. */
static const char *listing(struct scratch *s, const char *folder)
{
    char **names, *all = arena_strdup(&s->arena, "");
    size_t count;
    assert_int_equal(fs_list(&s->arena, folder, &names, &count), 0);
    for (size_t i = 0; i < count; i++)
        all = arena_printf(&s->arena, "%s%s%s", all, i ? " " : "", names[i]);
    assert_null(names[count]);
    return all;
}

static void put(struct scratch *s, const char *name, const char *text)
{
    scratch_write(s, name, text, strlen(text));
}

static void test_write_replaces(void **state)
{
    struct scratch *s = *state;
    const char *path = in(s, "f");
    struct stat before, after;
    assert_int_equal(fs_write(path, "old", 3), 0);
    FILE *reader = fopen(path, "r");
    assert_non_null(reader);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(fs_write(path, "newer", 5), 0);
    assert_int_equal(stat(path, &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);
    char text[8] = "";
    assert_int_equal(fread(text, 1, 7, reader), 3); /* who had it open still has the old content */
    assert_string_equal(text, "old");
    fclose(reader);
    expect_text(s, path, "newer");
    assert_int_equal(fs_write(path, "", 0), 0);
    expect_text(s, path, "");
    assert_string_equal(listing(s, s->folder), "f");
}

static void test_write_refusals(void **state)
{
    struct scratch *s = *state;
    assert_int_equal(fs_write(s->folder, "x", 1), -EISDIR);
    assert_int_equal(fs_write(in(s, "absent/f"), "x", 1), -ENOENT);
    put(s, "f", "x");
    assert_int_equal(fs_write(in(s, "f/g"), "x", 1), -ENOTDIR);
    assert_int_equal(fs_write("/dev/full", "x", 1), -ENOSPC);
    assert_int_equal(fs_write("/dev/null", "x", 1), 0);
    struct stat info;
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode)); /* a device is written to, not replaced */
    assert_string_equal(listing(s, s->folder), "f");
}

/* From here on files cannot grow beyond some bytes, as on a full disk. */
static struct rlimit limit_files(rlim_t most)
{
    struct rlimit kept, limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    signal(SIGXFSZ, SIG_IGN);
    limit = (struct rlimit){most, kept.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    return kept;
}

static void test_write_disk_full(void **state)
{
    struct scratch *s = *state;
    enum { LENGTH = 5000 };
    char bytes[LENGTH];
    memset(bytes, 'n', sizeof bytes);
    put(s, "f", "the old content");
    struct rlimit kept = limit_files(1000);
    int existing = fs_write(in(s, "f"), bytes, LENGTH), fresh = fs_write(in(s, "g"), bytes, LENGTH);
    int copied = fs_copy("/proc/self/exe", in(s, "h"));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);
    assert_int_equal(existing, -EFBIG);
    assert_int_equal(fresh, -EFBIG);
    assert_int_equal(copied, -EFBIG);
    expect_text(s, in(s, "f"), "the old content");
    assert_string_equal(listing(s, s->folder), "f");
}

static void test_read(void **state)
{
    struct scratch *s = *state;
    char *text;
    size_t length;
    scratch_write(s, "f", "a\0b", 3);
    assert_int_equal(fs_read_text(&s->arena, in(s, "f"), 3, &text, &length), 0);
    assert_int_equal(length, 3);
    assert_memory_equal(text, "a\0b\0", 4);
    assert_int_equal(fs_read_text(&s->arena, in(s, "f"), 2, &text, &length), -EFBIG);
    assert_int_equal(fs_read_text(&s->arena, in(s, "g"), 2, &text, &length), -ENOENT);
    assert_int_equal(fs_read_text(&s->arena, s->folder, 2, &text, &length), -EISDIR);
    assert_int_equal(mkfifo(in(s, "pipe"), 0600), 0);
    assert_int_equal(fs_read_text(&s->arena, in(s, "pipe"), 2, &text, &length), -EINVAL);
    scratch_write(s, "empty", "", 0);
    struct fs_map map;
    assert_int_equal(fs_map(in(s, "empty"), &map), 0);
    assert_null(map.bytes);
    assert_int_equal(map.length, 0);
    fs_unmap(&map);
}

static void test_paths(void **state)
{
    struct scratch *s = *state;
    static const struct {
        const char *file, *path, *beside;
    } cases[] = {
        {"model.yaml", "w.npy", "w.npy"},         {"a/model.yaml", "w.npy", "a/w.npy"},
        {"/model.yaml", "w.npy", "/w.npy"},       {"a/b/model.yaml", "../w.npy", "a/b/../w.npy"},
        {"a/model.yaml", "/x/w.npy", "/x/w.npy"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(fs_beside(&s->arena, cases[i].file, cases[i].path), cases[i].beside);
    assert_string_equal(fs_join(&s->arena, "a", "b"), "a/b");
    assert_string_equal(fs_join(&s->arena, "a/", "b"), "a/b");
    assert_string_equal(fs_join(&s->arena, "/", "b"), "/b");
    assert_string_equal(fs_folder_of(&s->arena, "f"), ".");
    assert_string_equal(fs_folder_of(&s->arena, "/f"), "/");
    assert_string_equal(fs_folder_of(&s->arena, "a/b/f"), "a/b");
}

static void test_folders(void **state)
{
    struct scratch *s = *state;
    assert_int_equal(fs_make_folders(in(s, "a/b/c")), 0);
    assert_int_equal(fs_make_folders(in(s, "a/b/c")), 0);
    assert_int_equal(fs_make_folders(in(s, "a/b/d/")), 0);
    assert_string_equal(listing(s, in(s, "a/b")), "c d");
    put(s, "a/file", "x");
    assert_int_equal(fs_make_folders(in(s, "a/file")), -ENOTDIR);
    assert_int_equal(fs_make_folders(in(s, "a/file/b")), -ENOTDIR);
    assert_int_not_equal(fs_make_folders(""), 0);
    assert_true(fs_exists(in(s, "a/file")));
    assert_false(fs_exists(in(s, "a/other")));
    assert_true(fs_is_folder(in(s, "a")));
    assert_false(fs_is_folder(in(s, "a/file")));
}

static void test_list_is_sorted(void **state)
{
    struct scratch *s = *state;
    char **names;
    size_t count;
    assert_int_equal(fs_list(&s->arena, s->folder, &names, &count), 0);
    assert_int_equal(count, 0);
    for (int i = 0; i < 150; i++) /* more than the first room for names */
        put(s, arena_printf(&s->arena, "f%03d", i * 37 % 150), "");
    assert_int_equal(fs_list(&s->arena, s->folder, &names, &count), 0);
    assert_int_equal(count, 150);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(names[i], arena_printf(&s->arena, "f%03zu", i));
    assert_null(names[count]);
    assert_int_equal(fs_list(&s->arena, in(s, "absent"), &names, &count), -ENOENT);
}

static void test_copy(void **state)
{
    struct scratch *s = *state;
    put(s, "f", "content");
    put(s, "g", "other");
    assert_int_equal(fs_copy(in(s, "f"), in(s, "g")), 0);
    expect_text(s, in(s, "g"), "content");
    expect_text(s, in(s, "f"), "content");
    put(s, "empty", "");
    assert_int_equal(fs_copy(in(s, "empty"), in(s, "g")), 0);
    expect_text(s, in(s, "g"), "");
    assert_int_equal(fs_copy(in(s, "absent"), in(s, "f")), -ENOENT);
    expect_text(s, in(s, "f"), "content");
}

/* A link inside a tree is removed, not what it leads to. */
static void test_remove_tree(void **state)
{
    struct scratch *s = *state;
    assert_int_equal(fs_make_folders(in(s, "keep")), 0);
    put(s, "keep/f", "x");
    assert_int_equal(fs_make_folders(in(s, "tree/a/b")), 0);
    put(s, "tree/a/b/f", "x");
    assert_int_equal(symlink(in(s, "keep"), in(s, "tree/link")), 0);
    assert_int_equal(fs_remove_tree(in(s, "tree")), 0);
    assert_int_equal(fs_remove_tree(in(s, "tree")), 0); /* not there: nothing to do */
    assert_string_equal(listing(s, s->folder), "keep");
    expect_text(s, in(s, "keep/f"), "x");
    assert_int_equal(fs_remove_tree(in(s, "keep/f")), 0);
    assert_string_equal(listing(s, in(s, "keep")), "");
}

static struct fs_stage begin(struct scratch *s, const char *target)
{
    struct fs_stage stage;
    assert_int_equal(fs_stage_begin(&s->arena, target, &stage), 0);
    assert_true(fs_is_folder(stage.path));
    const char *path = fs_join(&s->arena, stage.path, "f");
    assert_int_equal(fs_write(path, "new", 3), 0);
    return stage;
}

static void test_stage(void **state)
{
    struct scratch *s = *state;
    struct fs_stage stage = begin(s, in(s, "a/chip/"));
    assert_string_equal(stage.target, in(s, "a/chip"));
    assert_false(fs_exists(stage.target));
    fs_stage_abort(&stage);
    assert_string_equal(listing(s, in(s, "a")), "");

    stage = begin(s, in(s, "a/chip"));
    assert_int_equal(fs_stage_commit(&stage), 0);
    assert_string_equal(listing(s, in(s, "a")), "chip");
    expect_text(s, in(s, "a/chip/f"), "new");

    put(s, "a/chip/f", "old");
    put(s, "a/chip/only-old", "old");
    stage = begin(s, in(s, "a/chip"));
    expect_text(s, in(s, "a/chip/f"), "old"); /* until the commit */
    fs_stage_abort(&stage);
    expect_text(s, in(s, "a/chip/f"), "old");
    stage = begin(s, in(s, "a/chip"));
    assert_int_equal(fs_stage_commit(&stage), 0);
    assert_string_equal(listing(s, in(s, "a")), "chip");
    assert_string_equal(listing(s, in(s, "a/chip")), "f");
    expect_text(s, in(s, "a/chip/f"), "new");
}

static void test_stage_refusals(void **state)
{
    struct scratch *s = *state;
    struct fs_stage stage = {0};
    put(s, "file", "x");
    assert_int_equal(fs_stage_begin(&s->arena, in(s, "file/chip"), &stage), -ENOTDIR);
    fs_stage_abort(&stage);
    fs_stage_abort(&(struct fs_stage){0});
    assert_string_equal(listing(s, s->folder), "file");
    expect_text(s, in(s, "file"), "x");
}

/* The number of a process that has ended. */
static long dead_process(void)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child)
        _exit(0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return child;
}

/* What a killed run left goes; what a living one is filling stays, and so does what only looks
 * alike. */
static void test_stage_leftovers(void **state)
{
    struct scratch *s = *state;
    long dead = dead_process(), living = getppid();
    char *gone = arena_printf(&s->arena, "chip.oscc-%ld", dead);
    char *busy = arena_printf(&s->arena, "chip.oscc-%ld", living);
    char *other = arena_printf(&s->arena, "chop.oscc-%ld", dead);
    char *note = arena_printf(&s->arena, "chip.oscc-%ld.txt", dead);
    put(s, "chip.oscc-", "x");
    put(s, note, "x");
    const char *const folders[] = {gone, busy, other};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(fs_make_folders(in(s, folders[i])), 0);
        put(s, arena_printf(&s->arena, "%s/f", folders[i]), "x");
    }
    struct fs_stage stage = begin(s, in(s, "chip"));
    assert_false(fs_exists(in(s, gone)));
    assert_true(fs_exists(in(s, arena_printf(&s->arena, "%s/f", busy))));
    assert_true(fs_exists(in(s, arena_printf(&s->arena, "%s/f", other))));
    assert_true(fs_exists(in(s, "chip.oscc-")));
    assert_true(fs_exists(in(s, note)));
    fs_stage_abort(&stage);
    /* what this process left itself is in the way and goes too */
    stage = begin(s, in(s, "chip"));
    stage = begin(s, in(s, "chip"));
    assert_string_equal(listing(s, stage.path), "f");
    fs_stage_abort(&stage);
}

/* Once the new folder is in place the commit has succeeded, even if the old one cannot be removed.
 */
static void test_stage_old_cannot_be_removed(void **state)
{
    struct scratch *s = *state;
    assert_int_equal(fs_make_folders(in(s, "a/chip/locked")), 0);
    put(s, "a/chip/locked/f", "x");
    bool root = geteuid() == 0;
    if (root) { /* for root no folder is locked */
        assert_int_equal(chmod(s->folder, 0755), 0);
        assert_int_equal(chown(in(s, "a"), 65534, 65534), 0);
        assert_int_equal(chown(in(s, "a/chip"), 65534, 65534), 0);
        assert_int_equal(chown(in(s, "a/chip/locked"), 65534, 65534), 0);
    }
    assert_int_equal(chmod(in(s, "a/chip/locked"), 0500), 0);
    assert_true(!root || seteuid(65534) == 0);
    struct fs_stage stage = begin(s, in(s, "a/chip"));
    int error = fs_stage_commit(&stage);
    assert_true(!root || seteuid(0) == 0);
    assert_int_equal(chmod(fs_is_folder(in(s, "a/chip/locked"))
                               ? in(s, "a/chip/locked")
                               : fs_join(&s->arena, stage.path, "locked"),
                           0700),
                     0);
    assert_int_equal(error, 0);
    assert_string_equal(listing(s, in(s, "a/chip")), "f");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_write_replaces),
        TEST(test_write_refusals),
        TEST(test_write_disk_full),
        TEST(test_read),
        TEST(test_paths),
        TEST(test_folders),
        TEST(test_list_is_sorted),
        TEST(test_copy),
        TEST(test_remove_tree),
        TEST(test_stage),
        TEST(test_stage_refusals),
        TEST(test_stage_leftovers),
        TEST(test_stage_old_cannot_be_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
