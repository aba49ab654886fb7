/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside of pass_cycles and pass_device: what the measured data of the process says of the cells at
 * each corner, and what the chip is set to there.
 */
#ifndef OSCC_MAP_DEVICE_CORNERS_H
#define OSCC_MAP_DEVICE_CORNERS_H

#include "compiler/map/chip.h"

enum { DEVICE_MOST_CORNERS = 16 };

/* Data of each corner, in the process's order; all NULL where the typical one has none. */
struct device_corners {
    const struct pdk_measured *measured[DEVICE_MOST_CORNERS];
    size_t count;
};

/* Of the typical corner, read once for a chip; NULL where there is none, with faults in diags where
 * there should be. */
const struct pdk_measured *device_corners_read_typical(struct arena *arena, struct chip *chip,
                                                       struct diags *diags);

void device_corners_load(struct arena *arena, struct chip *chip, struct device_corners *corners,
                         struct diags *diags);

/* Gain and frequency of the typical corner at the loads of the chip. */
void device_corners_typical(struct chip *chip, const struct device_corners *corners);

/* The delay of the bus, and each corner's run length and lag code. */
void device_corners_set(struct arena *arena, struct chip *chip,
                        const struct device_corners *corners, struct diags *diags);

/* What stands on each bus line whatever the lag code is, F: the switches of programmable couplers
 * and of the enable. The fixed capacitor of the lag cell, of device_lag_least_f or more, makes up
 * the rest of chip->device.lag_fixed_s. */
double device_bus_least_f(const struct chip *chip);
extern const double device_lag_least_f;

/* How far the gains of rows (row[n + m]: S) are from the mean. */
void device_corners_spread(struct chip *chip, const struct device_corners *corners,
                           const double *row);

#endif
