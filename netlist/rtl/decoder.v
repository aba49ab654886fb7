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
    input  wire            abort,  // one clock: ends the decoding, forgets codes and pixels
    input  wire            clear,  // one clock: weights and biases no longer count as loaded
    input  wire            code_valid,
    output wire            code_ready,
    input  wire [15:0]     code_index,
    input  wire [BITS-1:0] code,
    output wire            decoding,
    output wire            pixels_waiting,
    output wire            underflow,  // one clock: a pixel was read from the empty FIFO
    output reg             weights_loaded,
    output reg             biases_loaded,
    input  wire [3:0]      win_region,
    input  wire [23:0]     win_addr,
    input  wire [7:0]      win_wdata,
    input  wire            win_we,
    input  wire            win_re,
    output wire            win_ready,
    output wire            win_rvalid,
    output wire [7:0]      win_rdata
);
endmodule
