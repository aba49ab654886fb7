// SPDX-License-Identifier: Apache-2.0
//
// Four products a clock onto one sum. A word of weights and a word of inputs come with `valid`,
// marked `first` and `last` of an output; two clocks later, `bias_take` asks for the output's bias to stand
// on `bias` in the clock after. The sum stands on `sum` in the clock in which `done` is high. Its upper
// half follows the lower one a clock later, so that no carry runs through 32 bits.
`timescale 1ns / 1ps
module decoder_mac (
    input  wire        clk,
    input  wire        rst_n,
    input  wire        stop,
    input  wire        valid,
    input  wire        first,
    input  wire        last,
    input  wire [31:0] weights,
    input  wire [31:0] inputs,
    output wire        bias_take,
    input  wire [31:0] bias,
    output reg         done,
    output wire [31:0] sum,
    output wire        busy
);
    reg product_valid, product_first, product_last;
    reg total_valid, total_first, total_last;
    reg upper_valid, upper_first, upper_last;
    reg signed [15:0] product0, product1, product2, product3;
    reg signed [17:0] total;
    reg [16:0] low;  // and its carry
    reg [15:0] low_done, high, bias_high, total_high;

    assign bias_take = product_valid && product_first;
    assign sum = {high, low_done};
    assign busy = valid || product_valid || total_valid || upper_valid || done;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            product_valid <= 1'b0;
            total_valid <= 1'b0;
            upper_valid <= 1'b0;
            done <= 1'b0;
        end else begin
            product_valid <= valid && !stop;
            total_valid <= product_valid && !stop;
            upper_valid <= total_valid && !stop;
            done <= upper_valid && upper_last && !stop;
        end

    always @(posedge clk) begin
        product_first <= first;
        product_last <= last;
        product0 <= $signed(weights[7:0]) * $signed(inputs[7:0]);
        product1 <= $signed(weights[15:8]) * $signed(inputs[15:8]);
        product2 <= $signed(weights[23:16]) * $signed(inputs[23:16]);
        product3 <= $signed(weights[31:24]) * $signed(inputs[31:24]);
        total_first <= product_first;
        total_last <= product_last;
        total <= ({{2{product0[15]}}, product0} + {{2{product1[15]}}, product1}) +
                 ({{2{product2[15]}}, product2} + {{2{product3[15]}}, product3});
        if (total_valid) low <= (total_first ? {1'b0, bias[15:0]} : {1'b0, low[15:0]}) + {1'b0, total[15:0]};
        upper_first <= total_first;
        upper_last <= total_last;
        bias_high <= bias[31:16];
        total_high <= {{14{total[17]}}, total[17:16]};
        low_done <= low[15:0];
        if (upper_valid) high <= (upper_first ? bias_high : high) + total_high + {15'd0, low[16]};
    end
endmodule
