/* SPDX-License-Identifier: Apache-2.0
 *
 * The chip on disk.
 */
#ifndef OSCC_NETLIST_CHIP_FOLDER_H
#define OSCC_NETLIST_CHIP_FOLDER_H

#include "compiler/map/chip.h"

/* Writes the whole folder beside its place and then puts it there in one step; an existing folder
 * is replaced only if oscc wrote it. command: the options that shaped the chip, for the manifest.
 * Returns false with faults in diags; then nothing is left behind. */
bool netlist_write_chip(struct arena *arena, const struct chip *chip, const char *folder,
                        const char *command, struct diags *diags);

/* Whether a folder may be (re)placed by oscc: absent, empty, or written by oscc. */
bool netlist_may_replace(struct arena *arena, const char *folder);

#endif
