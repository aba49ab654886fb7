/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/card_function.h"

#include <math.h>
#include <string.h>

#define ONE(name)                                                                                  \
    static double apply_##name(const double *x)                                                    \
    {                                                                                              \
        return name(x[0]);                                                                         \
    }
ONE(sqrt)
ONE(exp)
ONE(log)
ONE(log10)
ONE(fabs)
ONE(sin)
ONE(cos)
ONE(tan)
ONE(asin)
ONE(acos)
ONE(atan)
ONE(sinh)
ONE(cosh)
ONE(tanh)
ONE(asinh)
ONE(acosh)
ONE(atanh)
ONE(floor)
ONE(ceil)
ONE(trunc)
ONE(nearbyint)
#undef ONE

static double apply_min(const double *x)
{
    return x[0] < x[1] ? x[0] : x[1];
}

static double apply_max(const double *x)
{
    return x[0] > x[1] ? x[0] : x[1];
}

static double apply_pow(const double *x)
{
    return pow(x[0], x[1]);
}

static double apply_pwr(const double *x)
{
    return pow(fabs(x[0]), x[1]);
}

static double apply_sgn(const double *x)
{
    return (x[0] > 0) - (x[0] < 0);
}

static double apply_ternary(const double *x)
{
    return x[0] != 0 ? x[1] : x[2];
}

static double nominal(const double *x)
{
    return x[0];
}

static const struct card_function functions[] = {
    {"sqrt", 1, false, apply_sqrt},
    {"exp", 1, false, apply_exp},
    {"ln", 1, false, apply_log},
    {"log", 1, false, apply_log}, /* the natural one, in numparam */
    {"log10", 1, false, apply_log10},
    {"abs", 1, false, apply_fabs},
    {"sin", 1, false, apply_sin},
    {"cos", 1, false, apply_cos},
    {"tan", 1, false, apply_tan},
    {"asin", 1, false, apply_asin},
    {"acos", 1, false, apply_acos},
    {"atan", 1, false, apply_atan},
    {"arctan", 1, false, apply_atan},
    {"sinh", 1, false, apply_sinh},
    {"cosh", 1, false, apply_cosh},
    {"tanh", 1, false, apply_tanh},
    {"asinh", 1, false, apply_asinh},
    {"acosh", 1, false, apply_acosh},
    {"atanh", 1, false, apply_atanh},
    {"floor", 1, false, apply_floor},
    {"ceil", 1, false, apply_ceil},
    {"int", 1, false, apply_trunc},
    {"nint", 1, false, apply_nearbyint},
    {"sgn", 1, false, apply_sgn},
    {"min", 2, false, apply_min},
    {"max", 2, false, apply_max},
    {"pow", 2, false, apply_pow},
    {"pwr", 2, false, apply_pwr},
    {"ternary_fcn", 3, false, apply_ternary},
    {"agauss", 3, true, nominal},
    {"gauss", 3, true, nominal},
    {"aunif", 2, true, nominal},
    {"unif", 2, true, nominal},
    {"limit", 2, true, nominal},
};

const struct card_function *card_function_find(const char *name, size_t length, size_t count)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (functions[i].count == count && strlen(functions[i].name) == length &&
            memcmp(functions[i].name, name, length) == 0)
            return &functions[i];
    return NULL;
}
