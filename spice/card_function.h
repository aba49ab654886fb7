/* SPDX-License-Identifier: Apache-2.0
 *
 * The functions that parameter files may call, as numparam of ngspice 39 defines them.
 */
#ifndef OSCC_SPICE_CARD_FUNCTION_H
#define OSCC_SPICE_CARD_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>

enum { CARD_ARGUMENTS = 3 };

struct card_function {
    const char *name;
    size_t count; /* of arguments */
    bool draws;   /* a random number; apply() then gives its nominal value */
    double (*apply)(const double *arguments);
};

/* NULL when there is none of that name and number of arguments. */
const struct card_function *card_function_find(const char *name, size_t length, size_t count);

#endif
