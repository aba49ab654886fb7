// SPDX-License-Identifier: Apache-2.0
//
// Clocks of a chain of flip-flops: while `go` is high, takes a bit, shows it with ck low for
// `half` clocks, then raises ck for as long. The chain shifts on rising edges of ck.
`timescale 1ns / 1ps
module shift (
    input  wire        clk,
    input  wire        rst_n,
    input  wire [15:0] half,  // 0 counts as 1
    input  wire        go,
    input  wire        data,
    output wire        take,  // data is taken in this clock
    output wire        busy,  // of bits that were taken, one is not through yet
    output reg         si,
    output reg         ck,
    output reg         ckb
);
    reg        low;
    reg [15:0] ticks;

    wire through = ticks == 16'd0;
    wire idle = !low && !ck;
    assign take = go && (idle || (ck && through));
    assign busy = !idle;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            low   <= 1'b0;
            ticks <= 16'd0;
            si    <= 1'b0;
            ck    <= 1'b0;
            ckb   <= 1'b1;
        end else begin
            if (!through) ticks <= ticks - 16'd1;
            if (take || (low && through)) ticks <= half == 16'd0 ? 16'd0 : half - 16'd1;
            if (take) begin
                low <= 1'b1;
                si  <= data;
            end else if (low && through) low <= 1'b0;
            if (low && through) begin
                ck  <= 1'b1;
                ckb <= 1'b0;
            end else if (ck && through) begin
                ck  <= 1'b0;
                ckb <= 1'b1;
            end
        end
endmodule
