/* SPDX-License-Identifier: Apache-2.0
 *
 * What campaigns with and without the digital control share.
 */
#ifndef OSCC_SPICE_VERIFY_PART_H
#define OSCC_SPICE_VERIFY_PART_H

#include "spice/under_test.h"
#include "spice/verify.h"

/* The chip of a folder, where the level can be verified and the model is its own. NULL with faults
 * in diags. */
struct under_test *verify_read_chip(struct arena *arena, const char *folder,
                                    const struct model *model, const struct verify_options *options,
                                    struct diags *diags);

/* A campaign without results: samples 0 and on, classes in turn. */
struct campaign *verify_plan(struct arena *arena, const struct under_test *chip,
                             const struct model *model, const struct verify_options *options);

/* The transistors' models at the corner, and what a cell alone does there. NULL with faults in
 * diags or when interrupted. */
struct device *verify_open_device(struct arena *arena, const struct under_test *chip,
                                  const struct verify_options *options, struct campaign *campaign,
                                  const char *folder, struct diags *diags);

/* The model's side of all runs. false when interrupted. */
bool verify_reference(struct arena *arena, const struct model *model, struct campaign *campaign,
                      int jobs);

#endif
