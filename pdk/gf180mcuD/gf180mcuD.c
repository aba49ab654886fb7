/* SPDX-License-Identifier: Apache-2.0 */
#include "pdk/gf180mcuD/gf180mcuD.h"

/* Found by fitting gain and lag of dense networks at each corner (docs/fabric.md). */
static const struct pdk_corner corners[] = {{"tt", 1, 7, 1, 1},         {"ss", 1.05, 11, 1.2, 1.1},
                                            {"ff", 0.927, 5, 0.8, 0.9}, {"sf", 1.02, 7, 1, 1},
                                            {"fs", 0.962, 7, 1, 1},     {0}};

static const struct pdk_device device = {
    .cells = "gf180mcuD",
    .cell_files = pdk_transistor_cells,
    .corners = corners,
    .supply_v = 3.3,
    .mid_v = 1.65,
    .capacitor_f = 1e-12,
    .gain = 1.32,
    .attenuation = 64,
    .coupler_f = 64e-15,
    .bus_s = 330e-6,
    .bus_delay_s = 5.7e-09,
    .lag_base = 0.6,
    .lag_step = 0.0571,
    .mim_f_per_um2 = 2.06e-15,
    .gate_um = 0.28,
    .frequency_per_capacitance = 0.88,
    /* of the switch alone at mid-rail; 900 to 1,600 ohm from 0.6 to 2.7 V */
    .enable_f = 17.5e-15,
    .enable_ohm = 1200,
    .resistor = "ppolyf_u_1k",
    .resistor_size = "m=1 r_width=1u r_length=",
    .size_unit = "u",
    .resistor_ohm_per_um = 1029,
};

const struct pdk pdk_gf180mcuD = {
    .name = "gf180mcuD",
    .title =
        "GlobalFoundries 180 nm MCU, 3.3 V transistors; needs its models in PDK_ROOT to verify",
    .cells = "behavioural",
    .cell_files = pdk_behavioural_cells,
    .carrier_hz = 10.55e6,
    .capacitor_f = 1e-12,
    .carrier_cycles = 16,
    .swing_v = 0.5,
    .device = &device,
};
