/* SPDX-License-Identifier: Apache-2.0
 *
 * A chip of an example in a folder of its own, for tests that change one of its files and ask
 * verification for its verdict.
 */
#ifndef OSCC_TESTS_CIRCUIT_CHIP_FIXTURE_H
#define OSCC_TESTS_CIRCUIT_CHIP_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/str.h"
#include "compiler/map/chip.h"
#include "netlist/chip_folder.h"
#include "spice/compare.h"
#include "spice/verify.h"

struct fixture {
    struct arena arena;
    struct diags diags;
    char folder[64]; /* the chip */
    const char *process;
    struct model *model; /* from its resolved.yaml, as oscc verify reads it */
};

static inline struct fixture *fixture_make(const char *model_path, const char *process)
{
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/oscc-chip-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    struct model *model = model_load(&f->arena, model_path, &f->diags);
    assert_non_null(model);
    struct chip *chip = map_model(&f->arena, model, pdk_find(process), NULL, NULL, &f->diags);
    assert_non_null(chip);
    assert_true(netlist_write_chip(&f->arena, chip, f->folder, "test", &f->diags));
    f->process = process;
    f->model = model_load(&f->arena, fs_join(&f->arena, f->folder, "resolved.yaml"), &f->diags);
    assert_non_null(f->model);
    return f;
}

static inline int fixture_tear_down(void **state)
{
    struct fixture *f = *state;
    fs_remove_tree(f->folder);
    diag_free(&f->diags);
    arena_free(&f->arena);
    free(f);
    return 0;
}

/* Whether verification is content with the folder as it is. */
static inline bool fixture_passes(struct fixture *f, enum model_level level, size_t samples,
                                  const char *what)
{
    struct verify_options options = {
        .level = level, .corner = "tt", .samples = samples, .jobs = 2, .worker = OSCC_BINARY};
    const struct campaign *campaign =
        verify_campaign(&f->arena, f->folder, f->model, &options, &f->diags);
    if (!campaign)
        return false;
    struct str failures = {0};
    struct comparison c = compare_campaign(&f->arena, f->model, campaign);
    bool meets = compare_meets_limits(&c, campaign, &f->model->limits[level], &failures);
    printf("  %-6s %-40s phase %.5f, worst oscillator %.5f rad: %s\n", model_level_name(level),
           what, c.phase_rms_rad, c.worst_oscillator_rms_rad, meets ? "passes" : "caught");
    str_free(&failures);
    return meets;
}

/* A file of the chip with its text, to be put back after a mutation. */
struct file {
    char *path, *text;
    size_t length;
};

static inline struct file fixture_read(struct fixture *f, const char *name)
{
    struct file file = {.path = fs_join(&f->arena, f->folder, name)};
    assert_int_equal(fs_read_text(&f->arena, file.path, 1 << 24, &file.text, &file.length), 0);
    return file;
}

static inline void fixture_put_back(const struct file *file)
{
    assert_int_equal(fs_write(file->path, file->text, file->length), 0);
}

/* Replaces the first occurrence of a text. */
static inline void fixture_replace(struct fixture *f, const struct file *file, const char *old,
                                   const char *new)
{
    char *at = strstr(file->text, old);
    assert_non_null(at);
    char *text = arena_printf(&f->arena, "%.*s%s%s", (int)(at - file->text), file->text, new,
                              at + strlen(old));
    assert_int_equal(fs_write(file->path, text, strlen(text)), 0);
}

#endif
