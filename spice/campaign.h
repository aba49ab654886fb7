/* SPDX-License-Identifier: Apache-2.0
 *
 * What a verification campaign found, as it is kept in verify/<level>-<corner>/: campaign.json for
 * the whole, result.json in each run's folder.
 */
#ifndef OSCC_SPICE_CAMPAIGN_H
#define OSCC_SPICE_CAMPAIGN_H

#include "compiler/model/model.h"
#include "spice/energy.h"

/* One sample: what the circuit did beside what the model does. */
struct campaign_run {
    uint64_t sample;
    int class_index;
    const char *verdict; /* spice_verdict_name(), "good" when it ran to its end */
    const char *reason;  /* NULL when good */
    double wall_s;
    /* n + m final phases each, unwrapped, rad; circuit is NULL unless the run is good */
    const double *circuit;
    const double *ode;   /* exact solution with the weights that the codes stand for */
    const double *model; /* the model's own solver and weights */
    /* of level device, where the run is good */
    const double *energy; /* ENERGY_BLOCKS, J; else NULL */
    double network_error; /* see crossbar_error() */
};

/* How far apart the reference's own approximations are, RMS over all samples, rad. */
struct campaign_budget {
    double solver;        /* the model's solver against the exact solution */
    double quantisation;  /* weights as codes against the model's */
    double initial_phase; /* initial phases as codes against unlimited ones */
    double readout;       /* captured phases as codes */
};

struct campaign {
    enum model_level level;
    const char *corner; /* "nominal" where a level knows no corners */
    const char *engine; /* how the crossbar was simulated; NULL but at level device */
    const char *start;  /* device_start_name[]; NULL but at level device */
    const char *models; /* the set of device models that was loaded; NULL but at level device */
    uint64_t seed;
    int n, m;
    int readout_bits;
    size_t count;
    struct campaign_run *runs;
    struct campaign_budget budget;
};

/* The name of its folder below verify/, and of a run's folder in it. */
char *campaign_name(struct arena *arena, enum model_level level, const char *corner);
char *campaign_run_name(struct arena *arena, const struct campaign_run *run);

/* Writes campaign.json and every result.json into a folder whose run folders exist. 0 or a negative
 * errno. */
int campaign_write(struct arena *arena, const struct campaign *campaign, const char *folder);

/* Reads it back; NULL with a fault in diags. */
struct campaign *campaign_read(struct arena *arena, const char *folder, struct diags *diags);

#endif
