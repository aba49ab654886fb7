// SPDX-License-Identifier: Apache-2.0
//
// Pixels that wait for the host. `head` is the oldest while `head_valid` is high; `pop` takes it and is
// given only then. The memory has one port and `put` goes first: whoever puts stops for a few clocks
// while `wants_port` is high. Nobody puts more than DEPTH pixels that were not popped.
`timescale 1ns / 1ps
module decoder_fifo #(
    parameter DEPTH = 64  // a power of two, at least 2
) (
    input  wire       clk,
    input  wire       rst_n,
    input  wire       stop,
    input  wire       put,
    input  wire [7:0] pixel,
    input  wire       pop,
    output wire [7:0] head,
    output reg        head_valid,
    output wire       waiting,  // a pixel is there, perhaps not yet at the head
    output wire       wants_port
);
    localparam ADDRESS = $clog2(DEPTH);

    reg [ADDRESS:0] put_at, fetch_at;
    wire stored = put_at != fetch_at;
    wire fetch = stored && (!head_valid || pop) && !put;

    assign waiting = stored || head_valid;
    assign wants_port = stored && !head_valid;

    ram #(
        .WIDTH(8),
        .DEPTH(DEPTH)
    ) store (
        .clk(clk),
        .en(put || fetch),
        .we(put),
        .address(put ? put_at[ADDRESS-1:0] : fetch_at[ADDRESS-1:0]),
        .wdata(pixel),
        .rdata(head)
    );

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            put_at <= {ADDRESS + 1{1'b0}};
            fetch_at <= {ADDRESS + 1{1'b0}};
            head_valid <= 1'b0;
        end else if (stop) begin
            put_at <= {ADDRESS + 1{1'b0}};
            fetch_at <= {ADDRESS + 1{1'b0}};
            head_valid <= 1'b0;
        end else begin
            if (put) put_at <= put_at + 1'b1;
            if (fetch) fetch_at <= fetch_at + 1'b1;
            if (fetch) head_valid <= 1'b1;
            else if (pop) head_valid <= 1'b0;
        end
endmodule
