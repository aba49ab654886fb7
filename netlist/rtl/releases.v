// SPDX-License-Identifier: Apache-2.0
//
// Release of the oscillators: keeps the tick of each, and while `run` is high a counter falls from
// 2^B - 1 to 0, one a clock; h of an oscillator falls with the end of the clock in which the counter
// equals its tick. `hold_all` sets every h, `free_all` clears it. (`release` is a word of Verilog.)
`timescale 1ns / 1ps
module releases #(
    parameter A = 3,  // oscillators
    parameter B = 6,
    parameter NW = $clog2(A)  // bits of an index; not to be set
) (
    input  wire          clk,
    input  wire          rst_n,
    input  wire          hold_all,
    input  wire          free_all,
    input  wire          run,
    output wire          last,  // the counter is 0
    input  wire          tick_we,
    input  wire [NW-1:0] tick_index,
    input  wire [B-1:0]  tick,
    input  wire [NW-1:0] read_index,
    output reg  [B-1:0]  read_tick,  // a clock later
    output reg  [A-1:0]  h
);
    reg [B*A-1:0] ticks;
    reg [B-1:0] counter;
    integer i;

    assign last = counter == {B{1'b0}};

    always @(posedge clk or negedge rst_n)
        if (!rst_n) counter <= {B{1'b1}};
        else if (!run) counter <= {B{1'b1}};
        else counter <= counter - 1'b1;

    always @(posedge clk)
        for (i = 0; i < A; i = i + 1)
            if (tick_we && tick_index == i[NW-1:0]) ticks[i*B+:B] <= tick;

    always @(posedge clk) begin
        read_tick <= {B{1'b0}};
        for (i = 0; i < A; i = i + 1)
            if (read_index == i[NW-1:0]) read_tick <= ticks[i*B+:B];
    end

    always @(posedge clk or negedge rst_n)
        if (!rst_n) h <= {A{1'b1}};
        else
            for (i = 0; i < A; i = i + 1)
                if (hold_all) h[i] <= 1'b1;
                else if (free_all || (run && counter == ticks[i*B+:B])) h[i] <= 1'b0;
endmodule
