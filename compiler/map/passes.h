/* SPDX-License-Identifier: Apache-2.0
 *
 * The passes of map_passes[], each in a file of its own group.
 */
#ifndef OSCC_MAP_PASSES_H
#define OSCC_MAP_PASSES_H

#include "compiler/map/chip.h"

void pass_time(struct arena *arena, struct chip *chip, struct diags *diags);
void pass_quantise(struct arena *arena, struct chip *chip, struct diags *diags);
void pass_cycles(struct arena *arena, struct chip *chip, struct diags *diags);
void pass_phases(struct arena *arena, struct chip *chip, struct diags *diags);
void pass_amplitude(struct arena *arena, struct chip *chip, struct diags *diags);
void pass_loads(struct arena *arena, struct chip *chip, struct diags *diags);
void pass_device(struct arena *arena, struct chip *chip, struct diags *diags);
void pass_memory(struct arena *arena, struct chip *chip, struct diags *diags);
void pass_control(struct arena *arena, struct chip *chip, struct diags *diags);
void pass_decoder(struct arena *arena, struct chip *chip, struct diags *diags);

#endif
