/* SPDX-License-Identifier: Apache-2.0
 *
 * The worker's side of the partitioned engine: currents of the linear network (spice/network.h),
 * from the node voltages that ngspice accepted.
 *
 * ngspice asks for a current at the time of its next point, where the voltages are not known yet:
 * it is extrapolated by the parabola through the last three accepted points. What that misses is
 * known once the point is accepted, and is measured.
 */
#ifndef OSCC_SPICE_CROSSBAR_H
#define OSCC_SPICE_CROSSBAR_H

#include <stdbool.h>

#include <ngspice/sharedspice.h>

struct crossbar;

/* Reads a file of network_write(). NULL with a reason (a constant text) where it is not one. */
struct crossbar *crossbar_read(const char *path, const char **fault);

/* To be called from ngspice's callbacks: the names of the vectors, an accepted point, the value of
 * the source inet<k> at a time, and the step that ngspice wants to take from a time. */
bool crossbar_vectors(struct crossbar *crossbar, pvecinfoall vectors);
void crossbar_accept(struct crossbar *crossbar, pvecvaluesall values);
double crossbar_current(struct crossbar *crossbar, const char *source, double time);
double crossbar_limit_step(struct crossbar *crossbar, double step);

/* Whether the network asks for a record of its currents, and writes it to a file as network_write()
 * says. 0 or a negative errno, -ENOMEM where there was no memory for all points. */
bool crossbar_records(const struct crossbar *crossbar);
int crossbar_write_record(const struct crossbar *crossbar, const char *path);

/* What extrapolation missed of the currents' fundamental over all points so far, RMS over the
 * nodes, relative: the share by which a pull is wrong. */
double crossbar_error(const struct crossbar *crossbar);

#endif
