/* SPDX-License-Identifier: Apache-2.0
 *
 * The transistor level: the array of chip/spice in the models of a process at one corner, by the
 * partitioned engine.
 *
 * Oscillators, columns and row drivers are devices of the process in ngspice; the crossbar
 * (couplers with the codes of the weight memory, dummies) is linear and driven by stiff lines, and
 * stands outside the matrix (spice/network.h). What ngspice sees of a trim is the capacitance of
 * its code. Wires come from array.spice, conductances from the resistors' lengths there.
 */
#ifndef OSCC_SPICE_DEVICE_H
#define OSCC_SPICE_DEVICE_H

#include "spice/run.h"
#include "spice/under_test.h"

struct device;

/* Reads the netlists and slices the models. pdk_root: a folder laid out as an installed PDK_ROOT.
 * set: the models, or NULL for the process's first. NULL with faults in diags. */
struct device *device_open(struct arena *arena, const struct under_test *chip, const char *pdk_root,
                           const char *set, const char *corner, struct diags *diags);

/* The same for runs that start as a chip does: from held oscillators, each released at the time of
 * its initial phase, with hold, enable, capture and mid-rail cells as transistors. device_open
 * leaves these out, starts at the orbit and takes mid-rail as given, in half the time; both agree
 * within 0.01 rad (tests/circuit/test_released.c). */
struct device *device_open_released(struct arena *arena, const struct under_test *chip,
                                    const char *pdk_root, const char *set, const char *corner,
                                    struct diags *diags);

/* How a run starts, and what is a transistor in it. */
enum device_start {
    DEVICE_ON_ORBIT, /* device_open: phases are initial conditions */
    DEVICE_RELEASED, /* device_open_released */
    DEVICE_LOADED,   /* device_open_whole */
    DEVICE_STARTS
};
extern const char *const device_start_name[DEVICE_STARTS];

/* The same with every coupler, trim and lag as transistors too, whose bits are shifted in through
 * the chains at the beginning of a run; only what stands beside the cells in the array, dummies, is
 * in the network. For small arrays and DEVICE_MONOLITHIC: some hundred times slower. */
struct device *device_open_whole(struct arena *arena, const struct under_test *chip,
                                 const char *pdk_root, const char *set, const char *corner,
                                 struct diags *diags);

/* The set of models that was loaded. */
const char *device_models(const struct device *device);

/* What oscillators do when nothing couples them, at this corner; a chip finds its frequency by
 * counting. Runs one short simulation in the folder (made and left there). false with faults in
 * diags or when interrupted. */
bool device_calibrate(struct device *device, const char *worker, const char *folder,
                      struct diags *diags);

/* Frequency of the loaded cell, Hz; the run lasts its carrier_cycles periods. */
double device_frequency(const struct device *device);
double device_run_s(const struct device *device);

/* How the crossbar is simulated. */
enum device_engine {
    DEVICE_PARTITIONED, /* outside ngspice's matrix, currents by extrapolation */
    DEVICE_MONOLITHIC   /* as resistors in the deck */
};
extern const char *const device_engine_name[];

/* One run, as deck_write does for the other levels. 0 or a negative errno. */
int device_write(struct arena *arena, const struct device *device, enum device_engine engine,
                 uint64_t sample, int class_index, const double *initial, const char *folder,
                 struct spice_job *job);

/* From here on device_write() writes runs in lock-step with the digital control, whose pins drive
 * the array in place of the deck (spice/lockstep_plan.h): released starts alone. A tick is a whole
 * number of steps; the run lasts `ticks` of them, the first at the end of the first tick. */
struct device_clock {
    double tick_s;
    size_t ticks;
};
void device_drive_by_pins(struct device *device, const struct device_clock *clock);

/* The tick of a control whose clock is 2^bits / turns times the tone, as a host sets it by counting
 * the tone: even steps make the tone of a run slower than it is (docs/engine.md). */
double device_tick_s(const struct device *device, int bits, int turns);

/* Phases in a good run at a time, at or just after it: phases[n + m], rad in some turn. */
void device_phases_at(const struct device *device, const struct spice_result *result, double time_s,
                      double *phases);

/* Final phases of a good run: phases[n + m], rad, unwrapped, the carrier's turns taken off. */
void device_phases(const struct device *device, const double *initial,
                   const struct spice_result *result, double *phases);

/* What a good run takes from the supply: joule[ENERGY_BLOCKS], J (spice/energy.h). */
void device_energy(const struct device *device, const struct spice_result *result, double *joule);

#endif
