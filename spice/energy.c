/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/energy.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name, *module, *node, *source, *vector;
} sources[ENERGY_SOURCES] = {
    [ENERGY_OSCILLATORS] = {"oscillators", "oscillator", "vdd_oscillators", "vsupply_oscillators",
                            "i(vsupply_oscillators)"},
    [ENERGY_DRIVERS] = {"drivers", "driver", "vdd_drivers", "vsupply_drivers",
                        "i(vsupply_drivers)"},
    [ENERGY_OTHERS] = {"others", "", "vdd_others", "vsupply_others", "i(vsupply_others)"},
    [ENERGY_MIDRAIL] = {"midrail", "midrail", "vdd_midrail", "vsupply_midrail",
                        "i(vsupply_midrail)"},
    [ENERGY_HOLD] = {"", "", NULL, "vmid", "i(vmid)"},
};

const char *energy_block_name(enum energy_block block)
{
    return sources[block].name;
}

const char *energy_node(enum energy_block source)
{
    return sources[source].node;
}

const char *energy_source(enum energy_block source)
{
    return sources[source].source;
}

const char *energy_vector(enum energy_block source)
{
    return sources[source].vector;
}

enum energy_block energy_block_of(const char *module)
{
    for (enum energy_block b = 0; b < ENERGY_BLOCKS; b++)
        if (!strcmp(module, sources[b].module))
            return b;
    return ENERGY_OTHERS;
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

void energy_measure(const struct spice_result *result, size_t vectors, size_t source_count,
                    double supply_v, double joule[ENERGY_BLOCKS])
{
    const double *first = result->values + vectors - source_count;
    for (size_t s = 0; s < source_count; s++) {
        bool hold = s == ENERGY_HOLD;
        double charge = energy_charge(result->points, result->time, first + s, vectors, hold);
        if (hold)
            joule[ENERGY_MIDRAIL] += supply_v * charge;
        else
            joule[s] = supply_v * charge;
    }
}
