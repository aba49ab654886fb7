/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/handover.h"

#include <stdlib.h>
#include <string.h>

#include "compiler/map/tiles.h"
#include "netlist/control_regions.h"

bool netlist_has_top(const struct chip *chip)
{
    return netlist_has_control(chip) && chip->device.present && chip->pdk->device->enable_ohm > 0;
}

static bool is_supply(const char *port)
{
    return !strcmp(port, "vcm") || !strcmp(port, "vdd") || !strcmp(port, "vss");
}

/* Lines of the columns, which are analog: x12p and such. */
static bool is_column(const char *port)
{
    size_t length = strlen(port);
    return (*port == 'x' || *port == 'y') && (port[length - 1] == 'p' || port[length - 1] == 'n');
}

static bool is_output(const char *port)
{
    return !strcmp(port, "so") || !strcmp(port, "do") || *port == 'q';
}

/* A port as Verilog may write it: `do` is a word of SystemVerilog. */
static const char *identifier(struct arena *arena, const char *port)
{
    return strcmp(port, "do") ? port : arena_strdup(arena, "\\do ");
}

/* module array ( ... ); supplies only where they are wired. */
static void array_head(struct arena *arena, const struct net_module *array, struct str *out)
{
    str_add(out, "module array (\n");
    for (size_t i = 0; i < array->port_count; i++) {
        const char *port = array->ports[i];
        if (is_supply(port) && !is_supply(array->ports[i - 1]))
            str_add(out, "`ifdef USE_POWER_PINS\n");
        str_addf(out, "    %s wire %s%s\n",
                 is_supply(port) || is_column(port) ? "inout "
                 : is_output(port)                  ? "output"
                                                    : "input ",
                 identifier(arena, port), i + 1 < array->port_count ? "," : "");
        if (is_supply(port) && !is_supply(array->ports[i + 1]))
            str_add(out, "`endif\n");
    }
    str_add(out, ");\n");
}

void netlist_write_array_stub(const struct chip *chip, const struct net_module *array,
                              struct str *out)
{
    struct arena arena = {0};
    str_addf(out,
             "// The analog array of %s as a black box, its ports named and in the order of\n"
             "// spice/array.spice; written by oscc.\n`timescale 1ns / 1ps\n"
             "`ifndef OSCC_ARRAY_MODEL\n(* blackbox *)\n",
             chip->name);
    array_head(&arena, array, out);
    str_add(out, "endmodule\n`endif\n");
    arena_free(&arena);
}

/* The net of the chip that a port of the array is on; NULL: it is left open. */
static const char *net_of(struct arena *arena, const char *port)
{
    if (is_column(port))
        return NULL;
    if (!strncmp(port, "lag", 3) || ((*port == 'h' || *port == 'q') && port[1]))
        return arena_printf(arena, "%.*s[%s]", *port == 'l' ? 3 : 1, port,
                            port + (*port == 'l' ? 3 : 1));
    return identifier(arena, port);
}

void netlist_write_verilog_top(struct arena *arena, const struct chip *chip,
                               const struct net_module *array, struct str *out)
{
    str_addf(out,
             "// The chip %s: its digital control and its analog array; written by oscc.\n"
             "`timescale 1ns / 1ps\nmodule top (\n`ifdef USE_POWER_PINS\n    inout  wire vcm,\n"
             "    inout  wire vdd,\n    inout  wire vss,\n`endif\n"
             "    input  wire clk,\n    input  wire rst_n,\n    input  wire sck,\n"
             "    input  wire cs_n,\n    input  wire mosi,\n    output wire miso,\n"
             "    output wire power,\n    output wire busy\n);\n"
             "    `include \"params.vh\"\n"
             "`ifdef OSCC_NETLIST // the mapped control has no parameters\n"
             "`undef OSCC_PARAMETERS\n`define OSCC_PARAMETERS\n`endif\n"
             "    wire [N+M-1:0] h, q;\n    wire [3:0] lag;\n"
             "    wire si, so, ck, ckb, di, \\do , dk, dkb, en;\n\n"
             "    control #(`OSCC_PARAMETERS) control (\n"
             "        .clk(clk), .rst_n(rst_n), .sck(sck), .cs_n(cs_n), .mosi(mosi), .miso(miso),\n"
             "        .si(si), .so(so), .ck(ck), .ckb(ckb), .di(di), .dk(dk), .dkb(dkb), .q(q),\n"
             "        .h(h), .en(en), .power(power), .lag(lag), .busy(busy)\n    );\n\n"
             "    // The column lines are for probing and stay open.\n    array array (\n",
             chip->name);
    bool first = true;
    for (size_t i = 0; i < array->port_count; i++) {
        const char *port = array->ports[i], *net = net_of(arena, port);
        if (!net)
            continue;
        if (is_supply(port) && !is_supply(array->ports[i - 1]))
            str_add(out, "\n`ifdef USE_POWER_PINS\n");
        str_addf(out, "%s        .%s(%s)", first ? "" : ",\n", identifier(arena, port), net);
        first = false;
        if (is_supply(port) && !is_supply(array->ports[i + 1]))
            str_add(out, "\n`endif\n");
    }
    str_add(out, "\n    );\nendmodule\n");
}

