/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of model.yaml, in the order of the enums of model.h.
 */
#include "compiler/model/reader.h"

const char *const model_readout_words[] = {"ref_drive", "ref_oscillator", "mean_relative",
                                           "absolute", NULL};
const char *const model_decoder_words[] = {"none", "linear", "mlp", "resize_conv", NULL};
const char *const model_method_words[] = {"euler", "rk4", NULL};
const char *const model_weights_words[] = {"programmable", "hardwired", NULL};

const char *model_readout_name(enum model_readout readout)
{
    return model_readout_words[readout];
}

const char *model_decoder_name(enum model_decoder_kind kind)
{
    return model_decoder_words[kind];
}

const char *model_method_name(enum model_method method)
{
    return model_method_words[method];
}

const char *model_weights_name(enum model_weights weights)
{
    return model_weights_words[weights];
}

const char *model_level_name(enum model_level level)
{
    static const char *const names[] = {
#define LEVEL(key, index, phase, worst, image) [index] = #key,
#include "compiler/model/verify_limits.def"
#undef LEVEL
    };
    return names[level];
}

int model_pixels(const struct model *model)
{
    return model->channels * model->height * model->width;
}
