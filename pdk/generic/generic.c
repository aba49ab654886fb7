/* SPDX-License-Identifier: Apache-2.0 */
#include "pdk/generic/generic.h"

/* Found by fitting gain and lag of dense networks at each corner (docs/fabric.md). */
static const struct pdk_corner corners[] = {{"tt", 1, 7, 1, 1},         {"ss", 0.931, 13, 1.1, 1.1},
                                            {"ff", 1.052, 1, 0.9, 0.9}, {"sf", 0.988, 6, 1, 1},
                                            {"fs", 0.991, 6, 1, 1},     {0}};

static const struct pdk_device device = {
    .cells = "generic",
    .cell_files = pdk_transistor_cells,
    .corners = corners,
    .supply_v = 1.8,
    .mid_v = 0.9,
    .capacitor_f = 1e-12,
    .gain = 1.61,
    .attenuation = 32,
    .coupler_f = 6.6e-15,
    .bus_s = 165e-6,
    .bus_delay_s = 1.9e-09,
    .lag_base = 0.44,
    .lag_step = 0.08,
    .mim_f_per_um2 = 2e-15,
    .gate_um = 0.18,
    .frequency_per_capacitance = 0.858,
    /* as measured in runs: with these, runs that start with the couplers enabled agree with those
     * in which transistors enable them; the switch alone measures 900 to 2,800 ohm and 39 to 48 fF
     * from 0.6 to 1.2 V */
    .enable_f = 50e-15,
    .enable_ohm = 700,
    .resistor = "res_poly",
    .resistor_size = "w=0.4u l=",
    .size_unit = "u",
    .resistor_ohm_per_um = 5000,
};

const struct pdk pdk_generic = {
    .name = "generic",
    .title = "built-in process, 1.8 V transistors of no real process; needs nothing installed",
    .cells = "behavioural",
    .cell_files = pdk_behavioural_cells,
    .carrier_hz = 12.6e6,
    .capacitor_f = 1e-12,
    .carrier_cycles = 16,
    .swing_v = 0.5,
    .device = &device,
    .built_in = true,
};
