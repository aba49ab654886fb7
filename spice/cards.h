/* SPDX-License-Identifier: Apache-2.0
 *
 * Model cards without the PDK's machinery. A PDK wraps each transistor in a subcircuit with
 * parameters and hundreds of binned cards full of expressions: seconds to parse for an array.
 * Slicing evaluates that once for each device and size at one corner, and leaves a file with one
 * plain card for each, shared by all instances, and one small subcircuit a size:
 *
 *     x1 d g s b sky130_fd_pr__nfet_01v8_w0p42_l0p15     or, parsed as fast,
 *     m1 d g s b <struct card.direct>
 *
 * The numbers are those that ngspice's own numparam hands to the models; the test compares
 * currents and transients of both. Sizes are in metres there, so the file needs no `.option scale`
 * and no compatibility mode, and must not be loaded beside one that sets a scale.
 */
#ifndef OSCC_SPICE_CARDS_H
#define OSCC_SPICE_CARDS_H

#include "spice/card_library.h"

/* Where the models of one process are, at one corner. */
struct cards_library {
    const char *title;             /* "sky130A discrete tt" */
    const char *set;               /* "discrete" */
    struct card_source sources[4]; /* what a deck would .include and .lib, paths made whole */
    size_t source_count;
    const char *behaviour; /* ngspice's compatibility mode for the library itself, or NULL */
};

/* The names of the sets of models that a process has, its first one the default; NULL-terminated,
 * and empty for a process without models. */
const char *const *cards_sets(struct arena *arena, const char *process);

/* Whether all the files that a deck would name of a set are in a root. */
bool cards_set_found(struct arena *arena, const char *root, const char *process, const char *set);

/* Whether a process has a set of models; if not, a diagnostic that lists those it has. */
bool cards_set_known(struct arena *arena, const char *process, const char *set,
                     struct diags *diags);

/* root: a folder laid out as an installed PDK_ROOT. process: "generic", "sky130A" or "gf180mcuD".
 * set: of cards_sets(), as of sky130A "discrete" (binned; its corners are complete) or
 * "continuous"; NULL for the first. corner: tt ss ff sf fs, and for sky130A what else the library
 * has (ll hh hl lh of the continuous set). false after a diagnostic where oscc knows no such
 * process, set or corner. */
bool cards_library(struct arena *arena, const char *root, const char *process, const char *set,
                   const char *corner, struct cards_library *library, struct diags *diags);

struct card_request {
    const char *device; /* the PDK's subcircuit */
    double w_um, l_um;  /* w 0 for devices of fixed width */
};

struct card {
    const char *name;   /* of the subcircuit, its ports in the order of the PDK's device */
    const char *direct; /* for one transistor: "<card> w=.. l=.. ..", to follow "mX d g s b";
                         * else NULL */
    size_t elements;    /* that an instance adds to `inventory` */
    bool body_network;  /* its card has resistors in the body, three more nodes a transistor, which
                         * an instance turns off with " rbodymod=0" */
    /* What direct holds already of the two parameters that carry mismatch (0 and 1 where it has
     * none). Of a parameter written twice ngspice takes the last, so append the sum and the
     * product: " delvto=<delvto_v + shift> mulu0=<mulu0 * factor>". */
    double delvto_v, mulu0;
};

enum cards_origin {
    CARDS_SLICED,  /* made now; the cache had none */
    CARDS_CACHED,  /* taken from the cache, checked */
    CARDS_REPAIRED /* made now; the cache held a file that was not as oscc wrote it */
};

struct cards {
    const char *text; /* the file */
    size_t length;
    struct card *list;   /* one for each request, in the order asked for */
    char key[HASH_TEXT]; /* of everything the cards depend on, also in the file's second line */
    enum cards_origin origin;
};

/* cache: a folder for slices (made when missing), or NULL for none. All memory is the arena's.
 * false after diagnostics. The same library and requests, in any order, give the same bytes. */
bool cards_slice(struct arena *arena, const struct cards_library *library,
                 const struct card_request *requests, size_t count, const char *cache,
                 struct cards *cards, struct diags *diags);

/* $XDG_CACHE_HOME/oscc, else ~/.cache/oscc, else NULL. */
const char *cards_cache_folder(struct arena *arena);

#endif
