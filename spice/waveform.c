/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/waveform.h"

#include <math.h>

enum { RESAMPLED = 1024 };

static const double turn = 6.283185307179586476925;

size_t waveform_crossings(const struct waveform *w, double level, bool upwards, double *times,
                          size_t most)
{
    size_t count = 0;
    for (size_t p = 1; p < w->points && count < most; p++) {
        double before = w->value[p - 1] - level, now = w->value[p] - level;
        if (upwards ? before < 0 && now >= 0 : before > 0 && now <= 0)
            times[count++] = w->time[p] - now * (w->time[p] - w->time[p - 1]) / (now - before);
    }
    return count;
}

bool waveform_period(const struct waveform *w, double level, size_t periods, double *period)
{
    enum { MOST = 4096 };
    double times[MOST];
    size_t count = waveform_crossings(w, level, true, times, MOST);
    if (periods < 1 || count < periods + 1)
        return false;
    const double *last = times + count - periods - 1;
    *period = (last[periods] - last[0]) / (double)periods;
    for (size_t i = 0; i < periods; i++)
        if (fabs(last[i + 1] - last[i] - *period) > 0.2 * *period)
            return false;
    return true;
}

double waveform_at(const struct waveform *w, double time)
{
    size_t low = 0, high = w->points - 1;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (w->time[middle] <= time)
            low = middle;
        else
            high = middle;
    }
    double part = (time - w->time[low]) / (w->time[high] - w->time[low]);
    return (1 - part) * w->value[low] + part * w->value[high];
}

double waveform_mean(const struct waveform *w, double begin, double length)
{
    double sum = 0;
    for (size_t k = 0; k < RESAMPLED; k++)
        sum += waveform_at(w, begin + length * ((double)k + 0.5) / RESAMPLED);
    return sum / RESAMPLED;
}

void waveform_harmonics(const struct waveform *w, double begin, double period, size_t count,
                        double *amplitude, double *angle)
{
    double value[RESAMPLED];
    for (size_t k = 0; k < RESAMPLED; k++)
        value[k] = waveform_at(w, begin + period * (double)k / RESAMPLED);
    for (size_t h = 1; h <= count; h++) {
        double cosine = 0, sine = 0;
        for (size_t k = 0; k < RESAMPLED; k++) {
            double phase = turn * (double)(h * k % RESAMPLED) / RESAMPLED;
            cosine += value[k] * cos(phase);
            sine += value[k] * sin(phase);
        }
        amplitude[h - 1] = 2 * hypot(cosine, sine) / RESAMPLED;
        if (angle)
            angle[h - 1] = atan2(sine, cosine);
    }
}
