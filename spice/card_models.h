/* SPDX-License-Identifier: Apache-2.0
 *
 * Model cards: found in a library, of the right bin, evaluated, written once.
 */
#ifndef OSCC_SPICE_CARD_MODELS_H
#define OSCC_SPICE_CARD_MODELS_H

#include "spice/card_library.h"

/* Model cards that have been written; equal ones are written once. */
struct card_models {
    struct str text; /* .model lines; the user's to free */
    struct card_written {
        const char *body, *name;
    } * list;
    size_t count, room;
};

/* Of which size a transistor is, for the choice of a bin. */
struct card_size {
    double w, l;        /* m; NaN: an element without bins */
    bool written;       /* as numbers in the call of the subcircuit that holds the cards */
    float own_w, own_l; /* those numbers, m */
};

struct card_model_request {
    const char *name; /* as the element has it */
    size_t name_length;
    const char *device; /* for the name of the written card */
    struct card_size size;
};

/* Looks for the model in lines begin to end, outside of subcircuits among them, evaluates its card
 * in the scope, and writes it unless an equal one stands there. The written card's name, or NULL
 * where there is no such model for this size. */
const char *card_models_use(struct card_models *models, struct card_context *context,
                            const struct card_library *library, struct card_scope *scope,
                            size_t begin, size_t end, const struct card_model_request *request);

/* A number with as many digits as ngspice's numparam hands on. */
void card_add_number(struct str *str, double value);

#endif
