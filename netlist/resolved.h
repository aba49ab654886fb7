/* SPDX-License-Identifier: Apache-2.0
 *
 * The model as it was understood: resolved.yaml with every default written out, and its weights as
 * NPY files in model/, so that a chip folder can be verified anywhere. Scales are baked in.
 */
#ifndef OSCC_NETLIST_RESOLVED_H
#define OSCC_NETLIST_RESOLVED_H

#include "compiler/model/model.h"

/* Writes resolved.yaml and model/ into a folder; 0 or a negative errno. */
int netlist_write_resolved(struct arena *arena, const struct model *model, const char *folder);

#endif
