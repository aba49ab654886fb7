/* SPDX-License-Identifier: Apache-2.0
 *
 * Characterisation: what a process's cells do at one corner, measured in ngspice on the netlists of
 * pdk/cells in sliced cards (docs/characterisation.md says how each value is found). The result is
 * JSON, values in SI with the unit at the end of their names; the compiler reads it
 * (pdk/measured.h), the datasheet shows it.
 */
#ifndef OSCC_SPICE_CHARACTERISE_H
#define OSCC_SPICE_CHARACTERISE_H

#include "compiler/base/hash.h"
#include "compiler/base/json.h"
#include "spice/bench.h"

/* What is part of a characterisation beside the cells and the models. */
struct characterise_options {
    uint64_t seed;    /* of mismatch */
    int draws;        /* of mismatch; 0: none */
    const char *only; /* measure this part of it, say "cell"; NULL: all */
};

enum characterise_origin {
    CHARACTERISE_MEASURED, /* the cache had none */
    CHARACTERISE_CACHED,
    CHARACTERISE_REPAIRED /* measured; the cache held one that was not as oscc wrote it */
};

/* All of it, from the cache (a folder, made when missing; NULL: none) where the same cells, models,
 * settings and versions were measured before. The lab is open. NULL with faults in the lab's diags,
 * or when interrupted. The caller releases the value. */
json_t *characterise(struct bench_lab *lab, const struct characterise_options *options,
                     const char *cache, enum characterise_origin *origin);

#endif
