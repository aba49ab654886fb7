/* SPDX-License-Identifier: Apache-2.0
 *
 * The coupling function of an oscillator that another one pulls: how the rate of change of its
 * phase depends on the phase difference psi = theta_source - theta_receiver,
 *
 *     d theta / dt = omega + H(psi),
 *     H(psi) = offset + sum over h of amplitude[h] sin(h (psi - lag[h])),
 *
 * by least squares over samples of (psi, H).
 */
#ifndef OSCC_SPICE_COUPLING_FIT_H
#define OSCC_SPICE_COUPLING_FIT_H

#include <stdbool.h>
#include <stddef.h>

enum { COUPLING_HARMONICS = 3 };

struct coupling_sample {
    double psi;  /* rad */
    double rate; /* of the receiver, less the source's, rad/s */
};

struct coupling_fit {
    double offset;                        /* rad/s */
    double amplitude[COUPLING_HARMONICS]; /* rad/s, not negative */
    double lag[COUPLING_HARMONICS];       /* rad */
    double residual;                      /* RMS, rad/s */
};

/* Samples from the times at which both go through the same points of their orbit: `kinds` rows of
 * crossings, source[k] and receiver[k] ascending, kind k being the same point for both. The source
 * must run freely. One sample a receiver's period, from `begin` on; their number. */
size_t coupling_samples(size_t kinds, const size_t *source_count, const double *const *source,
                        const size_t *receiver_count, const double *const *receiver, double begin,
                        struct coupling_sample *samples, size_t most);

/* false where the samples do not determine the fit: too few, or all at phase differences so near to
 * each other that harmonics cannot be told apart. */
bool coupling_fit(const struct coupling_sample *samples, size_t count, struct coupling_fit *fit);

/* H at a phase difference, rad/s. */
double coupling_rate(const struct coupling_fit *fit, double psi);

#endif
