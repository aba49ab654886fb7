/* SPDX-License-Identifier: Apache-2.0
 *
 * A trained model of coupled oscillators, as model.yaml and its weights give it: validated,
 * scales baked in, nothing about circuits but the hints that the user wrote.
 *
 *   dtheta_i/dt = omega_i + sum_j K_ij sin(theta_j - theta_i)
 *                         + sum_k Kdrive[c]_ik sin(phi_k - theta_i)
 *   dphi_k/dt   = omega_cond_k + sum_l Kcond_kl sin(phi_l - phi_k)
 *
 * Time runs from 0 to `time` (dimensionless); omega and K are in radians per unit of that time.
 */
#ifndef OSCC_MODEL_MODEL_H
#define OSCC_MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "compiler/base/diag.h"

enum model_method { MODEL_EULER, MODEL_RK4 };
enum model_readout {
    MODEL_REF_DRIVE,      /* p_i = theta_i - phi_0 */
    MODEL_REF_OSCILLATOR, /* p_i = theta_i - theta_0 */
    MODEL_MEAN_RELATIVE,  /* p_i = theta_i - mean(theta), unwrapped phases */
    MODEL_ABSOLUTE        /* p_i = theta_i */
};
enum model_weights {
    MODEL_PROGRAMMABLE, /* couplers hold their codes in flip-flops */
    MODEL_HARDWIRED     /* couplings are resistors; what changes with the class is programmable */
};
enum model_decoder_kind { MODEL_DECODER_NONE, MODEL_LINEAR, MODEL_MLP, MODEL_RESIZE_CONV };

/* Couplings by row (compressed sparse rows): those of row i are first[i] .. first[i + 1] - 1,
 * sources ascending; no diagonal, no zeros. */
struct model_couplings {
    size_t count;
    size_t *first;       /* n + 1 */
    int32_t *source;     /* count: the oscillator j that pulls */
    const double *value; /* count: K_ij, rad per unit of time, scale baked in */
};

/* A fully connected layer or a 3x3 convolution: weight (outputs, inputs[, 3, 3]), bias (outputs).
 */
struct model_layer {
    int outputs, inputs;
    const double *weight, *bias;
};

struct model_decoder {
    enum model_decoder_kind kind;
    bool tanh; /* activation after the last layer */
    int layer_count;
    /* linear: 1 layer; mlp: LeakyReLU(0.2) between; resize_conv: two convolutions a block, then
     * the output convolution, so 2 U + 1 layers */
    struct model_layer *layers;
    int channels; /* resize_conv: of the first feature map, which is channels x 4 x 4 */
};

/* Judges images: layers with LeakyReLU(0.2) between; the index of the largest output is the class.
 */
struct model_classifier {
    int layer_count; /* 0: there is none */
    struct model_layer *layers;
};

/* Wishes of the user for the chip; every one has a default (chip_hints.def). */
struct model_chip_hints {
    const char *pdk;
    double carrier_cycles; /* periods of the carrier in one run; 0: the process's */
    enum model_weights weights;
    int weight_bits;          /* of a coupling, sign included */
    int omega_bits;           /* of a frequency offset, sign included */
    int phase_bits;           /* of an initial phase */
    int readout_bits;         /* of a captured phase */
    double weight_full_scale; /* rad per unit of time; 0: the largest |K| */
    double drive_full_scale;  /* 0: the largest |Kdrive| */
    double omega_full_scale;  /* 0: the largest |omega| */
    uint64_t seed;            /* of the initial phases */
};

/* Limits of verification, one set a level (phase, cell, device); defaults in verify_limits.def. */
enum model_level { MODEL_LEVEL_PHASE, MODEL_LEVEL_CELL, MODEL_LEVEL_DEVICE, MODEL_LEVEL_COUNT };
struct model_limits {
    double phase_rms_rad;            /* all oscillators, all samples */
    double worst_oscillator_rms_rad; /* the oscillator that is furthest off, over the samples */
    double image_rms;                /* range 0..1 */
};

/* Where model.yaml says what later stages may have to complain about: the value, or the group of
 * keys where it was left out. The text lives in the arena of the model. */
struct model_places {
    struct span oscillators, weights /* of the dynamics */, readout;
    struct span pdk, weight_full_scale, drive_full_scale, omega_full_scale; /* under chip: */
};

struct model {
    const char *path; /* of model.yaml, as given */
    const char *name;
    int n; /* main oscillators */
    int m; /* conditioning oscillators */
    int classes;
    double time; /* T */
    enum model_method method;
    int steps;
    bool conditioning_random; /* initial conditioning phases: uniform, else 0 */
    enum model_readout readout;
    struct model_couplings couplings;
    const double *omega;      /* n */
    const double *omega_cond; /* m */
    const double *k_cond;     /* m x m, diagonal 0 */
    const double *k_drive;    /* classes x n x m */
    struct model_decoder decoder;
    int channels, height, width; /* of the image; all 0 where there is no decoder */
    struct model_classifier classifier;
    struct model_chip_hints chip;
    struct model_limits limits[MODEL_LEVEL_COUNT];
    const char **files; /* every file it was read from, model.yaml first, NULL-terminated */
    struct model_places places;
};

/* Reads and validates. All faults go to diags (never only the first); returns NULL when there was
 * an error. The model and the source text that diagnostics point at live in the arena. */
struct model *model_load(struct arena *arena, const char *path, struct diags *diags);

/* The same from text in memory, which must live as long as the model; weights are looked for
 * beside source->path. */
struct model *model_parse(struct arena *arena, const struct source *source, struct diags *diags);

/* Number of pixels values, channels * height * width. */
int model_pixels(const struct model *model);

const char *model_readout_name(enum model_readout readout);
const char *model_decoder_name(enum model_decoder_kind kind);
const char *model_method_name(enum model_method method);
const char *model_weights_name(enum model_weights weights);
const char *model_level_name(enum model_level level); /* "phase", "cell", "device" */

#endif
