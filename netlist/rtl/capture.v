// SPDX-License-Identifier: Apache-2.0
//
// Phases out (docs/control.md, "Phase out, exactly"): q of each oscillator through two flip-flops
// and an edge detector, and while `open` is high the sum of the ticks of its first P rising edges.
// Ticks count from 0 in the first clock of `open`. `clear` forgets; sums then stay until the next.
`timescale 1ns / 1ps
module capture #(
    parameter A = 3,
    parameter B = 6,
    parameter P = 7,
    parameter REFERENCE = 0,
    parameter NW = $clog2(A)  // bits of an index; not to be set
) (
    input  wire          clk,
    input  wire          rst_n,
    input  wire [A-1:0]  q,
    output wire [A-1:0]  rise,  // of q, three clocks after at most
    input  wire          clear,
    input  wire          open,
    output reg           all_full,  // every oscillator has P edges; a clock late
    output wire [B-1:0]  reference_sum,
    input  wire [NW-1:0] read_index,
    output reg  [B-1:0]  read_sum,  // of read_index, a clock later
    output reg           read_full
);
    localparam CW = $clog2(P + 1);
    localparam [CW-1:0] EDGES = P[CW-1:0];

    reg [A-1:0] q1, q2, q3;
    reg [B-1:0] t;
    reg [B*A-1:0] sums;
    reg [CW*A-1:0] edges;
    reg [A-1:0] full;
    integer i;

    assign rise = q2 & ~q3;
    assign reference_sum = sums[REFERENCE*B+:B];

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            q1 <= {A{1'b0}};
            q2 <= {A{1'b0}};
            q3 <= {A{1'b0}};
        end else begin
            q1 <= q;
            q2 <= q1;
            q3 <= q2;
        end

    always @(posedge clk)
        if (!open) t <= {B{1'b0}};
        else t <= t + 1'b1;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            sums <= {B*A{1'b0}};
            edges <= {CW*A{1'b0}};
        end else
            for (i = 0; i < A; i = i + 1)
                if (clear) begin
                    sums[i*B+:B] <= {B{1'b0}};
                    edges[i*CW+:CW] <= {CW{1'b0}};
                end else if (open && rise[i] && !full[i]) begin
                    sums[i*B+:B] <= sums[i*B+:B] + t;
                    edges[i*CW+:CW] <= edges[i*CW+:CW] + 1'b1;
                end

    always @*
        for (i = 0; i < A; i = i + 1) full[i] = edges[i*CW+:CW] == EDGES;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) all_full <= 1'b0;
        else all_full <= &full;

    always @(posedge clk) begin
        read_sum <= {B{1'b0}};
        read_full <= 1'b0;
        for (i = 0; i < A; i = i + 1)
            if (read_index == i[NW-1:0]) begin
                read_sum <= sums[i*B+:B];
                read_full <= full[i];
            end
    end
endmodule
