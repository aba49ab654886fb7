/* SPDX-License-Identifier: Apache-2.0
 *
 * Energy of a run, from the currents of its supplies. In the deck every block of cells has a
 * supply source of its own, so that the currents separate.
 *
 * What the crossbar outside the matrix takes is in them: its Norton equivalents load the lines, and
 * the cells that drive the lines take that current from their own supply. The equivalents' sources
 * and conductances themselves stand to ground and are no supply.
 */
#ifndef OSCC_SPICE_ENERGY_H
#define OSCC_SPICE_ENERGY_H

#include "spice/run.h"

enum energy_block {
    ENERGY_OSCILLATORS,
    ENERGY_DRIVERS,
    ENERGY_OTHERS, /* whatever else hangs on the supply */
    ENERGY_MIDRAIL,
    ENERGY_BLOCKS,
    /* sources of a deck: one for each block, and where mid-rail is given one that holds it */
    ENERGY_HOLD = ENERGY_BLOCKS,
    ENERGY_SOURCES
};

/* "oscillators": as in metrics.json and result.json. */
const char *energy_block_name(enum energy_block block);

/* The block that a cell of the array belongs to, by the name of its module. */
enum energy_block energy_block_of(const char *module);

/* A source in the deck, its node (the array's own for ENERGY_HOLD, and NULL here) and the vector of
 * its current. */
const char *energy_node(enum energy_block source);
const char *energy_source(enum energy_block source);
const char *energy_vector(enum energy_block source);

/* Charge that leaves the positive end of a source during a run, A s. current: one value a point,
 * `stride` apart, as ngspice counts it (into the positive end); one_way: only while it gives.
 * Between points the current is a straight line, which is exact for what the trapezoidal rule puts
 * into capacitors; in the first interval it is that of the interval's end, because the current at
 * time 0 is not solved for. */
double energy_charge(size_t points, const double *time, const double *current, size_t stride,
                     bool one_way);

/* The energy of each block, J, from a result whose last vectors, of `vectors`, are energy_vector()
 * of the first source_count sources (all, or without ENERGY_HOLD). A block's energy is supply_v
 * times its charge. What the hold gives counts as mid-rail's beside what the mid-rail cells take
 * for themselves, as if it came from the supply; what it takes goes to ground and comes back to
 * nobody. (A divider would make up for half of either with its own current.) */
void energy_measure(const struct spice_result *result, size_t vectors, size_t source_count,
                    double supply_v, double joule[ENERGY_BLOCKS]);

#endif
