/* SPDX-License-Identifier: Apache-2.0
 *
 * A library of device models as lines: files included, sections chosen, continued lines joined,
 * comments gone, all in lower case as ngspice reads it.
 */
#ifndef OSCC_SPICE_CARD_LIBRARY_H
#define OSCC_SPICE_CARD_LIBRARY_H

#include "compiler/base/hash.h"
#include "spice/card_expr.h"

/* A file as a deck names it: `.include path`, or `.lib path section`. */
struct card_source {
    const char *path;
    const char *section; /* NULL: .include */
};

struct card_file {
    const char *path; /* as it was opened */
    char hash[HASH_TEXT];
};

struct card_library {
    const char **lines; /* NUL-terminated each */
    size_t count, room;
    struct card_file *files; /* all that were read, in the order of the first reading */
    size_t file_count, file_room;
    struct card_scope globals; /* .param outside subcircuits */
    double scale;              /* .option scale: what a length in an instance is multiplied by */
};

/* Reads the files and all that they include. false after diagnostics. */
bool card_library_read(struct arena *arena, const struct card_source *sources, size_t count,
                       struct card_library *library, struct diags *diags);

/* The line behind ".subckt name", or the count of lines; the first definition counts, as it
 * does in ngspice. */
size_t card_library_subckt(const struct card_library *library, const char *name);

/* Whether the line begins with the word, and what follows it. */
bool card_line_is(const char *line, const char *word, const char **rest);

/* One "name = value" of a list; the list ends, and false is returned, where none follows. */
struct card_assignment {
    const char *name, *value;
    size_t name_length, value_length;
};
bool card_next_assignment(const char **at, struct card_assignment *assignment);

/* One word that no "=" follows; false where an assignment or the end is next. */
bool card_next_word(const char **at, const char **word, size_t *length);

#endif
