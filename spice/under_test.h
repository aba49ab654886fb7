/* SPDX-License-Identifier: Apache-2.0
 *
 * The circuit under test as the chip folder has it: read from its files alone, never from the
 * model. What the circuit computes must be found here or in its netlists.
 */
#ifndef OSCC_SPICE_UNDER_TEST_H
#define OSCC_SPICE_UNDER_TEST_H

#include <stdint.h>

#include "compiler/base/diag.h"

/* A stretch of the weight memory. */
struct under_test_section {
    size_t base, count; /* words */
};

/* What the chip is set to at a corner. */
struct under_test_corner {
    const char *name;
    double carrier_cycles; /* length of a run in periods of the tone */
    int lag_code;
    double resistor, capacitor; /* of the process's devices there, relative to the typical */
    /* the change of frequency that the trim makes for each code of omega from -trim_full up,
     * relative; NULL where the process's trim was not measured */
    const double *trim_relative;
    const int *trim_code; /* the trim's own code for each of them, NULL alike */
    int trim_full;
};

struct under_test {
    const char *folder;
    const char *name;
    int n, m, classes;
    bool hardwired; /* the chains hold no couplings, and drives only with several classes */
    double run_s, model_time, carrier_cycles;
    double swing_v;
    double coupling_lsb, cond_lsb, drive_lsb, trim_lsb; /* rad per unit of model time and code */
    int phase_bits, readout_bits;
    uint64_t seed; /* of the generator of initial phases */
    bool conditioning_random;
    size_t tile;     /* side of the square tiles that hold all pairs; 0: sources are listed */
    size_t *first;   /* n + 1: couplings of row i are first[i] .. first[i + 1] - 1 */
    int32_t *source; /* the oscillator that pulls */
    size_t *address; /* of the coupling's word in the weight memory */
    struct under_test_section trim, coupling, cond, drive;
    int16_t *word; /* the weight memory */

    bool has_device; /* spice/ holds transistors, spice/behavioural/ the behavioural cells */
    const char *process;
    double supply_v, mid_v;
    double node_f;    /* capacitor of a column line, F */
    double coupler_f; /* of a coupler on each bus line, F */
    double mim_f_per_um2;
    size_t corner_count;
    const struct under_test_corner *corners;
    double frequency_per_capacitance; /* relative, of the cell */
    const char *resistor;             /* the device of couplers and dummies, in lower case */
    double resistor_ohm_per_um;
    double enable_f;   /* of a closed enable switch on its bus line, F */
    double enable_ohm; /* of a closed enable switch; 0: the array has none */
    size_t words;
};

/* Reads chip.json and verilog/weights.hex. NULL with faults in diags when they are missing, damaged
 * or contradict each other. Files that differ from the manifest give a warning: they are used as
 * they are. */
struct under_test *under_test_read(struct arena *arena, const char *folder, struct diags *diags);

/* Words in the chains of the array of transistors: of couplings between main and between
 * conditioning oscillators, and of a class's drives. */
size_t under_test_chain_couplings(const struct under_test *chip);
size_t under_test_chain_drives(const struct under_test *chip);

/* Initial phases as the chip's generator draws them: initial[n + m], rad. */
void under_test_initial_phases(const struct under_test *chip, uint64_t seed, uint64_t sample,
                               double *initial);

#endif
