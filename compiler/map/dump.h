/* SPDX-License-Identifier: Apache-2.0
 *
 * A chip as text, for --dump=PASS: what is known after that pass.
 */
#ifndef OSCC_MAP_DUMP_H
#define OSCC_MAP_DUMP_H

#include "compiler/map/chip.h"

void map_dump(const struct chip *chip, struct str *out);

#endif
