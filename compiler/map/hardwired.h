/* SPDX-License-Identifier: Apache-2.0
 *
 * Weights that are resistors (`weights: hardwired` under `chip:`): which couplings are, and what
 * they load a column with. A coupling of code c is four resistors of |c| times the unit conductance
 * between the bus lines of its column and the row lines of its source, with p and n exchanged
 * where c is negative; code 0 is nothing. Class drives change with the class and stay
 * programmable, unless there is but one class.
 */
#ifndef OSCC_MAP_HARDWIRED_H
#define OSCC_MAP_HARDWIRED_H

#include "compiler/map/chip.h"

bool map_has_hardwired_drives(const struct chip *chip);

/* Magnitudes in codes that stand on a line of a column, summed up by kind: the codes of what is
 * hardwired, the full scale of every programmable coupler. */
struct map_column_codes {
    double weight, drive, cond;
};

/* Of oscillator `column`, 0 .. n + m - 1, of a hardwired chip. */
struct map_column_codes map_hardwired_column(const struct chip *chip, int column);

#endif
