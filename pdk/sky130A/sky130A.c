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
    .gain = 2.07,
    .attenuation = 42,
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

/* Those of the library that sizes and speed ask for; the same list gives the same netlist whatever
 * else an installation holds. */
static const char *const logic_cells[] = {
    "a21o",  "a21oi", "a22oi", "a31oi", "and2",  "and3",  "buf",  "conb", "dfrtp",
    "dfstp", "dfxtp", "inv",   "mux2",  "nand2", "nand3", "nor2", "nor3", "o21a",
    "o21ai", "o22ai", "or2",   "or3",   "xnor2", "xor2",  NULL};

#define LIBERTY "libs.ref/sky130_fd_sc_hd/lib/sky130_fd_sc_hd__"
static const struct pdk_logic_corner logic_corners[] = {
    {"tt", "tt_025C_1v80", LIBERTY "tt_025C_1v80.lib"},
    {"ss", "ss_100C_1v60", LIBERTY "ss_100C_1v60.lib"},
    {0}};

static const struct pdk_logic logic = {
    .name = "sky130_fd_sc_hd",
    .cells = logic_cells,
    .spice = "libs.ref/sky130_fd_sc_hd/spice/sky130_fd_sc_hd.spice",
    .tie = "sky130_fd_sc_hd__conb_1",
    .buffer = "sky130_fd_sc_hd__buf_2 A X",
    .corners = logic_corners,
    /* 40 um of met1, 0.085 fF/um: 25.8 aF/um2 of area at a width of 0.14 um, and 40.6 aF/um on each
     * side (the PDK's technology LEF). 40 um is a guess. */
    .wire_f = 3.4e-15,
    .memory_bits = 16384,
    .memory_area_um2 = 483.86 * 326.1,
    /* 2.408 mW reading and 2.483 mW writing for one cycle of 6.562 ns each */
    .memory_read_j = 15.8e-12,
    .memory_write_j = 16.3e-12,
    .memory_leakage_w = 0.814e-6,
    .memory_source = "OpenRAM's sky130_sram_2kbyte_1rw_32x512_8 (Liberty and LEF of "
                     "github.com/VLSIDA/sky130_sram_macros)",
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
    .logic = &logic,
};
