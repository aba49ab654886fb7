/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "netlist/control.h"
#include "netlist/control_decoder.h"

/* Whether a higher code of the trim makes an oscillator faster. */
static bool trim_rises(const struct chip *chip)
{
    const struct pdk_measured *data = chip->device.present ? chip->device.corners[0].data : NULL;
    return !data || data->trim_count < 2 ||
           data->trim_relative[data->trim_count - 1] > data->trim_relative[0];
}

void netlist_write_params(const struct chip *chip, struct str *out)
{
    const struct control_phases *p = &chip->control.phases;
    const struct netlist_registers r = netlist_registers(chip);
    str_addf(
        out,
        "// The parameters of control.v for the chip %s, written by oscc. To be included in the "
        "body\n// of a module that has control #(`OSCC_PARAMETERS) in it.\n",
        chip->name);
    str_addf(out, "localparam N = %d, M = %d, B = %d, P = %d, PHASE_BITS = %d, DRAW_ALL = %d;\n",
             p->main, p->conditioning, p->bits, p->turns, p->phase_bits, p->conditioning_random);
    str_addf(out,
             "localparam CLASSES = %d, CHAIN_BITS = %zu, LINKS = %zu, LINK_BITS = %d, "
             "TRIM_RISES = %d;\n",
             chip->classes, netlist_chain_bits(chip), netlist_class_links(chip), chip->weight.bits,
             trim_rises(chip));
    netlist_write_decoder_params(&chip->control.decoder, out);
    str_add(out,
            "`define OSCC_PARAMETERS \\\n"
            "    .N(N), .M(M), .B(B), .P(P), .PHASE_BITS(PHASE_BITS), .DRAW_ALL(DRAW_ALL), \\\n"
            "    .CLASSES(CLASSES), .CHAIN_BITS(CHAIN_BITS), .LINKS(LINKS), "
            ".LINK_BITS(LINK_BITS), \\\n");
    str_addf(out,
             "    .REFERENCE(%d), .TRIM_RISES(TRIM_RISES), \\\n    .RUN_CYCLES(16'd%u), "
             ".RUN_TICKS(16'd%u), "
             ".SETTLE(16'd%u), \\\n    .FORGET(16'd%u), .WATCHDOG(16'd%u), .CAPTURE(16'd%u), "
             ".DIVIDE(16'd%u), \\\n    .LAG(4'd%u), .CAL_TURNS(5'd%u), .CAL_TOLERANCE(8'd%u), \\\n "
             "   .SEED(64'd%" PRIu64 "), \\\n",
             p->reference < 0 ? 0 : p->reference, r.run >> 16, r.run & 0xffff, r.wait >> 16,
             r.wait & 0xffff, r.limits >> 16, r.limits & 0xffff, r.divide, r.lag,
             r.calibration >> 24, r.calibration >> 16 & 0xff, r.seed);
    str_add(out, "    .DEC_LAYERS(`DEC_LAYERS)");
    if (chip->control.decoder.layer_count)
        str_add(out, ", .DEC_INPUTS(`DEC_INPUTS), .DEC_OUTPUTS(`DEC_OUTPUTS), \\\n"
                     "    .DEC_SHIFT(`DEC_SHIFT), .DEC_WEIGHT_WORDS(`DEC_WEIGHT_WORDS), "
                     ".DEC_BIASES(`DEC_BIASES), \\\n    .DEC_FIFO(`DEC_FIFO)");
    str_add(out, "\n");
}
