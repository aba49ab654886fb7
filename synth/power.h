/* SPDX-License-Identifier: Apache-2.0
 *
 * What the gates of the control take, from how often their nets change. Before layout: every pin on
 * a net brings its capacitance and an assumed piece of wire; there are no buffers in the clock's
 * tree. Zero-delay simulation shows no glitches.
 */
#ifndef OSCC_SYNTH_POWER_H
#define OSCC_SYNTH_POWER_H

#include "pdk/pdk.h"
#include "synth/gates.h"

/* Energies in J. */
struct power {
    double cells_j;   /* inside cells and of their nets, the clock's in it */
    double clock_j;   /* of cells_j: the clock's net, and inside cells at its edges */
    double wires_j;   /* of cells_j: by the assumed wires */
    double leakage_j; /* over the window's time on the chip */
    double memory_j;  /* estimate (struct pdk_logic) */
};

/* One figure a block of the gates. dump: the scope of the top in it, "tb.top.control". covered (or
 * NULL) gets the share of nets that the dump knows, 1 where all. The window lasted so many clocks
 * of tick_s in the dump's time, of 1 / clock_hz on the chip. */
const struct power *power_estimate(struct arena *arena, const struct gates *gates,
                                   const struct liberty *liberty, const struct pdk_logic *logic,
                                   const struct activity *activity, const char *dump, size_t window,
                                   double clocks, double tick_s, double clock_hz, double *covered);

#endif
