/* SPDX-License-Identifier: Apache-2.0
 *
 * One device of a library, at one size, as elements and model cards that hold numbers alone.
 */
#ifndef OSCC_SPICE_CARD_FLATTEN_H
#define OSCC_SPICE_CARD_FLATTEN_H

#include "spice/card_models.h"

/* Appends to text ".subckt name ports", the elements of the device with this width and length in
 * um (0: the device has none of its own to choose) and ".ends"; the cards they need go to models.
 * Every other parameter has the device's own default. false after diagnostics. */
bool card_flatten(struct arena *arena, const struct card_library *library, const char *device,
                  double w_um, double l_um, const char *name, struct card_models *models,
                  struct str *text, struct diags *diags);

#endif
