/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/control.h"

#include "netlist/control_decoder.h"

/* A register's value as eight digits. */
static json_t *hexadecimal(uint32_t value)
{
    return json_sprintf("%08x", (unsigned)value);
}

/* What a host sets at a corner; the clock follows the corner's tone. */
static json_t *corners(const struct chip *chip)
{
    json_t *list = json_object();
    double typical = chip->device.corner_count ? chip->device.corners[0].is.frequency_hz : 0;
    for (size_t i = 0; i < chip->device.corner_count; i++) {
        const struct chip_corner *c = &chip->device.corners[i];
        json_t *corner = json_pack("{s:o, s:o}", "RUN",
                                   hexadecimal(netlist_run_register(chip, c->carrier_cycles)),
                                   "LAG", hexadecimal((uint32_t)c->lag_code));
        if (c->measured && typical > 0)
            json_object_set_new(corner, "clock_hz",
                                json_real(chip->control.clock_hz * c->is.frequency_hz / typical));
        json_object_set_new(list, c->name, corner);
    }
    return list;
}

json_t *netlist_control_json(const struct chip *chip)
{
    const struct control_phases *p = &chip->control.phases;
    const struct netlist_registers r = netlist_registers(chip);
    struct arena arena = {0};
    struct str boot = {0};
    uint32_t hash = netlist_write_boot(&arena, chip, &boot);
    str_free(&boot);
    arena_free(&arena);
    json_t *reset =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "RUN", hexadecimal(r.run), "WAIT",
                  hexadecimal(r.wait), "LAG", hexadecimal(r.lag), "LIMITS", hexadecimal(r.limits),
                  "DIVIDE", hexadecimal(r.divide), "MODE", hexadecimal(r.mode));
    json_t *root = json_pack("{s:f, s:i, s:i, s:i, s:i, s:I, s:I, s:i, s:{s:s, s:o}, s:o, s:o}",
                             "clock_hz", chip->control.clock_hz, "bits", p->bits, "turns", p->turns,
                             "phase_bits", p->phase_bits, "reference", p->reference, "chain_bits",
                             (json_int_t)netlist_chain_bits(chip), "class_links",
                             (json_int_t)netlist_class_links(chip), "link_bits", chip->weight.bits,
                             "boot", "file", "verilog/boot.hex", "HASH", hexadecimal(hash), "reset",
                             reset, "corners", corners(chip));
    if (chip->control.decoder.layer_count)
        json_object_set_new(root, "decoder", netlist_decoder_json(&chip->control.decoder));
    return root;
}
