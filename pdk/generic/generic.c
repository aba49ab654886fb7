/* SPDX-License-Identifier: Apache-2.0 */
#include "pdk/generic/generic.h"

static const char *const cell_files[] = {"oscillator.spice", "driver.spice", "coupler.spice",
                                         "dummy.spice", NULL};

const struct pdk pdk_generic = {
    .name = "generic",
    .title = "built-in process, behavioural cells; needs nothing installed",
    .cells = "behavioural",
    .cell_files = cell_files,
    .carrier_hz = 10e6,
    .capacitor_f = 1e-12,
    .carrier_cycles = 5,
    .swing_v = 0.5,
};
