// SPDX-License-Identifier: Apache-2.0
//
// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011): four random words for a counter under a
// key. A round multiplies two words of the state by constants, DIGIT bits of them a clock from the
// lowest on; the high halves are kept as sum and carries and added, as the keys are, 16 bits a clock.
// `start` takes key and counter; `words` holds the result from when `busy` is low again,
// 10 (32 / DIGIT + 3) clocks later, until the next start. Word 0 is the lowest.
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
    localparam [31:0] STEP0 = 32'h9e3779b9, STEP1 = 32'hbb67ae85;
    localparam [5:0] STEPS = 32 / DIGIT;

    reg [31:0] c1, c3, k0, k1;
    wire [31:0] low0, low1, high0, high1;  // of the products; low0 and low1 are c0 and c2
    reg carry0, carry1;  // of the keys
    reg [3:0] round;
    reg [5:0] step;
    wire mix = step == STEPS + 6'd2;

    assign words = {c3, low1, c1, low0};

    philox_product #(.DIGIT(DIGIT), .FACTOR(32'hd2511f53)) product0 (
        .clk(clk), .load(!busy || mix), .word(busy ? high1 ^ c1 ^ k0 : counter[31:0]),
        .hold(!busy && !start), .add(step == STEPS), .add_high(step == STEPS + 6'd1), .low(low0),
        .high(high0)
    );
    philox_product #(.DIGIT(DIGIT), .FACTOR(32'hcd9e8d57)) product1 (
        .clk(clk), .load(!busy || mix), .word(busy ? high0 ^ c3 ^ k1 : counter[95:64]),
        .hold(!busy && !start), .add(step == STEPS), .add_high(step == STEPS + 6'd1), .low(low1),
        .high(high1)
    );

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            busy <= 1'b0;
            round <= 4'd0;
            step <= 6'd0;
        end else if (!busy) begin
            busy <= start;
            round <= 4'd0;
            step <= 6'd0;
        end else if (!mix) begin
            step <= step + 6'd1;
        end else begin
            step <= 6'd0;
            round <= round + 4'd1;
            busy <= round != 4'd9;
        end

    always @(posedge clk)
        if (!busy) begin
            if (start) begin
                c1 <= counter[63:32];
                c3 <= counter[127:96];
                {k1, k0} <= key;
            end
        end else begin
            if (mix) begin
                c1 <= low1;
                c3 <= low0;
            end
            if (round != 4'd0 && step == 6'd0) begin
                {carry0, k0[15:0]} <= {1'b0, k0[15:0]} + {1'b0, STEP0[15:0]};
                {carry1, k1[15:0]} <= {1'b0, k1[15:0]} + {1'b0, STEP1[15:0]};
            end
            if (round != 4'd0 && step == 6'd1) begin
                k0[31:16] <= k0[31:16] + STEP0[31:16] + {15'd0, carry0};
                k1[31:16] <= k1[31:16] + STEP1[31:16] + {15'd0, carry1};
            end
        end
endmodule
