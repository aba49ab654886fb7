/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/energy.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name, *node, *source, *vector;
} blocks[ENERGY_BLOCKS] = {
    [ENERGY_OSCILLATORS] = {"oscillators", "vdd_oscillators", "vsupply_oscillators",
                            "i(vsupply_oscillators)"},
    [ENERGY_DRIVERS] = {"drivers", "vdd_drivers", "vsupply_drivers", "i(vsupply_drivers)"},
    [ENERGY_OTHERS] = {"others", "vdd_others", "vsupply_others", "i(vsupply_others)"},
    [ENERGY_MIDRAIL] = {"midrail", NULL, "vmid", "i(vmid)"},
};

const char *energy_block_name(enum energy_block block)
{
    return blocks[block].name;
}

const char *energy_node(enum energy_block block)
{
    return blocks[block].node;
}

const char *energy_source(enum energy_block block)
{
    return blocks[block].source;
}

const char *energy_vector(enum energy_block block)
{
    return blocks[block].vector;
}

enum energy_block energy_block_of(const char *module)
{
    if (!strcmp(module, "oscillator"))
        return ENERGY_OSCILLATORS;
    return strcmp(module, "driver") ? ENERGY_OTHERS : ENERGY_DRIVERS;
}

/* The area under a straight line from a to b, or under what of it is above zero. */
static double area(double a, double b, double width, bool one_way)
{
    if (!one_way || (a >= 0 && b >= 0))
        return (a + b) / 2 * width;
    if (a <= 0 && b <= 0)
        return 0;
    double top = fmax(a, b);
    return top / 2 * width * top / fabs(a - b);
}

double energy_charge(size_t points, const double *time, const double *current, size_t stride,
                     bool one_way)
{
    double sum = 0;
    for (size_t p = 1; p < points; p++) {
        double now = -current[p * stride];
        double before = p > 1 ? -current[(p - 1) * stride] : now;
        sum += area(before, now, time[p] - time[p - 1], one_way);
    }
    return sum;
}

void energy_measure(const struct spice_result *result, size_t vectors, double supply_v,
                    double joule[ENERGY_BLOCKS])
{
    const double *first = result->values + vectors - ENERGY_BLOCKS;
    for (size_t b = 0; b < ENERGY_BLOCKS; b++)
        joule[b] = supply_v * energy_charge(result->points, result->time, first + b, vectors,
                                            b == ENERGY_MIDRAIL);
}
