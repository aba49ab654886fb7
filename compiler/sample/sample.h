/* SPDX-License-Identifier: Apache-2.0
 *
 * The reference: what the trained model draws, computed from the model alone.
 *
 * Sample i of seed s is the same for any number of threads and any batch it is computed in:
 * initial phases come from a counter-based generator, each sample's arithmetic does not depend
 * on its neighbours, and OpenBLAS runs on one thread with blocks of one fixed size.
 * From one processor to another the last bits differ, as the kernels of BLAS and libm do.
 *
 * Every call sets the number of OpenBLAS's own threads to 1, for the whole process.
 */
#ifndef OSCC_SAMPLE_SAMPLE_H
#define OSCC_SAMPLE_SAMPLE_H

#include "compiler/model/model.h"

/* Phase codes: a phase in [-pi, pi) as an unsigned 32-bit fraction of a turn.
 * word w of (seed, sample): Philox4x32-10 with key (seed low, seed high) and counter
 * (w / 4, 0, sample low, sample high), lane w % 4 (Salmon et al., SC 2011; Random123). */
uint32_t sample_phase_word(uint64_t seed, uint64_t sample, uint32_t word);

/* The phase of a word, in radians: the centre of its bin when only the top `bits` bits are kept
 * (1..32), -pi + 2 pi (code + 1/2) / 2^bits. */
double sample_phase_of_word(uint32_t word, int bits);

/* Initial phases of one sample, n main then m conditioning (those 0 unless the model draws them
 * at random): initial[n + m], rad. bits = 32 draws them as the model has them. */
void sample_initial_phases(const struct model *model, uint64_t seed, uint64_t sample, int bits,
                           double *initial);

enum sample_solver { SAMPLE_MODEL /* the model's own */, SAMPLE_ODE /* the exact solution */ };

/* Final phases of `count` samples, unwrapped: initial and final are count x (n + m), classes
 * count, each 0 .. model->classes - 1. threads >= 1. SAMPLE_ODE: RK4 with step doubling per sample
 * until two solutions agree within 1e-9 rad or so (see ode.c). Returns false when interrupted;
 * final is then of no use. final must not be initial. */
bool sample_phases(const struct model *model, enum sample_solver solver, size_t count,
                   const double *initial, const int *classes, int threads, double *final);

/* Relative phases p_0..p_{n-1} of one sample by the model's readout: final[n + m] -> p[n]. */
void sample_readout(const struct model *model, const double *final, double *relative);

/* The image of one sample, channels x height x width in 0..1, from its relative phases p[n]. */
void sample_decode(const struct model *model, const double *relative, double *image);

/* Images of `count` samples from final phases; threads as above. false when interrupted. */
bool sample_images(const struct model *model, size_t count, const double *final, int threads,
                   double *images);

/* The class that the model's classifier sees in an image (0..1), or -1 without a classifier; of
 * equal outputs the lowest. */
int sample_classify(const struct model *model, const double *image);

/* What the classifier's last hidden layer makes of an image, after its LeakyReLU: the features in
 * which images of two origins are compared (Frechet distance). Returns their number, 0 without a
 * hidden layer; features may be NULL, to ask for the number alone. */
int sample_features(const struct model *model, const double *image, double *features);

#endif
