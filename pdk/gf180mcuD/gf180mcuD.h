/* SPDX-License-Identifier: Apache-2.0
 *
 * GlobalFoundries 180 nm MCU, its 3.3 V transistors.
 */
#ifndef OSCC_PDK_GF180MCUD_H
#define OSCC_PDK_GF180MCUD_H

#include "pdk/pdk.h"

extern const struct pdk pdk_gf180mcuD;

#endif
