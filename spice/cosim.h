/* SPDX-License-Identifier: Apache-2.0
 *
 * Co-simulation: the digital control of a chip folder in lock-step with its array, from a boot over
 * SPI to the pixels read there. The array is simulated with the weights that stand in its chains
 * once the control has loaded them, not with the weight memory's.
 */
#ifndef OSCC_SPICE_COSIM_H
#define OSCC_SPICE_COSIM_H

#include "control/decoder.h"
#include "spice/cosim_build.h"
#include "spice/verify.h"

/* What came of one sample, beside its campaign_run, whose phases are those at the end of the
 * coupling; its exact solution starts from the phases that the coupling began with. */
struct cosim_sample {
    size_t ticks;          /* of the clock in lock-step */
    uint32_t errors;       /* register ERRORS after it */
    size_t ticks_wrong;    /* oscillators not released in the tick that the arithmetic gives */
    const double *start;   /* n + m phases when the coupling began, rad */
    double start_rms_bins; /* them against those drawn */
    double start_worst_bins;
    double phase_drawn_rad; /* at the end, against the exact solution from the phases drawn */
    /* as read over SPI; NULL unless the run is good, pixels also where the host makes the images */
    const uint16_t *code, *raw; /* n; n + m */
    const uint8_t *pixel;       /* of an image */
    const uint8_t *expected;    /* what the control's arithmetic makes of these codes */
    double code_rms_bins;       /* codes against the phases of the waveforms */
    double code_worst_bins;
};

/* Another build of the same control that was told the same. */
struct cosim_replay {
    const char *name;
    const char *fault; /* NULL: every answer was the same */
};

struct cosim {
    struct campaign *campaign;
    int bits;      /* of a code */
    size_t pixels; /* of an image, 0 where the host makes them */
    uint32_t hash, expected_hash;
    size_t words_wrong; /* links of the chains that are not as the weight memory has them */
    struct cosim_sample *samples; /* campaign->count */
    size_t replay_count;
    struct cosim_replay *replays;
};

/* Runs the samples one after the other and leaves the result in verify/cosim-<level>-<corner>.
 * Levels cell and device; the latter from held cells. NULL with faults in diags, or when
 * interrupted; a run that failed is part of the result. */
struct cosim *cosim_campaign(struct arena *arena, const char *folder, const struct model *model,
                             const struct verify_options *options, struct diags *diags);

/* Its folder below verify/. */
char *cosim_name(struct arena *arena, enum model_level level, const char *corner);

/* cosim.json beside campaign.json in that folder. 0 or a negative errno; NULL with a fault. */
int cosim_write(struct arena *arena, const struct cosim *cosim, const char *folder);
struct cosim *cosim_read(struct arena *arena, const char *folder, struct diags *diags);

/* One line for each thing that is not as it has to be, beside the limits that compare_campaign()
 * knows: what was loaded, errors, codes, pixels, replays. */
void cosim_add_failures(const struct cosim *cosim, struct str *failures);

/* A captured code may be so far from the phase of its waveform: two phases are rounded down to bins
 * of their own (below 1), what they drift until they are caught is taken out in the mean and in
 * whole bins, and the array's couplers let go (worst on digits, level cell: 1.8; pair, level
 * device: 1.6).
 */
#define COSIM_CODE_LIMIT_BINS 2.5

/* A released phase may be so far from the one drawn, whose code is the centre of a bin: releases
 * come in whole bins, and in fewer places where frequencies differ (docs/control.md). */
#define COSIM_START_LIMIT_BINS 1.5

#endif
