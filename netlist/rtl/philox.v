// SPDX-License-Identifier: Apache-2.0
//
// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011): four random words for a counter under a
// key. A round multiplies two words of the state by constants, DIGIT bits of them a clock from the
// lowest on: a word moves out of its register as the low half of its product moves in. `start` takes
// key and counter; `words` holds the result from when `busy` is low again, (32 / DIGIT + 1) 10
// clocks later, until the next start. Word 0 is the lowest.
`timescale 1ns / 1ps
module philox #(
    parameter DIGIT = 8  // 1, 2, 4, 8, 16
) (
    input  wire         clk,
    input  wire         rst_n,
    input  wire         start,
    input  wire [63:0]  key,
    input  wire [127:0] counter,
    output reg          busy,
    output wire [127:0] words
);
    localparam [31:0] FACTOR0 = 32'hd2511f53, FACTOR1 = 32'hcd9e8d57;
    localparam [31:0] STEP0 = 32'h9e3779b9, STEP1 = 32'hbb67ae85;
    localparam STEPS = 32 / DIGIT;

    reg [31:0] c0, c1, c2, c3, k0, k1, high0, high1;
    reg [3:0] round;
    reg [5:0] step;

    // digit times factor plus what was carried: DIGIT more bits than a word
    wire [32+DIGIT-1:0] p0 = {{DIGIT{1'b0}}, high0} + {{DIGIT{1'b0}}, FACTOR0} * {32'd0, c0[DIGIT-1:0]};
    wire [32+DIGIT-1:0] p1 = {{DIGIT{1'b0}}, high1} + {{DIGIT{1'b0}}, FACTOR1} * {32'd0, c2[DIGIT-1:0]};

    assign words = {c3, c2, c1, c0};

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            busy <= 1'b0;
            round <= 4'd0;
            step <= 6'd0;
        end else if (!busy) begin
            busy <= start;
            round <= 4'd0;
            step <= 6'd0;
        end else if (step != STEPS) begin
            step <= step + 6'd1;
        end else begin
            step <= 6'd0;
            round <= round + 4'd1;
            busy <= round != 4'd9;
        end

    always @(posedge clk)
        if (!busy) begin
            if (start) begin
                {c3, c2, c1, c0} <= counter;
                {k1, k0} <= key;
            end
            high0 <= 32'd0;
            high1 <= 32'd0;
        end else if (step != STEPS) begin
            {high0, c0} <= {p0, c0[31:DIGIT]};
            {high1, c2} <= {p1, c2[31:DIGIT]};
        end else begin
            c0 <= high1 ^ c1 ^ k0;
            c1 <= c2;
            c2 <= high0 ^ c3 ^ k1;
            c3 <= c0;
            k0 <= k0 + STEP0;
            k1 <= k1 + STEP1;
            high0 <= 32'd0;
            high1 <= 32'd0;
        end
endmodule
