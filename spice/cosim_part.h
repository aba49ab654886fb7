/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the co-simulation share.
 */
#ifndef OSCC_SPICE_COSIM_PART_H
#define OSCC_SPICE_COSIM_PART_H

#include "spice/cosim.h"
#include "spice/cosim_host.h"
#include "spice/deck.h"
#include "spice/under_test.h"
#include "spice/verify_part.h"

/* What the host knows of the control from chip.json, and of its waits from its registers. */
struct cosim_control {
    int bits, turns; /* a turn has 2^bits bins, a tick `turns` of them */
    int reference;   /* oscillator whose phase is subtracted, or -1 */
    uint32_t hash;   /* after booting */
    uint32_t run_cycles, run_ticks, settle, forget;
};

/* One run of the array in lock-step. */
struct cosim_run {
    struct arena *arena;
    const struct verify_options *options;
    const struct cosim_control *control;
    struct host *host;
    struct under_test *chip; /* its words are those of the chains */
    struct device *device;   /* NULL at level cell */
    struct device_clock clock;
    const char *folder;
    struct campaign_run *result;
    size_t ticks;
    size_t *fell;   /* n + m: the tick in which h fell */
    double *start;  /* n + m: phases when en rises, rad */
    double *phases; /* n + m: at the end of the coupling, rad */
};

/* From the clock's edge at which power rose to the end of the capture; the result's circuit is set
 * when it is good, else its verdict and reason are. false when interrupted. */
bool cosim_run_device(struct cosim_run *run);
bool cosim_run_cell(struct cosim_run *run);

/* Ticks that so many turns of the tone last. */
double cosim_ticks_of_turns(const struct cosim_control *control, double turns);

/* Runs a job alone and hands its result over before it is freed. false when interrupted. */
bool cosim_run_job(struct cosim_run *run, struct spice_job *job,
                   void (*done)(struct cosim_run *run, const struct spice_result *result));

/* In the record that a worker left: the ticks after which en had risen and had fallen, 0 where it
 * did not, and those in which h fell; adds the record to what was said. */
bool cosim_read_record(struct cosim_run *run, size_t *rose, size_t *fell);

void cosim_run_failed(struct cosim_run *run, enum spice_verdict verdict, const char *reason);

#endif
