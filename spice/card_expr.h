/* SPDX-License-Identifier: Apache-2.0
 *
 * Expressions of SPICE parameter files, as ngspice's numparam reads them, evaluated only where
 * they are asked for. Voltages, currents and the temperature stay as text, with everything around
 * them that is constant folded into numbers.
 */
#ifndef OSCC_SPICE_CARD_EXPR_H
#define OSCC_SPICE_CARD_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler/base/diag.h"
#include "compiler/base/str.h"

struct card_value {
    double number;    /* where text is NULL */
    const char *text; /* an expression of voltages, currents, time or temperature */
    bool random;      /* a drawn number changes it; its nominal value is used */
};

struct card_scope;

enum card_state { CARD_NEW, CARD_BUSY, CARD_KNOWN };

struct card_param {
    const char *name; /* lower case */
    const char *text; /* its expression */
    size_t length;
    struct card_scope *scope; /* in which the expression is evaluated */
    enum card_state state;
    struct card_value value; /* when CARD_KNOWN */
};

/* Parameters by name. A later definition of a name replaces the earlier one. */
struct card_table {
    struct card_param **slots;
    size_t room, count;
};
struct card_param *card_table_find(const struct card_table *table, const char *name, size_t length);
struct card_param *card_table_set(struct arena *arena, struct card_table *table, const char *name,
                                  size_t length);

/* Where names are looked up: here, then in the scope of the caller, as numparam does. */
struct card_scope {
    struct card_scope *outer;
    struct card_table params;
    /* how a node is called outside; user is the caller's */
    const char *(*node)(void *user, const char *name, size_t length);
    void *user;
};

/* What an evaluation needs and whether it went wrong; the first fault is reported, later ones are
 * silent. */
struct card_context {
    struct arena *arena;
    struct diags *diags;
    const char *what; /* for messages: the device that is evaluated */
    bool failed;
    int depth;
};
void card_fail(struct card_context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

struct card_value card_evaluate(struct card_context *context, struct card_scope *scope,
                                const char *text, size_t length);

/* A number that does not depend on voltages or on chance; fails otherwise. */
double card_number(struct card_context *context, struct card_scope *scope, const char *text,
                   size_t length);

/* The number at the text with its SPICE suffix ("0.35u", "1meg"); *end is set behind it. */
double card_read_number(const char *text, const char **end);

/* Whether the stretch is one literal number. */
bool card_is_literal(const char *text, size_t length);

/* Length of the value at the start of the text, as it stands behind "name =": one expression, of
 * which braces or quotes may be a part; it ends where no operator follows. */
size_t card_value_length(const char *text);

#endif
