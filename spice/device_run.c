/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs of the transistor level: the crossbar with a class's codes, the deck, the phases.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/str.h"
#include "spice/count.h"
#include "spice/device_part.h"

/* Up to so many oscillators a run replays as one matrix, with more from recorded currents. */
enum { MOST_MONOLITHIC = 16 };

const char *const device_start_name[DEVICE_STARTS] = {"orbit", "released", "loaded"};
const char *const device_engine_name[] = {"partitioned", "monolithic"};

static const double turn = 6.283185307179586476925;

/* Of a run: the lines of every oscillator, then the currents of the supplies. */
static size_t vector_count(const struct device *d)
{
    return DEVICE_LINES * ((size_t)d->chip->n + (size_t)d->chip->m) + device_sources(d);
}

/* Boundary nodes: mid-rail, then each oscillator's bus lines and row lines. */
struct boundary {
    size_t count;
    const char **names;
    double *initial_v;
    uint32_t *index; /* of a circuit's node, plus one; 0: not at the boundary */
};

static void add_node(struct boundary *b, const struct device *d, uint32_t node, double volts)
{
    b->names[b->count] = d->nodes.names[node];
    b->initial_v[b->count++] = volts;
    b->index[node] = (uint32_t)b->count;
}

/* The voltage of one of an oscillator's lines at a phase. */
static double orbit_voltage(const struct device *d, size_t l, double phase)
{
    double at = phase / turn - floor(phase / turn);
    at *= DEVICE_ORBIT;
    size_t k = (size_t)at % DEVICE_ORBIT;
    double part = at - floor(at);
    return (1 - part) * d->orbit[l][k] + part * d->orbit[l][(k + 1) % DEVICE_ORBIT];
}

/* The voltage of one of an oscillator's lines at the start of a run. */
static double initial_voltage(const struct device *d, size_t l, double phase)
{
    return d->released ? device_held_voltage(d, l) : orbit_voltage(d, l, phase);
}

static struct boundary make_boundary(struct arena *arena, const struct device *d,
                                     const double *initial)
{
    size_t oscillators = (size_t)d->chip->n + (size_t)d->chip->m;
    size_t most = 1 + DEVICE_NODES * oscillators;
    struct boundary b = {.names = ARENA_ARRAY(arena, const char *, most),
                         .initial_v = ARENA_ARRAY(arena, double, most),
                         .index = ARENA_ARRAY(arena, uint32_t, d->nodes.count)};
    add_node(&b, d, d->vcm, d->chip->mid_v);
    for (size_t i = 0; i < oscillators; i++) {
        for (size_t l = DEVICE_BUS; l < DEVICE_NODES; l++)
            add_node(&b, d, d->line[DEVICE_NODES * i + l], initial_voltage(d, l, initial[i]));
    }
    return b;
}

/* The entries of the network for one class. A coupler's bits that are on join its column to the row
 * line of its sign, those that are off to mid-rail. */
static size_t fill_entries(const struct device *d, const struct boundary *b, int class_index,
                           struct network_entry *entry)
{
    const struct under_test *chip = d->chip;
    size_t bank = (size_t)chip->n * (size_t)chip->m, count = 0;
    const int16_t *drive = chip->word + chip->drive.base + (size_t)class_index * bank;
    uint32_t middle = b->index[d->vcm] - 1;
    for (size_t p = 0; p < d->path_count; p++) {
        const struct device_path *path = &d->paths[p];
        uint32_t line = b->index[path->line] - 1;
        if (path->is_resistor) {
            uint32_t other = b->index[path->positive] - 1;
            entry[count++] = (struct network_entry){line, other, path->bit_s[0]};
            continue;
        }
        if (d->whole) /* its transistors are in the deck */
            continue;
        int code = path->is_drive ? drive[path->word] : chip->word[path->word];
        unsigned magnitude = (unsigned)(code < 0 ? -code : code);
        double on = 0, off = 0;
        for (int bit = 0; bit < PDK_COUPLER_BITS; bit++)
            *(magnitude >> bit & 1 ? &on : &off) += path->bit_s[bit];
        uint32_t row = b->index[code < 0 ? path->negative : path->positive] - 1;
        if (on > 0)
            entry[count++] = (struct network_entry){line, row, on};
        if (off > 0)
            entry[count++] = (struct network_entry){line, middle, off};
    }
    return count;
}

