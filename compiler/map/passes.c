/* SPDX-License-Identifier: Apache-2.0
 *
 * The way from a model to a chip, on one screen.
 */
#include <string.h>

#include "compiler/base/interrupt.h"
#include "compiler/map/chip.h"
#include "compiler/map/dump.h"
#include "compiler/map/passes.h"

const struct map_pass map_passes[] = {
    {"time", pass_time, "one run of the model becomes a few periods of the carrier"},
    {"quantise", pass_quantise, "couplings, drives and frequencies become codes"},
    {"cycles", pass_cycles, "a run is made long enough for the columns to bear their couplers"},
    {"phases", pass_phases, "bits of the phases in and out, and their seed"},
    {"amplitude", pass_amplitude, "the amplitude control is made strong enough for the row sums"},
    {"loads", pass_loads, "dummies bring every column to the same load"},
    {"device", pass_device, "conductances, loads and dummies of the array of transistors"},
    {"memory", pass_memory, "every code gets its address"},
    {"control", pass_control, "clock, settings and reset values of the digital control"},
    {"decoder", pass_decoder, "weights and tables of the decoder on the chip"},
    {NULL, NULL, NULL},
};

struct chip *map_model(struct arena *arena, const struct model *model, const struct pdk *pdk,
                       const char *dump, struct str *dumped, struct diags *diags)
{
    struct chip *chip = ARENA_NEW(arena, struct chip);
    chip->name = model->name;
    chip->pdk = pdk;
    chip->model = model;
    chip->n = model->n;
    chip->m = model->m;
    chip->classes = model->classes;
    chip->hardwired = model->chip.weights == MODEL_HARDWIRED;
    chip->sites = &model->couplings;
    size_t errors = diags->errors;
    for (const struct map_pass *pass = map_passes; pass->name; pass++) {
        pass->run(arena, chip, diags);
        if (dump && !strcmp(dump, pass->name))
            map_dump(chip, dumped);
    }
    return diags->errors == errors && !interrupt_requested() ? chip : NULL;
}

double map_conductance_per_rate(const struct chip *chip)
{
    return chip->capacitor_f * chip->model_time / chip->run_s;
}
