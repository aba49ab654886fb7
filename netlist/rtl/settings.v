// SPDX-License-Identifier: Apache-2.0
//
// Settings of the oscillators, region 5: 8 bytes each, rate, start, readout. While `lend` is high
// the memory is read by the control, else it belongs to the byte bus.
`timescale 1ns / 1ps
module settings #(
    parameter A = 3,
    parameter NW = $clog2(A)  // bits of an index; not to be set
) (
    input  wire          clk,
    input  wire          en,
    input  wire          we,
    input  wire [7:0]    wdata,
    input  wire [NW+2:0] win_address,
    input  wire          lend,
    input  wire [NW+2:0] address,
    output wire [7:0]    rdata  // a clock after the address
);
    ram #(.WIDTH(8), .DEPTH(8 * A)) bytes (
        .clk(clk), .en(en), .we(we), .address(lend ? address : win_address), .wdata(wdata),
        .rdata(rdata)
    );
endmodule
