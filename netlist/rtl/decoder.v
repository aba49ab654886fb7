// SPDX-License-Identifier: Apache-2.0
//
// The decoder: codes of a sample in, pixels out (docs/control.md, "Decoder"); control/decoder.c is
// the same in C. Codes are taken in rising order of their index, one each time that code_valid and
// code_ready are high; they become sines in the layers' input memory, and the code of index
// MAIN - 1 begins the decoding. code_ready is low from then on until the last pixel was made.
// Pixels wait in a FIFO that the window of region 7 reads; a full FIFO stalls the decoding.
//
// Windows of regions 3 (weights) and 4 (biases) may be used at any time, the arithmetic waits for
// them; addresses must lie inside the memories. Of params.vh: DEC_*.
`timescale 1ns / 1ps
module decoder #(
    parameter MAIN = 2,  // oscillators that are decoded
    parameter BITS = 6,  // of a code
    parameter LAYERS = 1,  // 1 to 8
    // 16 bits a layer, the first layer's lowest
    parameter [127:0] INPUTS = 128'd4,  // 2 MAIN, then the outputs of the layer before
    parameter [127:0] OUTPUTS = 128'd4,
    parameter [127:0] SHIFT = 128'd8,
    parameter WEIGHT_WORDS = 4,  // sum of outputs x ceil(inputs / 4)
    parameter BIASES = 4,  // sum of outputs
    parameter FIFO = 64,  // pixels
    parameter SINE_FILE = "sine.hex",  // 2^BITS bytes
    parameter PIXEL_FILE = "pixel.hex"  // 512 bytes
) (
    input  wire            clk,
    input  wire            rst_n,
    input  wire            stop,  // one clock: ends the decoding, forgets codes and pixels
    input  wire            clear,  // one clock: weights and biases no longer count as loaded
    input  wire            code_valid,
    output wire            code_ready,
    input  wire [15:0]     code_index,
    input  wire [BITS-1:0] code,
    output wire            decoding,
    output wire            pixels_waiting,
    output wire            underflow,  // one clock: a pixel was read from the empty FIFO
    output wire            weights_loaded,
    output wire            biases_loaded,
    input  wire [3:0]      win_region,
    input  wire [23:0]     win_addr,
    input  wire [7:0]      win_wdata,
    input  wire            win_we,
    input  wire            win_re,
    output wire            win_ready,
    output wire            win_rvalid,
    output wire [7:0]      win_rdata
);
    // ---- sizes, computed as integers
    /* verilator lint_off WIDTH */
    // Words that the layers of one parity take as inputs: even layers read bank 0, odd ones bank 1.
    function integer bank_words;
        input integer parity;
        integer l;
        begin
            bank_words = 1;
            for (l = parity; l < LAYERS; l = l + 2)
                if (INPUTS[16*l+:16] + 3 > 4 * bank_words) bank_words = (INPUTS[16*l+:16] + 3) / 4;
        end
    endfunction

    // The most values that a layer takes, zeros for the lanes included, or makes.
    function integer most_values;
        input integer unused;
        integer l;
        begin
            most_values = 4;
            for (l = 0; l < LAYERS; l = l + 1) begin
                if (INPUTS[16*l+:16] + 3 > most_values) most_values = INPUTS[16*l+:16] + 3;
                if (OUTPUTS[16*l+:16] > most_values) most_values = OUTPUTS[16*l+:16];
            end
        end
    endfunction

    localparam COUNT = $clog2(most_values(0) + 1);  // bits of a counter of values
    localparam BANK0 = bank_words(0);
    localparam BANK1 = bank_words(1);
    localparam BANK0_ADDRESS = (BANK0 < 2) ? 1 : $clog2(BANK0);
    localparam BANK1_ADDRESS = (BANK1 < 2) ? 1 : $clog2(BANK1);
    localparam WEIGHT_ADDRESS = (WEIGHT_WORDS < 2) ? 1 : $clog2(WEIGHT_WORDS);
    localparam BIAS_ADDRESS = (BIASES < 2) ? 1 : $clog2(BIASES);
    localparam CREDIT = $clog2(FIFO) + 1;
    localparam [CREDIT-1:0] FULL_CREDIT = FIFO;
    localparam [2:0] LAST_LAYER = LAYERS - 1;
    localparam [COUNT-1:0] ONE = 1;

    reg [2:0] layer;
    wire [COUNT-1:0] layer_last_word = (INPUTS[{layer, 4'd0}+:16] - 1) >> 2;
    wire [COUNT-1:0] layer_last_output = OUTPUTS[{layer, 4'd0}+:16] - 1;
    wire [4:0] layer_shift_less_one = SHIFT[{layer, 4'd0}+:16] - 1;
    /* verilator lint_on WIDTH */

    localparam [1:0] IDLE = 2'd0;
    localparam [1:0] LOAD = 2'd1;
    localparam [1:0] RUN = 2'd2;
    localparam [1:0] DRAIN = 2'd3;
    reg [1:0] state;

    assign decoding = state != IDLE;
    wire fill_write, filled;
    wire [COUNT-1:0] fill_at;
    wire [7:0] sine;

    decoder_sines #(
        .MAIN(MAIN), .BITS(BITS), .COUNT(COUNT), .SINE_FILE(SINE_FILE)
    ) sines (
        .clk(clk), .rst_n(rst_n), .stop(stop), .idle(state == IDLE), .code_valid(code_valid),
        .code_ready(code_ready), .code_index(code_index), .code(code), .write(fill_write),
        .at(fill_at), .value(sine), .last(filled)
    );

    // ---- layers: outputs one after the other, a word of four inputs a clock
    reg [COUNT-1:0] last_word, last_output;  // of this layer
    reg [4:0] shift_less_one;
    reg [COUNT-1:0] word, out;  // that are read next
    reg [COUNT-1:0] made;  // the output that leaves the pipeline next
    reg [WEIGHT_ADDRESS-1:0] weight_at;
    reg [BIAS_ADDRESS-1:0] bias_at;
    reg [CREDIT-1:0] credit;  // pixels that may still be begun
    wire in_last_layer = layer == LAST_LAYER;
    wire pop, wants_port, window_pending, bias_take, activated;
    wire mac_busy, activate_busy;
    reg pixel_valid;
    wire busy = mac_busy || activate_busy || pixel_valid;
    wire ends = word == last_word;  // the last word of an output
    wire issue = state == RUN && !window_pending && !wants_port &&
                 !(ends && in_last_layer && credit == {CREDIT{1'b0}});

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            state <= IDLE;
            layer <= 3'd0;
            credit <= FULL_CREDIT;
        end else if (stop) begin
            state <= IDLE;
            layer <= 3'd0;
            credit <= FULL_CREDIT;
        end else begin
            case (state)
                IDLE: if (filled) state <= LOAD;
                LOAD: state <= RUN;
                RUN: if (issue && ends && out == last_output) state <= DRAIN;
                default:
                if (!busy) begin
                    state <= in_last_layer ? IDLE : LOAD;
                    layer <= in_last_layer ? 3'd0 : layer + 3'd1;
                end
            endcase
            if (issue && ends && in_last_layer) begin
                if (!pop) credit <= credit - 1'b1;
            end else if (pop) begin
                credit <= credit + 1'b1;
            end
        end

    always @(posedge clk) begin
        if (state == IDLE) begin
            weight_at <= {WEIGHT_ADDRESS{1'b0}};
            bias_at <= {BIAS_ADDRESS{1'b0}};
        end else begin
            if (issue) weight_at <= weight_at + 1'b1;
            if (bias_take) bias_at <= bias_at + 1'b1;
        end
        if (state == LOAD) begin
            last_word <= layer_last_word;
            last_output <= layer_last_output;
            shift_less_one <= layer_shift_less_one;
            word <= {COUNT{1'b0}};
            out <= {COUNT{1'b0}};
            made <= {COUNT{1'b0}};
        end else begin
            if (issue) word <= ends ? {COUNT{1'b0}} : word + ONE;
            if (issue && ends) out <= out + ONE;
            if (activated) made <= made + ONE;
        end
    end

    // ---- the pipeline
    reg read_valid, read_first, read_last;
    wire [31:0] weights, inputs, bias, sum;
    wire summed;
    wire [8:0] value;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) read_valid <= 1'b0;
        else read_valid <= issue && !stop;

    always @(posedge clk) begin
        read_first <= word == {COUNT{1'b0}};
        read_last <= ends;
    end

    decoder_mac mac (
        .clk(clk), .rst_n(rst_n), .stop(stop), .valid(read_valid), .first(read_first),
        .last(read_last), .weights(weights), .inputs(inputs), .bias_take(bias_take), .bias(bias),
        .done(summed), .sum(sum), .busy(mac_busy)
    );

    decoder_activate activate (
        .clk(clk), .rst_n(rst_n), .stop(stop), .valid(summed), .sum(sum),
        .shift_less_one(shift_less_one), .last_layer(in_last_layer), .done(activated),
        .value(value), .busy(activate_busy)
    );

    // ---- pixels
    reg [7:0] pixel_table[0:511];
    initial $readmemh(PIXEL_FILE, pixel_table);

    reg [7:0] pixel;
    wire [7:0] head;
    wire head_valid;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) pixel_valid <= 1'b0;
        else pixel_valid <= activated && in_last_layer && !stop;

    always @(posedge clk) pixel <= pixel_table[value];

    decoder_fifo #(
        .DEPTH(FIFO)
    ) fifo (
        .clk(clk), .rst_n(rst_n), .stop(stop), .put(pixel_valid), .pixel(pixel), .pop(pop),
        .head(head), .head_valid(head_valid), .waiting(pixels_waiting), .wants_port(wants_port)
    );

    // ---- memories. The last value of a layer writes zeros into the lanes above it.
    wire value_write = activated && !in_last_layer;
    wire [COUNT-1:0] write_at = value_write ? made : fill_at;
    wire unused = &{1'b0, write_at};  // its upper bits may be
    wire write_last = value_write ? made == last_output : filled;
    wire [7:0] write_value = value_write ? value[7:0] : sine;
    wire [3:0] write_lane = 4'b0001 << write_at[1:0];
    wire [3:0] write_lanes = write_last ? 4'b1111 << write_at[1:0] : write_lane;
    wire [31:0] write_word = {24'd0, write_value} << {write_at[1:0], 3'b000};
    wire bank0_write = fill_write || (value_write && layer[0]);
    wire [31:0] bank0_inputs, bank1_inputs;
    wire [BANK0_ADDRESS-1:0] bank0_at =
        bank0_write ? write_at[BANK0_ADDRESS+1:2] : word[BANK0_ADDRESS-1:0];
    assign inputs = layer[0] ? bank1_inputs : bank0_inputs;

    ram #(
        .WIDTH(32), .DEPTH(BANK0), .LANES(4)
    ) bank0 (
        .clk(clk), .en(bank0_write || (issue && !layer[0])),
        .we(bank0_write ? write_lanes : 4'd0), .address(bank0_at), .wdata(write_word),
        .rdata(bank0_inputs)
    );

    generate
        if (LAYERS > 1) begin : hidden
            wire bank1_write = value_write && !layer[0];
            wire [BANK1_ADDRESS-1:0] bank1_at =
                bank1_write ? write_at[BANK1_ADDRESS+1:2] : word[BANK1_ADDRESS-1:0];
            ram #(
                .WIDTH(32), .DEPTH(BANK1), .LANES(4)
            ) bank1 (
                .clk(clk), .en(bank1_write || (issue && layer[0])),
                .we(bank1_write ? write_lanes : 4'd0), .address(bank1_at), .wdata(write_word),
                .rdata(bank1_inputs)
            );
        end else begin : linear
            assign bank1_inputs = 32'd0;
        end
    endgenerate

    wire weights_access, biases_access, access_write;
    wire [1:0] access_lane;
    wire [WEIGHT_ADDRESS-1:0] weight_word;
    wire [BIAS_ADDRESS-1:0] bias_word;
    wire [7:0] access_data;
    wire [3:0] weight_lane = 4'b0001 << access_lane;
    wire [3:0] bias_lane = 4'b1000 >> access_lane;

    ram #(
        .WIDTH(32), .DEPTH(WEIGHT_WORDS), .LANES(4)
    ) weight_memory (
        .clk(clk), .en(weights_access || issue),
        .we(weights_access && access_write ? weight_lane : 4'd0),
        .address(weights_access ? weight_word : weight_at), .wdata({4{access_data}}),
        .rdata(weights)
    );

    ram #(
        .WIDTH(32), .DEPTH(BIASES), .LANES(4)
    ) bias_memory (
        .clk(clk), .en(biases_access || bias_take),
        .we(biases_access && access_write ? bias_lane : 4'd0),
        .address(biases_access ? bias_word : bias_at), .wdata({4{access_data}}), .rdata(bias)
    );

    decoder_window #(
        .WEIGHT_WORDS(WEIGHT_WORDS), .BIASES(BIASES), .WEIGHT_ADDRESS(WEIGHT_ADDRESS),
        .BIAS_ADDRESS(BIAS_ADDRESS)
    ) window (
        .clk(clk), .rst_n(rst_n), .clear(clear), .win_region(win_region), .win_addr(win_addr),
        .win_wdata(win_wdata), .win_we(win_we), .win_re(win_re), .win_ready(win_ready),
        .win_rvalid(win_rvalid), .win_rdata(win_rdata), .weights_loaded(weights_loaded),
        .biases_loaded(biases_loaded), .pending(window_pending), .biases_taken(bias_take),
        .weights_access(weights_access), .biases_access(biases_access), .write(access_write),
        .lane(access_lane), .weight_word(weight_word), .bias_word(bias_word), .data(access_data),
        .weights(weights), .bias(bias), .pixels_waiting(pixels_waiting), .head_valid(head_valid),
        .head(head), .pop(pop), .underflow(underflow)
    );
endmodule
