/* SPDX-License-Identifier: Apache-2.0
 *
 * Resistors that stand in the array of transistors itself: dummies, and couplings that are
 * hardwired (compiler/map/hardwired.h).
 */
#ifndef OSCC_NETLIST_DEVICE_HARDWIRED_H
#define OSCC_NETLIST_DEVICE_HARDWIRED_H

#include "netlist/device_tiles.h"

/* A resistor of the process, of a conductance. */
void device_add_resistor(struct device_builder *b, const char *name, const char *from,
                         const char *to, double siemens);

/* Four resistors k<i>_<j><line> for every coupling that is hardwired and whose code is not 0. */
void device_add_hardwired(struct device_builder *b);

#endif
