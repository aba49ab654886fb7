/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/power.h"

#include <string.h>

struct nets {
    double *toggles, *high_s, *load_f;
    bool *known;
    size_t clock;
};

static void read_nets(struct arena *arena, const struct gates *gates,
                      const struct activity *activity, const char *dump, size_t window,
                      struct nets *nets, double *covered)
{
    nets->toggles = ARENA_ARRAY(arena, double, gates->net_count);
    nets->high_s = ARENA_ARRAY(arena, double, gates->net_count);
    nets->load_f = ARENA_ARRAY(arena, double, gates->net_count);
    nets->known = ARENA_ARRAY(arena, bool, gates->net_count);
    bool *named = ARENA_ARRAY(arena, bool, gates->net_count);
    size_t count = 0, found = 0;
    struct str name = {0};
    for (size_t i = 0; i < gates->name_count; i++) {
        const struct gates_name *n = &gates->names[i];
        if (!strcmp(n->name, "clk"))
            nets->clock = n->net;
        count += !named[n->net];
        named[n->net] = true;
        if (nets->known[n->net])
            continue;
        name.length = 0;
        str_addf(&name, "%s.%s", dump, n->name);
        const struct activity_bit *bit = activity_find(activity, str_text(&name), n->bit);
        if (!bit)
            continue;
        nets->known[n->net] = true;
        found++;
        nets->toggles[n->net] = (double)bit->toggles[window];
        nets->high_s[n->net] = bit->high_s[window];
    }
    str_free(&name);
    if (covered)
        *covered = count ? (double)found / (double)count : 0;
}

/* Accesses of a memory: clocks with its enable high. */
static double accesses(const struct gates_cell *cell, const struct nets *nets, double clocks,
                       double tick_s)
{
    for (size_t p = 0; p < cell->pin_count; p++)
        if (!strcmp(cell->pins[p].name, "en") && cell->pins[p].net != GATES_CONSTANT)
            return nets->high_s[cell->pins[p].net] / tick_s;
    return clocks;
}

static double memory_j(const struct gates_cell *cell, const struct pdk_logic *logic, double count,
                       double time_s)
{
    double words = (double)((cell->width + 31) / 32);
    double bits = (double)(cell->width * cell->depth), macros = bits / logic->memory_bits;
    macros = macros < 1 ? 1 : macros;
    return count * words * logic->memory_read_j + macros * logic->memory_leakage_w * time_s;
}

const struct power *power_estimate(struct arena *arena, const struct gates *gates,
                                   const struct liberty *liberty, const struct pdk_logic *logic,
                                   const struct activity *activity, const char *dump, size_t window,
                                   double clocks, double tick_s, double clock_hz, double *covered)
{
    struct power *power = ARENA_ARRAY(arena, struct power, gates->block_count);
    struct nets nets = {0};
    const double time_s = clocks / clock_hz;
    const double half_v2 = 0.5 * liberty->supply_v * liberty->supply_v;
    read_nets(arena, gates, activity, dump, window, &nets, covered);
    for (size_t c = 0; c < gates->cell_count; c++) {
        const struct gates_cell *cell = &gates->cells[c];
        for (size_t p = 0; cell->cell && p < cell->pin_count; p++) {
            const struct liberty_pin *pin = liberty_pin(cell->cell, cell->pins[p].name);
            nets.load_f[cell->pins[p].net] += logic->wire_f + (pin ? pin->capacitance_f : 0);
        }
    }
    for (size_t c = 0; c < gates->cell_count; c++) {
        const struct gates_cell *cell = &gates->cells[c];
        struct power *to = &power[cell->block];
        if (!cell->cell) {
            to->memory_j += memory_j(cell, logic, accesses(cell, &nets, clocks, tick_s), time_s);
            continue;
        }
        to->leakage_j += cell->cell->leakage_w * time_s;
        for (size_t p = 0; p < cell->pin_count; p++) {
            const struct liberty_pin *pin = liberty_pin(cell->cell, cell->pins[p].name);
            size_t net = cell->pins[p].net;
            double toggles = net == GATES_CONSTANT ? 0 : nets.toggles[net];
            double wire_j = toggles * half_v2 * logic->wire_f;
            double j = wire_j;
            if (pin)
                j += toggles *
                     (half_v2 * pin->capacitance_f + liberty_edge_j(pin, nets.load_f[net]));
            to->cells_j += j;
            to->wires_j += wire_j;
            if (net == nets.clock)
                to->clock_j += j;
        }
    }
    return power;
}
