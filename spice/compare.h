/* SPDX-License-Identifier: Apache-2.0
 *
 * Distances between phases: the only place where circuit and reference meet.
 */
#ifndef OSCC_SPICE_COMPARE_H
#define OSCC_SPICE_COMPARE_H

#include <stddef.h>

#include "compiler/base/str.h"
#include "spice/campaign.h"

/* Differences a - b of `count` phases in (-pi, pi], the rotation that they have in common (their
 * circular mean) removed. */
void compare_phases(size_t count, const double *a, const double *b, double *difference);

/* RMS of compare_phases over `samples` sets of `count` phases. */
double compare_rms(size_t samples, size_t count, const double *a, const double *b);

/* Phases rounded to the nearest of 2^bits codes a turn, in place. */
void compare_round_phases(size_t count, int bits, double *phases);

/* One run; nothing but zeros and class -1 where it did not run to its end. */
struct run_comparison {
    double phase_rms_rad;               /* circuit against the exact solution */
    double phase_rms_model_rad;         /* circuit against the model's own solver */
    double image_rms;                   /* circuit's image against the model's, range 0..1 */
    int class_circuit, class_reference; /* what the classifier sees, -1 without one */
};

/* Compares one good run. The circuit's image is decoded from its phases as the chip captures them
 * (readout_bits). difference[n + m]: circuit minus exact solution, rad. */
struct run_comparison compare_run(struct arena *arena, const struct model *model,
                                  const struct campaign *campaign, const struct campaign_run *run,
                                  double *difference);

/* Images of one good run, model_pixels() values each, 0..1: as the chip reads them out, and as the
 * model draws them. */
void compare_images(struct arena *arena, const struct model *model, const struct campaign *campaign,
                    const struct campaign_run *run, double *circuit, double *reference);

/* All runs of a campaign. Figures are RMS over the good ones. */
struct comparison {
    size_t good; /* runs compared */
    double phase_rms_rad, phase_rms_model_rad, image_rms;
    double worst_oscillator_rms_rad; /* over the samples, of the oscillator that is furthest off */
    int worst_oscillator;
    double worst_sample_rms_rad;
    uint64_t worst_sample;
    size_t right_circuit, right_reference; /* images whose class is the intended one */
    double wall_s_per_sample;
    size_t with_energy;             /* good runs that the two figures below are from */
    double energy_j[ENERGY_BLOCKS]; /* mean of a sample */
    double worst_network_error;     /* see struct campaign_run */
    struct run_comparison *runs;    /* as many as the campaign has */
};
struct comparison compare_campaign(struct arena *arena, const struct model *model,
                                   const struct campaign *campaign);

/* Whether the figures keep the limits, and every run was good. failures (may be NULL) gets one line
 * for each limit that was missed. */
bool compare_meets_limits(const struct comparison *comparison, const struct campaign *campaign,
                          const struct model_limits *limits, struct str *failures);

#endif
