/* SPDX-License-Identifier: Apache-2.0
 *
 * Diagnostics: collected, sorted by place, printed together. A message is lower case and says
 * what is wrong and where; the help says what was expected and what to do.
 *
 *     diag_error(diags, DIAG_UNKNOWN_KEY, node->span, "unknown key \"%s\"", key);
 *     diag_help(diags, "did you mean \"%s\"?", nearest);
 */
#ifndef OSCC_BASE_DIAG_H
#define OSCC_BASE_DIAG_H

#include <stdbool.h>
#include <stdio.h>

#include "compiler/base/arena.h"
#include "compiler/base/source.h"

enum diag_code {
#define X(name, code, status, title, explanation) DIAG_##name,
#include "compiler/base/diag_codes.def"
#undef X
    DIAG_CODE_COUNT
};

enum diag_severity { DIAG_SEVERITY_ERROR, DIAG_SEVERITY_WARNING, DIAG_SEVERITY_NOTE };

struct diag {
    enum diag_code code;
    enum diag_severity severity;
    struct span span;
    const char *message;
    const char *help; /* NULL, or lines of help joined by newlines */
};

struct diags {
    struct arena arena; /* owns the messages */
    struct diag *list;
    size_t count, room;
    size_t errors; /* severity error; more than DIAG_MOST are counted but not kept */
    size_t left_out;
    int worst_status;  /* the largest exit status that an error's code asks for */
    bool last_dropped; /* the latest one was not kept, so its help is dropped too */
};

enum { DIAG_MOST = 100 };

/* Adds one; span.source may be NULL. The text is copied. */
void diag_error(struct diags *diags, enum diag_code code, struct span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void diag_warning(struct diags *diags, enum diag_code code, struct span span, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));

/* Adds a help line to the latest one. */
void diag_help(struct diags *diags, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum diag_format { DIAG_HUMAN, DIAG_JSON };

/* Prints all of them, sorted by file and place: for people with the source line and a caret, or
 * as one JSON array. color is for DIAG_HUMAN only. */
void diag_print(struct diags *diags, FILE *out, enum diag_format format, bool color);

/* The exit status that the errors ask for: 0 none, 1 a limit not met, 2 bad input, 3 input/output
 * or a tool; where several occur, the largest. */
int diag_exit_status(const struct diags *diags);

void diag_free(struct diags *diags);

/* The code as printed ("E101"), its title and its explanation; the lookup ignores case and
 * returns DIAG_CODE_COUNT for what is not a code. */
const char *diag_code_name(enum diag_code code);
const char *diag_code_title(enum diag_code code);
const char *diag_code_explanation(enum diag_code code);
enum diag_code diag_code_find(const char *name);

#define SPAN_NONE ((struct span){0})

#endif