/* A vector of the array's scalar ports, the highest first. */
static void add_vector(const struct chip *chip, char name, struct str *out)
{
    str_addf(out, ".%c({", name);
    for (int i = chip->n + chip->m; i-- > 0;)
        str_addf(out, "%c%d%s", name, i, i ? i % 12 ? ", " : ",\n            " : "})");
}

void netlist_write_array_model(struct arena *arena, const struct chip *chip,
                               const struct net_module *array, struct str *out)
{
    const struct control_phases *p = &chip->control.phases;
    size_t class_links = netlist_class_links(chip);
    size_t chain_links =
        (netlist_chain_bits(chip) - chip->memory[CHIP_TRIM].count * PDK_TRIM_BITS) /
        (size_t)chip->weight.bits;
    double turns = p->turns / (double)(1u << p->bits); /* of a clock */
    double time = chip->model_time * turns / chip->device.corners[0].carrier_cycles;
    str_addf(out,
             "// The array of %s by its phase equations; written by oscc. Not for synthesis.\n"
             "`timescale 1ns / 1ps\n",
             chip->name);
    array_head(arena, array, out);
    str_addf(out,
             "    oscillators #(\n        .N(%d), .M(%d), .CHAIN_BITS(%zu), .CLASS_BITS(%zu),\n"
             "        .LINK_BITS(%d), .TRIM_BITS(%d), .LINKS(%zu), .CHAIN_LINKS(%zu)\n"
             "    ) model (\n        .clk(tb_top.clk), .si(si), .so(so), .ck(ck), .di(di), "
             ".do_(\\do ), .dk(dk),\n        .en(en),\n        ",
             chip->n, chip->m, netlist_chain_bits(chip),
             class_links ? class_links * (size_t)chip->weight.bits : 1, chip->weight.bits,
             PDK_TRIM_BITS, chain_links + class_links, chain_links);
    add_vector(chip, 'h', out);
    str_add(out, ",\n        ");
    add_vector(chip, 'q', out);
    str_addf(
        out,
        "\n    );\n    initial begin\n        model.step_turns = %.12g;\n"
        "        model.coupling = %.12g;\n"
        "        model.conditioning = %.12g;\n        model.drive = %.12g;\n    end\nendmodule\n",
        turns, time * chip->weight.lsb, time * chip->cond.lsb, time * chip->drive.lsb);
}

static void add_link(unsigned sort, size_t on, size_t from, struct str *out)
{
    str_addf(out, "%08lx\n", (unsigned long)sort << 28 | on << 14 | from);
}

void netlist_write_array_links(struct arena *arena, const struct chip *chip, struct str *out)
{
    size_t n = (size_t)chip->n, m = (size_t)chip->m;
    size_t couplers = chip->hardwired ? 0 : map_couplers(chip);
    unsigned long *link = ARENA_ARRAY(arena, unsigned long, couplers + 1);
    if (couplers && map_is_square(chip))
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                if (i != j)
                    link[map_square_word(n, MAP_TILE, i, j)] = i << 14 | j;
    for (int i = 0; couplers && !map_is_square(chip) && i < chip->n; i++)
        for (size_t s = chip->sites->first[i]; s < chip->sites->first[i + 1]; s++)
            link[map_site_word(chip, i, s)] =
                (unsigned long)i << 14 | (unsigned long)chip->sites->source[s];
    for (size_t k = 0; k < couplers; k++)
        add_link(0, link[k] >> 14, link[k] & 0x3fff, out);
    for (size_t i = 0; !chip->hardwired && i < m; i++)
        for (size_t j = 0; j < m; j++)
            if (i != j)
                add_link(1, n + i, n + j, out);
    for (size_t i = 0; netlist_class_links(chip) && i < n; i++)
        for (size_t j = 0; j < m; j++)
            add_link(2, i, n + j, out);
}

