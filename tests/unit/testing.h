/* SPDX-License-Identifier: Apache-2.0
 *
 * Helpers that the unit tests share: a scratch folder, files in it, and what diagnostics said.
 */
#ifndef OSCC_TESTING_H
#define OSCC_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/base/arena.h"
#include "compiler/base/diag.h"
#include "compiler/base/fs.h"
#include "compiler/base/str.h"

/* What most tests need; set up and torn down around each. */
struct scratch {
    struct arena arena;
    struct diags diags;
    char folder[64];
};

__attribute__((unused)) static int scratch_setup(void **state)
{
    struct scratch *scratch = calloc(1, sizeof *scratch);
    strcpy(scratch->folder, "/tmp/oscc-test-XXXXXX");
    if (!mkdtemp(scratch->folder))
        return -1;
    *state = scratch;
    return 0;
}

__attribute__((unused)) static int scratch_teardown(void **state)
{
    struct scratch *scratch = *state;
    fs_remove_tree(scratch->folder);
    diag_free(&scratch->diags);
    arena_free(&scratch->arena);
    free(scratch);
    return 0;
}

/* Writes a file into the scratch folder; its path. */
__attribute__((unused)) static const char *scratch_write(struct scratch *scratch, const char *name,
                                                         const void *bytes, size_t length)
{
    const char *path = fs_join(&scratch->arena, scratch->folder, name);
    assert_int_equal(fs_write(path, bytes, length), 0);
    return path;
}

/* Forgets all diagnostics, for the next case of a table. */
__attribute__((unused)) static void scratch_reset(struct scratch *scratch)
{
    diag_free(&scratch->diags);
    arena_free(&scratch->arena);
}

/* Fails unless that diagnostic is there: same code, line, column and message (line 0: no place);
 * help NULL asks for nothing, else the help must contain it. */
__attribute__((unused)) static void expect_diag(struct diags *diags, enum diag_code code,
                                                size_t line, size_t column, const char *message,
                                                const char *help)
{
    for (size_t i = 0; i < diags->count; i++) {
        const struct diag *diag = &diags->list[i];
        struct source_place place = {0};
        if (diag->span.source && diag->span.source->text)
            place = source_locate(diag->span.source, diag->span.offset);
        if (diag->code == code && place.line == line && place.column == column &&
            strcmp(diag->message, message) == 0 &&
            (!help || (diag->help && strstr(diag->help, help))))
            return;
    }
    fprintf(stderr, "wanted %s %zu:%zu \"%s\" help \"%s\", found:\n", diag_code_name(code), line,
            column, message, help ? help : "");
    diag_print(diags, stderr, DIAG_HUMAN, false);
    fail();
}

/* Fails, and shows them, where there is any diagnostic. */
__attribute__((unused)) static void expect_no_diags(struct diags *diags)
{
    if (!diags->count)
        return;
    diag_print(diags, stderr, DIAG_HUMAN, false);
    fail();
}

/* A safetensors file that grows; entries are written as they are given, faults included. */
struct tensor_writer {
    struct str header, data;
};

__attribute__((unused)) static void tensor_writer_add(struct tensor_writer *writer,
                                                      const char *name, const char *dtype,
                                                      const char *shape, const void *bytes,
                                                      size_t length)
{
    str_addf(&writer->header, "%s\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%zu,%zu]}",
             writer->header.length ? "," : "{", name, dtype, shape, writer->data.length,
             writer->data.length + length);
    str_add_bytes(&writer->data, bytes, length);
}

__attribute__((unused)) static void tensor_writer_note(struct tensor_writer *writer,
                                                       const char *notes)
{
    str_addf(&writer->header, "%s\"__metadata__\":%s", writer->header.length ? "," : "{", notes);
}

/* The whole file; the writer is empty afterwards. */
__attribute__((unused)) static struct str tensor_writer_take(struct tensor_writer *writer)
{
    str_add(&writer->header, "}");
    struct str file = {0};
    for (int i = 0; i < 8; i++) {
        unsigned char byte = (unsigned char)((uint64_t)writer->header.length >> (8 * i));
        str_add_bytes(&file, &byte, 1);
    }
    str_add_bytes(&file, writer->header.text, writer->header.length);
    str_add_bytes(&file, str_text(&writer->data), writer->data.length);
    str_free(&writer->header);
    str_free(&writer->data);
    return file;
}

#endif
