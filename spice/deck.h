/* SPDX-License-Identifier: Apache-2.0
 *
 * One run of the circuit under test as a deck for ngspice, and what its waveforms mean.
 */
#ifndef OSCC_SPICE_DECK_H
#define OSCC_SPICE_DECK_H

#include "compiler/model/model.h"
#include "spice/run.h"
#include "spice/under_test.h"

/* Fills a run's folder (which exists) with deck.spice, replay.spice, run.sh and what they include,
 * and describes the job. initial: n + m phases, rad; class_index: the drive bank. The folder must
 * lie three levels below the chip's (verify/CAMPAIGN/RUN). 0 or a negative errno. */
int deck_write(struct arena *arena, const struct under_test *chip, enum model_level level,
               uint64_t sample, int class_index, const double *initial, const char *folder,
               struct spice_job *job);

/* The same at level cell in lock-step with the digital control (spice/lockstep_plan.h), from the
 * edge of its clock at which en rises to that at which it falls; initial: phases there, h: the
 * pins. The cells have no pins: what they do before and after, alone, is for the caller. */
struct deck_clock {
    double tick_s;
    size_t ticks; /* that the run lasts */
};
int deck_write_clocked(struct arena *arena, const struct under_test *chip, uint64_t sample,
                       int class_index, const double *initial, const bool *h,
                       const struct deck_clock *clock, const char *folder, struct spice_job *job);

/* Phases in a run of level cell at a time: phases[n + m], rad in some turn, the carrier's turns
 * with them. */
void deck_phases_at(const struct under_test *chip, const struct spice_result *result, double time_s,
                    double *phases);

/* Final phases from the waveforms of a good run: phases[n + m], rad, unwrapped along the run, the
 * carrier's own turns taken off. */
void deck_phases(const struct under_test *chip, enum model_level level, const double *initial,
                 const struct spice_result *result, double *phases);

#endif
