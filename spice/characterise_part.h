/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of a characterisation. Each returns JSON, or NULL with a fault in the lab's diags or
 * when interrupted; the caller releases the value.
 */
#ifndef OSCC_SPICE_CHARACTERISE_PART_H
#define OSCC_SPICE_CHARACTERISE_PART_H

#include "spice/characterise.h"
#include "spice/coupling_fit.h"
#include "spice/waveform.h"

enum {
    CHARACTERISE_POINTS = 100, /* time points a period, as in runs of an array */
    CHARACTERISE_SETTLE = 8,   /* periods that pass before anything is read */
    CHARACTERISE_AVERAGED = 8, /* periods over which a frequency is taken */
    CHARACTERISE_BIT_NS = 20   /* of a configuration chain: the trim's largest bits are slow */
};

/* The loaded cell's frequency, Hz, from which steps follow: the lab's, else the process's nominal
 * one. */
double characterise_carrier(const struct bench_lab *lab);

/* What stands on the lines of a cell. */
struct characterise_load {
    double bus_s;    /* total conductance of the couplers' bus */
    double delay_s;  /* capacitance of the bus over that conductance */
    double row_s;    /* total conductance on a row line */
    double column_f; /* capacitor on each column line beside the cell's own */
};

/* The load that the process's data is given for: what its resistors and capacitors make of the
 * nominal one at the lab's corner. */
struct characterise_load characterise_nominal(const struct bench_lab *lab);

/* Oscillator, driver and column with their loads; nodes are <prefix><line>: xp, bxp, rxp and so on.
 * The phase at the start is rough: `angle`. pull_s: conductance that the caller puts on the bus
 * himself, row_s on the row. driver_supply: node of the driver's supply, or NULL for vdd. */
void characterise_add_cell(struct bench *bench, const char *prefix,
                           const struct characterise_load *load, double pull_s, double row_s,
                           double angle, const char *driver_supply);

/* A configuration chain is given its bits, that of the link nearest to si first; nodes <prefix>si,
 * <prefix>ck, <prefix>ckb. */
void characterise_add_chain(struct bench *bench, const char *prefix, const int *bits, size_t count);

/* How a free cell's row pulls another cell at one load: the load is given, the rest found. */
struct characterise_pull {
    struct characterise_load load;
    double frequency_hz, gain;
    struct coupling_fit fit;
};

/* One simulation each. false with a fault in the lab's diags, or when interrupted. */
bool characterise_pulls(struct bench_lab *lab, struct characterise_pull *pulls, size_t count);

/* Simulations that each takes. */
enum {
    CHARACTERISE_CELL_RUNS = 4,
    CHARACTERISE_TRIM_RUNS = 20,
    CHARACTERISE_COUPLING_RUNS = 10,
    CHARACTERISE_COUPLER_RUNS = 4,
    CHARACTERISE_MISMATCH_RUNS = 4
};

json_t *characterise_cell(struct bench_lab *lab, const struct characterise_options *options);
json_t *characterise_trim(struct bench_lab *lab, const struct characterise_options *options);
json_t *characterise_coupling(struct bench_lab *lab, const struct characterise_options *options);
json_t *characterise_coupler(struct bench_lab *lab, const struct characterise_options *options);
json_t *characterise_mismatch(struct bench_lab *lab, const struct characterise_options *options);

/* Reports a measurement that makes no sense, at the lab's process and corner. */
void characterise_fault(struct bench_lab *lab, const char *what);

#endif
