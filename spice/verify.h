/* SPDX-License-Identifier: Apache-2.0
 *
 * A verification campaign: the circuit of a chip folder simulated, the model computed, both kept
 * in verify/<level>-<corner>/ for the report.
 */
#ifndef OSCC_SPICE_VERIFY_H
#define OSCC_SPICE_VERIFY_H

#include "spice/campaign.h"
#include "spice/device.h"

struct verify_options {
    enum model_level level;
    size_t samples; /* sample i draws class i modulo the number of classes */
    bool has_seed;
    uint64_t seed;      /* has_seed: given to both sides; else each takes its own */
    int jobs;           /* worker processes */
    const char *corner; /* of level device */
    const char *models; /* of level device: the set of models, or NULL for the process's first */
    const char *worker; /* see struct spice_pool */
    enum device_engine engine; /* of level device */
    enum device_start start;   /* of level device */
    bool icarus, gates; /* of a co-simulation: its first sample is said again to these builds */
    /* called after each run, or NULL */
    void (*progress)(void *user, size_t done, size_t count);
    void *user;
};

/* Runs the campaign and leaves it in the chip folder in place of an earlier one of that level.
 * The circuit comes from the chip's files alone, the reference from resolved.yaml alone. NULL with
 * faults in diags, or when interrupted; a run that failed is part of the result. */
struct campaign *verify_campaign(struct arena *arena, const char *folder, const struct model *model,
                                 const struct verify_options *options, struct diags *diags);

#endif
