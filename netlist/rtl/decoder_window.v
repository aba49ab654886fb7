// SPDX-License-Identifier: Apache-2.0
//
// The host's window into the decoder: regions 3 (weights), 4 (biases) and 7 (pixels). A request is held
// until its memory is free or the oldest pixel stands at the head of the FIFO; the answer comes in the
// clock after that. weights and bias are what the memories read then.
`timescale 1ns / 1ps
module decoder_window #(
    parameter WEIGHT_WORDS = 4,
    parameter BIASES = 4,
    parameter WEIGHT_ADDRESS = 2,  // bits of a word's number
    parameter BIAS_ADDRESS = 2
) (
    input  wire        clk,
    input  wire        rst_n,
    input  wire        clear,
    input  wire [3:0]  win_region,
    input  wire [23:0] win_addr,
    input  wire [7:0]  win_wdata,
    input  wire        win_we,
    input  wire        win_re,
    output wire        win_ready,
    output wire        win_rvalid,
    output wire [7:0]  win_rdata,
    output reg         weights_loaded,
    output reg         biases_loaded,
    // memories
    output wire        pending,  // a request waits for one of them
    input  wire        biases_taken,  // the bias memory is not free
    output wire        weights_access,
    output wire        biases_access,
    output reg         write,
    output wire [1:0]  lane,
    output wire [WEIGHT_ADDRESS-1:0] weight_word,
    output wire [BIAS_ADDRESS-1:0] bias_word,
    output reg  [7:0]  data,
    input  wire [31:0] weights,
    input  wire [31:0] bias,
    // FIFO
    input  wire        pixels_waiting,
    input  wire        head_valid,
    input  wire [7:0]  head,
    output wire        pop,
    output wire        underflow
);
    /* verilator lint_off WIDTH */
    localparam [23:0] LAST_WEIGHT = 4 * WEIGHT_WORDS - 1;
    localparam [23:0] LAST_BIAS = 4 * BIASES - 1;
    /* verilator lint_on WIDTH */
    localparam [3:0] REGION_WEIGHTS = 4'd3;
    localparam [3:0] REGION_BIASES = 4'd4;
    localparam [3:0] REGION_PIXELS = 4'd7;
    localparam [1:0] NONE = 2'd0;
    localparam [1:0] WEIGHTS = 2'd1;
    localparam [1:0] BIAS = 2'd2;
    localparam [1:0] PIXEL = 2'd3;

    reg [1:0] request, answer;
    reg [23:0] at;
    reg [7:0] popped;
    wire mine = win_region == REGION_WEIGHTS || win_region == REGION_BIASES ||
                (win_region == REGION_PIXELS && win_re);
    wire pixels_access = request == PIXEL && (head_valid || !pixels_waiting);
    wire served = weights_access || biases_access || pixels_access;

    assign weights_access = request == WEIGHTS;
    assign biases_access = request == BIAS && !biases_taken;
    assign lane = at[1:0];
    assign weight_word = at[WEIGHT_ADDRESS+1:2];
    assign bias_word = at[BIAS_ADDRESS+1:2];
    assign pending = request == WEIGHTS || request == BIAS;
    assign pop = pixels_access && head_valid;
    assign underflow = pixels_access && !head_valid;
    assign win_ready = request == NONE;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            request <= NONE;
            answer <= NONE;
        end else begin
            if (win_ready && (win_we || win_re) && mine)
                request <= win_region == REGION_WEIGHTS ? WEIGHTS :
                           win_region == REGION_BIASES ? BIAS : PIXEL;
            else if (served) request <= NONE;
            answer <= served && !write ? request : NONE;
        end

    always @(posedge clk) begin
        if (win_ready) begin
            write <= win_we;
            at <= win_addr;
            data <= win_wdata;
        end
        popped <= head_valid ? head : 8'd0;
    end

    wire [7:0] weight_byte = weights[{at[1:0], 3'b000}+:8];
    wire [7:0] bias_byte = bias[{~at[1:0], 3'b000}+:8];  // big-endian
    assign win_rvalid = answer != NONE;
    assign win_rdata = answer == WEIGHTS ? weight_byte :
                       answer == BIAS ? bias_byte :
                       answer == PIXEL ? popped : 8'd0;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            weights_loaded <= 1'b0;
            biases_loaded <= 1'b0;
        end else if (clear) begin
            weights_loaded <= 1'b0;
            biases_loaded <= 1'b0;
        end else begin
            if (weights_access && write && at == LAST_WEIGHT) weights_loaded <= 1'b1;
            if (biases_access && write && at == LAST_BIAS) biases_loaded <= 1'b1;
        end
endmodule