static void add_trims(const struct device *d, struct str *out)
{
    const struct under_test *chip = d->chip;
    for (size_t t = 0; t < d->trim_count; t++) {
        double farad = -device_trim_share(d, &d->trims[t]) / chip->frequency_per_capacitance;
        farad *= chip->node_f * d->trims[t].parallel;
        for (size_t l = 0; l < DEVICE_LINES && (farad > 0 || farad < 0); l++) {
            str_addf(out, "ctrim%zu_%zu %s 0 ", t, l, d->nodes.names[d->trims[t].lines[l]]);
            str_add_number(out, farad);
            str_add(out, "\n");
        }
    }
}

/* What stands on the lines of a bus: the lag code, and the switches of its couplers. */
static void add_bus_capacitors(const struct device *d, struct str *out)
{
    double *farad = ARENA_ARRAY(d->arena, double, d->nodes.count);
    memcpy(farad, d->lag_f, d->nodes.count * sizeof *farad);
    for (size_t p = 0; p < d->path_count; p++)
        if (!d->paths[p].is_resistor)
            farad[d->paths[p].line] += d->paths[p].parallel * d->chip->coupler_f;
    for (size_t k = 0; k < d->nodes.count; k++) {
        if (!(farad[k] > 0))
            continue;
        str_addf(out, "cbus%zu %s 0 ", k, d->nodes.names[k]);
        str_add_number(out, farad[k]);
        str_add(out, "\n");
    }
}

void device_add_analysis(const struct device *device, double stretch, struct str *out)
{
    double step_s = device_step_s(device);
    str_add(out, ".tran ");
    str_add_number(out, step_s);
    str_add(out, " ");
    str_add_number(out, stretch * device_stop_s(device));
    str_add(out, " 0 ");
    str_add_number(out, step_s);
    /* the step is far below what the waveforms need, so no step is to be refused; what has settled
     * in an iteration is not evaluated again */
    str_add(out, " uic\n.options method=trap reltol=1e-3 trtol=100 bypass=1\n");
}

static void add_start(const struct device *d, const struct boundary *b, const double *initial,
                      struct str *out)
{
    size_t oscillators = (size_t)d->chip->n + (size_t)d->chip->m;
    str_addf(out, ".save %s\n", b->names[0]);
    for (size_t k = 0; k < DEVICE_NODES * oscillators; k++) {
        const char *name = d->nodes.names[d->line[k]];
        str_addf(out, ".save %s\n.ic v(%s)=", name, name);
        str_add_number(out, initial_voltage(d, k % DEVICE_NODES, initial[k / DEVICE_NODES]));
        str_add(out, "\n");
    }
    for (enum energy_block source = 0; source < device_sources(d); source++)
        str_addf(out, ".save %s\n", energy_vector(source));
}

/* The network's part of the deck, and what replays it. */
static int write_network(struct arena *arena, const struct device *device,
                         enum device_engine engine, const struct network *network,
                         const struct boundary *b, const char *folder, struct spice_job *job)
{
    size_t oscillators = (size_t)device->chip->n + (size_t)device->chip->m;
    bool recorded = engine == DEVICE_PARTITIONED && oscillators > MOST_MONOLITHIC && !device->clock;
    struct str deck = {0};
    str_add(&deck, "* the circuit with its crossbar\n.include " DEVICE_CIRCUIT_NAME "\n");
    int error = 0;
    if (engine == DEVICE_PARTITIONED) {
        job->network = "network.bin";
        network_add_deck(network, b->names, &deck);
        error = network_write(network, b->names, b->initial_v, device->frequency_hz, recorded,
                              fs_join(arena, folder, job->network));
    } else {
        network_add_resistors(network, b->names, &deck);
    }
    device_add_analysis(device, 1, &deck);
    str_add(&deck, ".end\n");
    int unwritten = fs_write_text(arena, folder, job->deck, &deck);
    error = error ? error : unwritten;
    if (error || device->clock) /* what replays that is the record of the pins */
        return error;
    return device_write_replay(arena, device, network, b->names, recorded, folder);
}

