/* SPDX-License-Identifier: Apache-2.0
 *
 * SkyWater's 130 nm process, its 1.8 V transistors.
 */
#ifndef OSCC_PDK_SKY130A_H
#define OSCC_PDK_SKY130A_H

#include "pdk/pdk.h"

extern const struct pdk pdk_sky130A;

#endif
