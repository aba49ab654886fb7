// SPDX-License-Identifier: Apache-2.0
//
// Four products a clock onto one sum. A word of weights and a word of inputs come with `valid`,
// marked `first` and `last` of an output. Some clocks later `bias_take` asks for the output's bias to
// stand on `bias` in the clock after. The sum stands on `sum` in the clock in which `done` is high.
//
// Steps are short: products with the upper and the lower half of each input, the sums of both, one
// total of the word, the lower and then the upper half of the sum.
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
    // at: products, halves, total, upper half of the sum
    reg [3:0] at, at_first, at_last;

    assign bias_take = at[1] && at_first[1];
    assign busy = valid || at != 4'd0 || done;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            at <= 4'd0;
            done <= 1'b0;
        end else if (stop) begin
            at <= 4'd0;
            done <= 1'b0;
        end else begin
            at <= {at[2:0], valid};
            done <= at[3] && at_last[3];
        end

    always @(posedge clk) begin
        at_first <= {at_first[2:0], first};
        at_last <= {at_last[2:0], last};
    end

    // w (16 h + l) = 16 w h + w l, h signed and l not
    reg signed [47:0] high_products, low_products;  // 12 bits a lane
    integer lane;
    always @(posedge clk)
        for (lane = 0; lane < 4; lane = lane + 1) begin
            high_products[12*lane+:12] <= $signed(weights[8*lane+:8]) * $signed(inputs[8*lane+4+:4]);
            low_products[12*lane+:12] <=
                $signed(weights[8*lane+:8]) * $signed({1'b0, inputs[8*lane+:4]});
        end

    function [13:0] four;
        input [47:0] a;
        four = ({{2{a[11]}}, a[11:0]} + {{2{a[23]}}, a[23:12]}) +
               ({{2{a[35]}}, a[35:24]} + {{2{a[47]}}, a[47:36]});
    endfunction

    reg [13:0] high_half, low_half;
    reg [17:0] total;
    always @(posedge clk) begin
        high_half <= four(high_products);
        low_half <= four(low_products);
        total <= {high_half, 4'd0} + {{4{low_half[13]}}, low_half};
    end

    reg [16:0] lower;  // and its carry
    reg [15:0] lower_done, upper, upper_bias, upper_total;
    assign sum = {upper, lower_done};
    always @(posedge clk) begin
        if (at[2]) lower <= {1'b0, at_first[2] ? bias[15:0] : lower[15:0]} + {1'b0, total[15:0]};
        lower_done <= lower[15:0];
        upper_bias <= bias[31:16];
        upper_total <= {{14{total[17]}}, total[17:16]};
        if (at[3])
            upper <= (at_first[3] ? upper_bias : upper) + upper_total + {15'd0, lower[16]};
    end
endmodule