int device_write(struct arena *arena, const struct device *device, enum device_engine engine,
                 uint64_t sample, int class_index, const double *initial, const char *folder,
                 struct spice_job *job)
{
    size_t oscillators = (size_t)device->chip->n + (size_t)device->chip->m;
    struct boundary b = make_boundary(arena, device, initial);
    struct network_entry *entries =
        ARENA_ARRAY(arena, struct network_entry, 2 * device->path_count);
    size_t count = fill_entries(device, &b, class_index, entries);
    const struct network *network = network_make(arena, b.count, count, entries);

    const char **vectors = ARENA_ARRAY(arena, const char *, vector_count(device));
    for (size_t k = 0; k < DEVICE_LINES * oscillators; k++)
        vectors[k] =
            device->nodes.names[device->line[k / DEVICE_LINES * DEVICE_NODES + k % DEVICE_LINES]];
    for (enum energy_block source = 0; source < device_sources(device); source++)
        vectors[DEVICE_LINES * oscillators + source] = energy_vector(source);
    *job = (struct spice_job){.folder = folder,
                              .deck = "deck.spice",
                              .stop_s = device_stop_s(device),
                              .vectors = vectors,
                              .vector_count = vector_count(device)};
    struct str deck = {0};
    str_addf(&deck, "* %s, level device, %s, sample %llu, class %d\n", device->chip->name,
             device->corner, (unsigned long long)sample, class_index);
    device_add_cells(device, -1, &deck);
    if (device->whole)
        device_add_load(device, class_index, &deck);
    else
        add_trims(device, &deck);
    if (device->clock)
        device_add_pins(device, &deck);
    else if (device->released)
        device_add_start(device, initial, &deck);
    if (!device->whole)
        add_bus_capacitors(device, &deck);
    add_start(device, &b, initial, &deck);
    int error = fs_write_text(arena, folder, DEVICE_CIRCUIT_NAME, &deck);
    if (!error && device->clock)
        error = device_write_plan(arena, device, folder);
    if (!error)
        error = write_network(arena, device, engine, network, &b, folder, job);
    return error ? error
                 : spice_count_elements(arena, fs_join(arena, folder, job->deck), &job->elements,
                                        NULL);
}

double device_phase(const struct device *d, const double *volts)
{
    return device_phase_of_angle(d, atan2(volts[2] - volts[3], volts[0] - volts[1]));
}

double device_phase_of_angle(const struct device *d, double angle)
{
    double first = d->angle[0], turns = floor((angle - first) / turn);
    angle -= turns * turn;
    size_t low = 0, high = DEVICE_ORBIT;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (d->angle[middle] <= angle)
            low = middle;
        else
            high = middle;
    }
    double next = high == DEVICE_ORBIT ? first + turn : d->angle[high];
    double part = (angle - d->angle[low]) / (next - d->angle[low]);
    return ((double)low + part) / DEVICE_ORBIT * turn + turns * turn;
}

void device_phases(const struct device *device, const double *initial,
                   const struct spice_result *result, double *phases)
{
    size_t oscillators = (size_t)device->chip->n + (size_t)device->chip->m;
    double start_s = device_start_s(device);
    for (size_t i = 0; i < oscillators; i++) {
        double phase = initial[i];
        for (size_t p = 0; p < result->points; p++) {
            const double *v = result->values + p * vector_count(device) + DEVICE_LINES * i;
            if (result->time[p] >= start_s)
                phase += remainder(device_phase(device, v) - phase, turn);
        }
        phases[i] = phase - turn * device->setting->carrier_cycles;
    }
}

void device_energy(const struct device *device, const struct spice_result *result, double *joule)
{
    energy_measure(result, vector_count(device), device_sources(device), device->chip->supply_v,
                   joule);
}

const char *device_models(const struct device *device)
{
    return device->set;
}

double device_frequency(const struct device *device)
{
    return device->frequency_hz;
}

double device_run_s(const struct device *device)
{
    return device->setting->carrier_cycles / device->frequency_hz;
}
