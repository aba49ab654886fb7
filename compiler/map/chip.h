/* SPDX-License-Identifier: Apache-2.0
 *
 * The chip that a model becomes: codes, scales and sizes, before any text is written.
 * Passes fill it in, in the order of map_passes[] (passes.c).
 */
#ifndef OSCC_MAP_CHIP_H
#define OSCC_MAP_CHIP_H

#include <stdint.h>

#include "compiler/base/str.h"
#include "compiler/model/model.h"
#include "control/decoder.h"
#include "control/phase.h"
#include "pdk/measured.h"

/* A quantity as sign and magnitude: value = code * lsb, |code| <= full. */
struct chip_scale {
    int bits; /* sign included */
    int full; /* largest magnitude, 2^(bits - 1) - 1 */
    double lsb;
};

/* A stretch of the weight memory. */
struct chip_section {
    const char *name;
    uint32_t base, count; /* words */
};

enum chip_section_index {
    CHIP_TRIM,     /* n + m: frequency trim of oscillator i, then of conditioning oscillator k */
    CHIP_COUPLING, /* one a coupler, in the order of compiler/map/tiles.h */
    CHIP_COND,     /* m x (m - 1): conditioning couplings, row by row without the diagonal */
    CHIP_DRIVE,    /* classes x n x m: the class-drive banks */
    CHIP_SECTIONS
};

/* What the chip is set to at a corner, both digital, and what that leaves over. */
struct chip_corner {
    const char *name;
    double carrier_cycles; /* length of a run in periods of the tone */
    int lag_code;
    bool measured;           /* the three below are known */
    struct pdk_behaviour is; /* of the loaded cell at this code; its lag is what is left */
    /* what the trim is set to for each code of omega, from -omega.full up; and how far off that is
     * for the codes that the chip has, rad a run. NULL where the trim does not reach them */
    int *trim;
    const struct pdk_measured *data; /* what the settings were taken from */
    double trim_left;
};

/* The transistor level, where the process has one: what pass_device finds. */
struct chip_device {
    bool present;                       /* false: behavioural cells only */
    const struct pdk_measured *typical; /* data of the typical corner once read; NULL: none */
    struct chip_corner *corners;        /* the typical one first */
    size_t corner_count;
    double gain;                      /* coupling that a conductance gives, measured / ideal */
    double frequency_hz;              /* of the loaded cell at the typical corner */
    double lag_fixed_s, lag_step_s;   /* delay of the bus with lag code 0, and of each step of it */
    double gain_spread;               /* largest relative deviation that loads of rows leave */
    double weight_s, drive_s, cond_s; /* conductance of code 1 of each kind of coupler, S */
    double column_load_s, row_load_s; /* of every bus line; of a row line in the mean, S */
    double column_s;                  /* from the bus of a column to its cell, S */
    double *column_dummy_s;           /* n + m: what the dummies add, S */
    int *scale;                       /* n + m: cells in parallel, more than 1 for a loaded tone */
};

/* The digital control (docs/control.md). */
struct chip_control {
    double clock_hz; /* at the typical corner */
    struct control_phases phases;
    struct control_decoder decoder; /* layer_count 0: images are made by the host */
    size_t decoder_saturated;       /* weights of it beyond its largest code */
    /* reset values of the registers RUN, WAIT and LIMITS */
    int run_cycles, run_ticks, settle_ticks, forget_turns, watchdog_ticks, capture_ticks;
};

struct chip {
    const char *name;
    const struct pdk *pdk;
    const struct model *model; /* what it was made from */
    int n, m, classes;
    bool hardwired; /* couplings are resistors, in the array of transistors */

    /* time: one run is carrier_cycles periods, which stand for model_time */
    double model_time;
    double carrier_cycles;
    double carrier_hz;
    double run_s; /* carrier_cycles / carrier_hz */

    /* codes */
    struct chip_scale weight, cond, drive, omega; /* lsb in rad per unit of model time */
    const struct model_couplings *sites;          /* which couplings there are */
    int16_t *weight_code;                         /* sites->count */
    int16_t *cond_code;                           /* m x (m - 1) */
    int16_t *drive_code;                          /* classes x n x m */
    int16_t *trim_code;                           /* n + m, of omega */
    size_t saturated;                             /* values beyond their full scale */

    /* phases in and out */
    int phase_bits, readout_bits;
    uint64_t seed;

    /* the cell */
    double capacitor_f;
    double swing_v;
    double largest_row_sum; /* of |K| + |Kdrive|, rad per unit of model time */
    double margin_s;        /* conductance of the amplitude control, S */
    double load_s;          /* total load of every column, S */
    double *dummy_s;        /* n + m: load that the column's dummy adds, S */

    struct chip_section memory[CHIP_SECTIONS];

    struct chip_device device;
    struct chip_control control;
};

/* One pass. Faults go to diags. */
struct map_pass {
    const char *name;
    void (*run)(struct arena *arena, struct chip *chip, struct diags *diags);
    const char *does;
};
extern const struct map_pass map_passes[]; /* ends with a NULL name */

/* Runs all passes. dump (or NULL) names a pass after which the chip is printed into dumped.
 * Returns NULL when a pass found an error, or when interrupted. The chip lives in the arena and
 * refers to the model. */
struct chip *map_model(struct arena *arena, const struct model *model, const struct pdk *pdk,
                       const char *dump, struct str *dumped, struct diags *diags);

/* Conductance that realises a rate of one radian per unit of model time in a cell, S:
 * C dv/dt = G v has the rate G / C per second, and model_time units last run_s. */
double map_conductance_per_rate(const struct chip *chip);

/* Turns of the tone and ticks (registers RUN) nearest to so many periods of it. */
void map_run_length(const struct chip *chip, double cycles, int *turns, int *ticks);

/* The model with every weight replaced by what its code stands for, and nothing else changed. This
 * is what a faultless chip computes; it is made from the model alone. */
struct model *map_quantised_model(struct arena *arena, const struct model *model);

#endif