void netlist_write_array_trims(const struct chip *chip, struct str *out)
{
    const struct chip_corner *typical = chip->device.corners;
    const int middle = 1 << (PDK_TRIM_BITS - 1);
    for (int code = -middle; code < middle; code++) {
        double share = typical->trim
                           ? pdk_curve(typical->data->trim_count, typical->data->trim_code,
                                       typical->data->trim_relative, code)
                           : code * chip->omega.lsb * chip->model_time /
                                 (6.283185307179586 * typical->carrier_cycles);
        str_addf(out, "%08lx\n", (unsigned long)(long)(share * 1073741824.0) & 0xffffffff);
    }
}

void netlist_write_spice_top(struct arena *arena, const struct chip *chip,
                             const struct net_module *array, struct str *out)
{
    size_t oscillators = (size_t)chip->n + (size_t)chip->m, count = 0;
    static const char *const before[] = {"clk", "rst_n", "sck",   "cs_n", "mosi", "miso",
                                         "si",  "so",    "ck",    "ckb",  "di",   "dk",
                                         "dkb", "en",    "power", "busy"};
    enum { BEFORE = sizeof before / sizeof *before };
    const char **pins = ARENA_ARRAY(arena, const char *, BEFORE + 6 + 2 * oscillators);
    for (; count < BEFORE; count++)
        pins[count] = before[count];
    for (int bit = 3; bit >= 0; bit--)
        pins[count++] = arena_printf(arena, "lag%d", bit);
    for (size_t i = 0; i < oscillators; i++)
        pins[count++] = arena_printf(arena, "h%zu", i);
    for (size_t i = 0; i < oscillators; i++)
        pins[count++] = arena_printf(arena, "q%zu", i);
    pins[count++] = "vdd";
    pins[count++] = "vss";
    static const char *const ports[] = {"clk",   "rst_n", "sck", "cs_n", "mosi", "miso",
                                        "power", "busy",  "vcm", "vdd",  "vss"};
    str_addf(
        out,
        "* %s: the chip, control and array; made by oscc. The array is in array.spice; the "
        "control\n"
        "* is a black box here, its gates are in ../synth/control_netlist.v after `oscc synth`.\n",
        chip->name);
    net_write_spice(net_module(arena, "control", NULL, pins, count), out);
    struct net_module *top =
        net_module(arena, "chip_top", NULL, ports, sizeof ports / sizeof *ports);
    net_add(arena, top, "control", "control", count, pins, NULL);
    net_add(arena, top, "array", "array", array->port_count, array->ports, NULL);
    net_write_spice(top, out);
}

json_t *netlist_librelane(const struct chip *chip, const char *const *sources)
{
    json_t *files = json_array();
    for (const char *const *source = sources; *source; source++)
        json_array_append_new(files, json_sprintf("dir::verilog/%s", *source));
    json_t *root =
        json_pack("{s:s, s:s, s:o, s:[s], s:s, s:f, s:s, s:s, s:[s], s:[s]}", "DESIGN_NAME", "top",
                  "PDK", chip->pdk->name, "VERILOG_FILES", files, "VERILOG_INCLUDE_DIRS",
                  "dir::verilog", "CLOCK_PORT", "clk", "CLOCK_PERIOD", 1e9 / chip->control.clock_hz,
                  "PNR_SDC_FILE", "dir::control.sdc", "SIGNOFF_SDC_FILE", "dir::control.sdc",
                  "VDD_NETS", "vdd", "GND_NETS", "vss");
    json_object_set_new(root, "EXTRA_SPICE_MODELS",
                        json_pack("[s, s]", "dir::spice/cells.spice", "dir::spice/array.spice"));
    return root;
}

void netlist_write_sdc(const struct chip *chip, struct str *out)
{
    double period = 1e9 / chip->control.clock_hz;
    str_addf(
        out,
        "# The clock and pins of %s; written by oscc. SPI and the oscillators' q are asynchronous\n"
        "# and enter through two flip-flops each.\n"
        "create_clock -name clk -period %.4g [get_ports clk]\n"
        "set_clock_uncertainty %.3g [get_clocks clk]\n"
        "set_false_path -from [get_ports {rst_n sck cs_n mosi}]\n"
        "set_output_delay %.3g -clock clk [get_ports {miso power busy}]\n"
        "set_load 0.05 [get_ports {miso power busy}]\n",
        chip->name, period, 0.02 * period, 0.2 * period);
}
