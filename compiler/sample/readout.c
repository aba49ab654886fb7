/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/sample/sample.h"

static double reference(const struct model *model, const double *final)
{
    double sum = 0;
    switch (model->readout) {
    case MODEL_REF_DRIVE:
        return final[model->n];
    case MODEL_REF_OSCILLATOR:
        return final[0];
    case MODEL_MEAN_RELATIVE:
        for (int i = 0; i < model->n; i++)
            sum += final[i];
        return sum / model->n;
    case MODEL_ABSOLUTE:
        break;
    }
    return 0;
}

void sample_readout(const struct model *model, const double *final, double *relative)
{
    double origin = reference(model, final);
    for (int i = 0; i < model->n; i++)
        relative[i] = final[i] - origin;
}
