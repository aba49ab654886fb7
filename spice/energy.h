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
    ENERGY_BLOCKS
};

/* "oscillators": as in metrics.json and result.json. */
const char *energy_block_name(enum energy_block block);

/* The block that a cell of the array belongs to, by the name of its module. */
enum energy_block energy_block_of(const char *module);

/* The block's node and source in the deck, and the vector of the source's current. The node of the
 * mid-rail is the array's own. */
const char *energy_node(enum energy_block block);
const char *energy_source(enum energy_block block);
const char *energy_vector(enum energy_block block);

/* Charge that leaves the positive end of a source during a run, A s. current: one value a point,
 * `stride` apart, as ngspice counts it (into the positive end); one_way: only while it gives.
 * Between points the current is a straight line, which is exact for what the trapezoidal rule puts
 * into capacitors; in the first interval it is that of the interval's end, because the current at
 * time 0 is not solved for. */
double energy_charge(size_t points, const double *time, const double *current, size_t stride,
                     bool one_way);

/* The energy of each block, J, from a result whose ENERGY_BLOCKS last vectors of `vectors` are
 * energy_vector() of each block in turn. A block's energy is supply_v times its charge.
 * Mid-rail counts as if a follower without current of its own made it from the supply: what it
 * gives comes from the supply, what it takes goes to ground and comes back to nobody. */
void energy_measure(const struct spice_result *result, size_t vectors, double supply_v,
                    double joule[ENERGY_BLOCKS]);

#endif
