/* SPDX-License-Identifier: Apache-2.0 */
#include "pdk/sky130A/sky130A.h"

/* Found by fitting gain and lag of digits at each corner (docs/fabric.md); measured/ replaces them.
 */
static const struct pdk_corner corners[] = {{"tt", 1, 7, 1, 1},     {"ss", 0.836, 15, 1, 1},
                                            {"ff", 1.18, 0, 1, 1},  {"sf", 0.862, 12, 1, 1},
                                            {"fs", 1.089, 6, 1, 1}, {0}};

static const struct pdk_device device = {
    .cells = "sky130A",
    .cell_files = pdk_transistor_cells,
    .corners = corners,
    .supply_v = 1.8,
    .mid_v = 0.9,
    .capacitor_f = 1e-12,
    .gain = 1.54,
    .attenuation = 32,
    .coupler_f = 6.6e-15,
    .bus_s = 165e-6,
    .bus_delay_s = 2.946e-09,
    .lag_base = 0.58,
    .lag_step = 0.06,
    .mim_f_per_um2 = 2.0275e-15,
    .gate_um = 0.15,
    .frequency_per_capacitance = 0.918,
    .enable_f = 9.3e-15,
    /* with this, runs that start with the couplers enabled agree with those in which transistors
     * enable them; the switch alone measures 500 to 2,900 ohm from 0.5 to 1.1 V */
    .enable_ohm = 300,
    .resistor = "sky130_fd_pr__res_xhigh_po_0p35",
    .resistor_size = "mult=1 m=1 l=",
    .size_unit = "",
    .resistor_ohm_per_um = 7350,
    .mismatch_n = {3.356e-3, 3.443e-3},
    .mismatch_p = {5.856e-3, 4.443e-3},
    .mismatch_source =
        "vth0_slope and toxe_slope of the PDK's *_01v8__mismatch.corner.spice, the oxide's "
        "thickness counted as current factor",
};

const struct pdk pdk_sky130A = {
    .name = "sky130A",
    .title = "SkyWater 130 nm, 1.8 V transistors; needs its models in PDK_ROOT to verify",
    .cells = "behavioural",
    .cell_files = pdk_behavioural_cells,
    .carrier_hz = 12.09e6,
    .capacitor_f = 1e-12,
    .carrier_cycles = 16,
    .swing_v = 0.5,
    .device = &device,
};
