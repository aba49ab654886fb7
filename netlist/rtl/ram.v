// SPDX-License-Identifier: Apache-2.0
//
// One synchronous memory with one port: in a clock with `en` high it writes the lanes of the word
// at `address` whose bit of `we` is set, or, where none is, reads the word into `rdata`, which
// keeps it until the next read. Nothing is said of rdata after a write, nor of words never written.
`timescale 1ns / 1ps
module ram #(
    parameter WIDTH = 8,
    parameter DEPTH = 16,
    parameter LANES = 1,  // WIDTH is a multiple of it
    parameter ADDRESS = (DEPTH < 2) ? 1 : $clog2(DEPTH)  // not to be set
) (
    input  wire               clk,
    input  wire               en,
    input  wire [LANES-1:0]   we,
    input  wire [ADDRESS-1:0] address,
    input  wire [WIDTH-1:0]   wdata,
    output reg  [WIDTH-1:0]   rdata
);
    localparam WORDS = (DEPTH < 2) ? 2 : DEPTH;
    localparam LANE = WIDTH / LANES;

    reg [WIDTH-1:0] word[0:WORDS-1];
    integer lane;

    always @(posedge clk)
        for (lane = 0; lane < LANES; lane = lane + 1)
            if (en && we[lane]) word[address][lane*LANE+:LANE] <= wdata[lane*LANE+:LANE];

    always @(posedge clk) if (en && we == {LANES{1'b0}}) rdata <= word[address];
endmodule
