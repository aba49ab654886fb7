/* SPDX-License-Identifier: Apache-2.0
 *
 * chip.json: the scales, sizes and addresses without which the netlist and the weight memory say
 * nothing. The codes themselves stand in the memory image only.
 */
#ifndef OSCC_NETLIST_CHIP_JSON_H
#define OSCC_NETLIST_CHIP_JSON_H

#include <jansson.h>

#include "compiler/map/chip.h"

/* A new reference, released by the caller (or by json_write). */
json_t *netlist_chip_json(const struct chip *chip);

#endif
