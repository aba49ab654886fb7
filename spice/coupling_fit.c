/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/coupling_fit.h"

#include <math.h>

enum { TERMS = 1 + 2 * COUPLING_HARMONICS };

static const double turn = 6.283185307179586476925;

size_t coupling_samples(size_t kinds, const size_t *source_count, const double *const *source,
                        const size_t *receiver_count, const double *const *receiver, double begin,
                        struct coupling_sample *samples, size_t most)
{
    size_t count = 0;
    for (size_t k = 0; k < kinds; k++) {
        size_t first = 0, last = source_count[k];
        while (first < last && source[k][first] < begin)
            first++;
        if (last - first < 3)
            return 0;
        last--;
        double period = (source[k][last] - source[k][first]) / (double)(last - first);
        for (size_t i = 0; i + 1 < receiver_count[k] && count < most; i++) {
            double from = receiver[k][i], to = receiver[k][i + 1];
            if (from < begin)
                continue;
            /* half a turn after `from` for the receiver; the source in turns since its crossing */
            double psi = (0.5 * (from + to) - source[k][first]) / period - 0.5;
            samples[count++] = (struct coupling_sample){turn * (psi - floor(psi)),
                                                        turn * (1 / (to - from) - 1 / period)};
        }
    }
    return count;
}

static void terms_at(double psi, double *term)
{
    term[0] = 1;
    for (int h = 1; h <= COUPLING_HARMONICS; h++) {
        term[2 * h - 1] = sin(h * psi);
        term[2 * h] = cos(h * psi);
    }
}

/* Solves the symmetric system by Cholesky's factors; false where it is singular. */
static bool solve(double matrix[TERMS][TERMS], double *x)
{
    for (int i = 0; i < TERMS; i++) {
        double whole = matrix[i][i];
        for (int j = 0; j <= i; j++) {
            double sum = matrix[i][j];
            for (int k = 0; k < j; k++)
                sum -= matrix[i][k] * matrix[j][k];
            if (i == j && !(sum > 1e-4 * whole))
                return false;
            matrix[i][j] = i == j ? sqrt(sum) : sum / matrix[j][j];
        }
    }
    for (int i = 0; i < TERMS; i++) {
        for (int k = 0; k < i; k++)
            x[i] -= matrix[i][k] * x[k];
        x[i] /= matrix[i][i];
    }
    for (int i = TERMS; i-- > 0;) {
        for (int k = i + 1; k < TERMS; k++)
            x[i] -= matrix[k][i] * x[k];
        x[i] /= matrix[i][i];
    }
    return true;
}

bool coupling_fit(const struct coupling_sample *samples, size_t count, struct coupling_fit *fit)
{
    double matrix[TERMS][TERMS] = {{0}}, x[TERMS] = {0}, term[TERMS];
    for (size_t s = 0; s < count; s++) {
        terms_at(samples[s].psi, term);
        for (int i = 0; i < TERMS; i++) {
            for (int j = 0; j < TERMS; j++)
                matrix[i][j] += term[i] * term[j];
            x[i] += term[i] * samples[s].rate;
        }
    }
    if (count < 2 * TERMS || !solve(matrix, x))
        return false;
    *fit = (struct coupling_fit){.offset = x[0]};
    for (int h = 1; h <= COUPLING_HARMONICS; h++) {
        fit->amplitude[h - 1] = hypot(x[2 * h - 1], x[2 * h]);
        fit->lag[h - 1] = atan2(-x[2 * h], x[2 * h - 1]) / h;
    }
    double square = 0;
    for (size_t s = 0; s < count; s++) {
        double miss = samples[s].rate - coupling_rate(fit, samples[s].psi);
        square += miss * miss;
    }
    fit->residual = sqrt(square / (double)count);
    return true;
}

double coupling_rate(const struct coupling_fit *fit, double psi)
{
    double rate = fit->offset;
    for (int h = 1; h <= COUPLING_HARMONICS; h++)
        rate += fit->amplitude[h - 1] * sin(h * (psi - fit->lag[h - 1]));
    return rate;
}
