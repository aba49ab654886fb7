/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/chip_json.h"

#include "compiler/map/tiles.h"
#include "netlist/control.h"

static json_t *scale(const struct chip_scale *s)
{
    return json_pack("{s:i, s:f}", "bits", s->bits, "lsb_rad_per_time", s->lsb);
}

/* Which oscillators pull on which: one list a row; "all" others in a square layout, where couplers
 * stand in the order of map_square_word(). */
static json_t *sources(const struct chip *chip)
{
    if (map_is_square(chip))
        return json_string("all");
    json_t *rows = json_array();
    for (int i = 0; i < chip->n; i++) {
        json_t *row = json_array();
        for (size_t s = chip->sites->first[i]; s < chip->sites->first[i + 1]; s++)
            json_array_append_new(row, json_integer(chip->sites->source[s]));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *memory(const struct chip *chip)
{
    json_t *sections = json_object();
    for (int s = 0; s < CHIP_SECTIONS; s++)
        json_object_set_new(sections, chip->memory[s].name,
                            json_pack("{s:I, s:I}", "base", (json_int_t)chip->memory[s].base,
                                      "count", (json_int_t)chip->memory[s].count));
    return json_pack("{s:s, s:i, s:s, s:o}", "file", "verilog/weights.hex", "word_bits", 16,
                     "format", "sign and magnitude", "sections", sections);
}

/* What is known of a corner from the process's measured cells: the trim's code for each code of
 * omega, the curve that it is from, and what the settings leave over. */
static void add_measured(const struct chip *chip, const struct chip_corner *c, json_t *corner)
{
    json_object_update_new(corner, json_pack("{s:f, s:f, s:f, s:f}", "frequency_hz",
                                             c->is.frequency_hz, "gain", c->is.gain, "lag_left_rad",
                                             c->is.lag_rad, "trim_left_rad", c->trim_left));
    if (!c->trim)
        return;
    json_t *codes = json_array(), *relative = json_array();
    struct str table = {0}; /* one line, where a list would take hundreds */
    for (int k = 0; k <= 2 * chip->omega.full; k++)
        str_addf(&table, "%s%d", k ? " " : "", c->trim[k]);
    for (size_t k = 0; k < c->data->trim_count; k++) {
        json_array_append_new(codes, json_real(c->data->trim_code[k]));
        json_array_append_new(relative, json_real(c->data->trim_relative[k]));
    }
    json_object_update_new(corner,
                           json_pack("{s:s, s:{s:o, s:o}}", "trim_of_code", str_text(&table),
                                     "trim_curve", "code", codes, "frequency_relative", relative));
    str_free(&table);
}

/* What the netlist of transistors does not say itself. */
static json_t *device(const struct chip *chip)
{
    const struct pdk_device *d = chip->pdk->device;
    json_t *corners = json_object();
    for (size_t i = 0; i < chip->device.corner_count; i++) {
        const struct chip_corner *c = &chip->device.corners[i];
        const struct pdk_corner *p = pdk_corner_find(d, c->name);
        json_t *corner = json_pack("{s:f, s:i, s:f, s:f}", "carrier_cycles", c->carrier_cycles,
                                   "lag_code", c->lag_code, "resistor_ratio", p ? p->resistor : 1,
                                   "capacitor_ratio", p ? p->capacitor : 1);
        if (c->measured)
            add_measured(chip, c, corner);
        json_object_set_new(corners, c->name, corner);
    }
    return json_pack("{s:o, s:f, s:f, s:f, s:f, s:f, s:f, s:s, s:f, s:f, s:f, s:f, s:f}", "corners",
                     corners, "coupler_f", d->coupler_f, "mim_f_per_um2", d->mim_f_per_um2,
                     "supply_v", d->supply_v, "mid_v", d->mid_v, "node_f", d->capacitor_f,
                     "frequency_per_capacitance", d->frequency_per_capacitance, "resistor",
                     d->resistor, "resistor_ohm_per_um", d->resistor_ohm_per_um, "coupling_gain",
                     chip->device.gain, "gain_spread", chip->device.gain_spread, "enable_ohm",
                     d->enable_ohm, "enable_f", d->enable_f);
}

json_t *netlist_chip_json(const struct chip *chip)
{
    json_t *root = json_pack("{s:i, s:s, s:s, s:i, s:i, s:i}", "oscc_chip", 1, "name", chip->name,
                             "process", chip->pdk->name, "oscillators", chip->n, "conditioning",
                             chip->m, "classes", chip->classes);
    if (chip->hardwired)
        json_object_set_new(root, "weights", json_string(model_weights_name(MODEL_HARDWIRED)));
    json_object_set_new(root, "time",
                        json_pack("{s:f, s:f, s:f, s:f}", "carrier_hz", chip->carrier_hz,
                                  "carrier_cycles", chip->carrier_cycles, "run_s", chip->run_s,
                                  "model_time", chip->model_time));
    json_object_set_new(root, "scales",
                        json_pack("{s:o, s:o, s:o, s:o}", "coupling", scale(&chip->weight),
                                  "conditioning", scale(&chip->cond), "drive", scale(&chip->drive),
                                  "trim", scale(&chip->omega)));
    json_object_set_new(root, "phase_in",
                        json_pack("{s:i, s:s, s:I, s:b}", "bits", chip->phase_bits, "generator",
                                  "philox4x32-10", "seed", (json_int_t)chip->seed,
                                  "conditioning_random", chip->model->conditioning_random));
    json_object_set_new(root, "phase_out", json_pack("{s:i}", "bits", chip->readout_bits));
    json_object_set_new(root, "cell",
                        json_pack("{s:f, s:f, s:f, s:f, s:f}", "capacitor_f", chip->capacitor_f,
                                  "swing_v", chip->swing_v, "margin_s", chip->margin_s, "load_s",
                                  chip->load_s, "largest_row_sum_rad_per_time",
                                  chip->largest_row_sum));
    if (chip->device.present)
        json_object_set_new(root, "device", device(chip));
    json_object_set_new(root, "memory", memory(chip));
    json_object_set_new(root, "tile", json_integer(MAP_TILE));
    json_object_set_new(root, "sources", sources(chip));
    if (netlist_has_control(chip))
        json_object_set_new(root, "control", netlist_control_json(chip));
    return root;
}
