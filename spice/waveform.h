/* SPDX-License-Identifier: Apache-2.0
 *
 * What a sampled waveform says: crossings, period, harmonics. Times ascend; values between points
 * by straight lines.
 */
#ifndef OSCC_SPICE_WAVEFORM_H
#define OSCC_SPICE_WAVEFORM_H

#include <stdbool.h>
#include <stddef.h>

struct waveform {
    size_t points;
    const double *time, *value;
};

/* Times at which it goes through the level, upwards or downwards, into times[most]; their number.
 * Stops at `most`. */
size_t waveform_crossings(const struct waveform *w, double level, bool upwards, double *times,
                          size_t most);

/* Mean period of the last `periods` upward crossings of the level. false where there are fewer, or
 * where one of them differs from the mean by more than a fifth: it is no steady oscillation. */
bool waveform_period(const struct waveform *w, double level, size_t periods, double *period);

/* At a time between its first and last point. */
double waveform_at(const struct waveform *w, double time);

/* Mean over [begin, begin + length]. */
double waveform_mean(const struct waveform *w, double begin, double length);

/* Amplitudes of harmonics 1 .. count over one period from `begin`: value = mean + sum over h of
 * amplitude[h - 1] cos(h phase - angle[h - 1]). angle may be NULL. */
void waveform_harmonics(const struct waveform *w, double begin, double period, size_t count,
                        double *amplitude, double *angle);

#endif
