/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the transistor level share.
 */
#ifndef OSCC_SPICE_DEVICE_PART_H
#define OSCC_SPICE_DEVICE_PART_H

#include "pdk/pdk.h"
#include "spice/cards.h"
#include "spice/circuit.h"
#include "spice/device.h"
#include "spice/energy.h"
#include "spice/network.h"

/* The lines of an oscillator, in the order of its nodes: its own, its bus, its row. */
enum { DEVICE_COLUMN, DEVICE_BUS = 4, DEVICE_ROW = 8, DEVICE_NODES = 12, DEVICE_LINES = 4 };
enum { DEVICE_ORBIT = 256 }; /* points of an orbit */
enum { DEVICE_STEPS = 65 };  /* of the simulation in a carrier cycle: docs/engine.md */

enum { DEVICE_SHARED = -1, DEVICE_BETWEEN = -2 }; /* mid-rail; a coupler */

/* A cell that stays in ngspice. */
struct device_cell {
    const char *path, *module;
    const uint32_t *nodes;
    size_t node_count;
    int parallel;   /* that many of them */
    int oscillator; /* that it belongs to, or DEVICE_SHARED, DEVICE_BETWEEN */
};

/* One line of a coupler, from a bus line to the row line that the sign selects, what is left of
 * it to mid-rail; or a resistor of the array: a dummy, from a line to mid-rail, or a line of a
 * hardwired coupling, from a bus line to a row line. */
struct device_path {
    uint32_t line;               /* node; a coupler's bus line */
    uint32_t positive, negative; /* row lines for either sign; the first: a resistor's other end */
    bool is_resistor, is_drive;  /* a drive's word counts in the bank of the class */
    size_t word;
    int parallel;                   /* couplers */
    double bit_s[PDK_COUPLER_BITS]; /* of each magnitude bit, S; a resistor's whole in the first */
};

struct device_trim {
    uint32_t lines[DEVICE_LINES];
    int parallel;
    size_t word;
};

struct device {
    struct arena *arena;
    const struct under_test *chip;
    const char *corner, *set;
    const struct under_test_corner *setting; /* of the chip at this corner */
    bool released;                           /* runs start from held cells, else from the orbit */
    bool whole; /* couplers, trims and lag are transistors too; nothing is outside ngspice's matrix
                 */
    const struct circuit *circuit;
    struct circuit_nodes nodes;
    uint32_t vcm, vdd, vss; /* node numbers of the rails */
    struct device_cell *cells;
    struct device_path *paths;
    struct device_trim *trims;
    double *lag_f; /* by node of the circuit: capacitance that the lag code puts there, F */
    size_t cell_count, path_count, trim_count;
    uint32_t *line;      /* (n + m) x DEVICE_NODES nodes of the circuit */
    int *parallel;       /* n + m */
    const char *models;  /* sliced cards */
    const char *modules; /* the cells' subcircuits in those cards */

    const struct device_clock *clock; /* of the digital control, in lock-step; else NULL */

    double frequency_hz;
    double alone_hz;      /* while the couplers are not enabled */
    double release_phase; /* that a released cell comes from, when its start is forgotten, rad */
    double orbit[DEVICE_NODES][DEVICE_ORBIT]; /* V by phase */
    double angle[DEVICE_ORBIT];               /* of (xp - xn, yp - yn) by phase, unwrapped, rad */
};

/* Whether a device of the process is a resistor, which decks take as linear. */
bool device_is_resistor(const struct device *device, const char *name);

/* The conductance of a resistor of a length in um at the device's corner, S. */
double device_conductance(const struct device *device, double um);

/* A size of a device, um: 'w' or 'l', under the names that PDKs have for it. {name} stands for a
 * .param of the array. A number has "u" behind it or none, as the process counts; NaN where there
 * is no such parameter. */
double device_size_um(const struct device *device, char which, size_t count,
                      const struct circuit_parameter *parameters);

/* The phase at voltages of an oscillator's lines, rad in some turn. */
double device_phase(const struct device *device, const double *volts);

/* Frequency that a trim adds, relative to the carrier's. */
double device_trim_share(const struct device *device, const struct device_trim *trim);

/* Where runs start from held cells: the voltage of line l of an oscillator while it is held, the
 * time at which the couplers are enabled (0 where runs start from the orbit), and the sources that
 * hold, release and enable in a run's deck. */
double device_held_voltage(const struct device *device, size_t l);
double device_start_s(const struct device *device);
void device_add_start(const struct device *device, const double *initial, struct str *out);

/* In lock-step with the digital control: the sources of its pins, and the plan of the worker
 * (spice/lockstep_plan.h) in the run's folder. 0 or a negative errno. */
void device_add_pins(const struct device *device, struct str *out);
int device_write_plan(struct arena *arena, const struct device *device, const char *folder);
int device_clock_steps(const struct device *device);

/* How long a run lasts from the beginning of its deck, and a step of it. */
double device_stop_s(const struct device *device);
double device_step_s(const struct device *device);

/* Nodes of an oscillator's control signals. */
uint32_t device_hold_node(const struct device *device, int oscillator);
uint32_t device_enable_node(const struct device *device, int oscillator);
uint32_t device_capture_node(const struct device *device, int oscillator);

/* Where all is transistors: how long it takes to shift the memory's words in (else 0), the sources
 * that do it, and those for the first oscillator alone with its trim at code 0. */
double device_load_s(const struct device *device);
void device_add_load(const struct device *device, int class_index, struct str *out);
void device_add_load_alone(const struct device *device, struct str *out);

/* The sources of one cell alone: released at a time, its couplers enabled at another. */
void device_add_start_alone(const struct device *device, int oscillator, double release_s,
                            double enable_s, struct str *out);

/* The subcircuits of the cells used, transistors as sliced cards, resistors linear, each for the
 * number of cells in parallel that the array has. false with faults in diags. */
bool device_write_modules(struct device *device, const char *pdk_root, struct diags *diags);

/* What replays a run in plain ngspice: replay.spice, run.sh. The circuit is in DEVICE_CIRCUIT_NAME
 * in the folder, the network is added as resistors, or, if recorded, as the currents that the
 * worker recorded. 0 or a negative errno. */
#define DEVICE_CIRCUIT_NAME "circuit.spice"
int device_write_replay(struct arena *arena, const struct device *device,
                        const struct network *network, const char *const *names, bool recorded,
                        const char *folder);

/* .tran and .options of a run, the run so many times as long as it is. */
void device_add_analysis(const struct device *device, double stretch, struct str *out);

/* The phase whose point of the orbit has (xp - xn, yp - yn) at an angle, rad. */
double device_phase_of_angle(const struct device *device, double angle);

/* How many of the sources of spice/energy.h a deck has: where runs start from held cells, mid-rail
 * is made by its cells alone. */
enum energy_block device_sources(const struct device *device);

/* The deck around cells: models, modules, cells, supply. only: an oscillator, or -1 for all. */
void device_add_cells(const struct device *device, int only, struct str *out);

#endif
