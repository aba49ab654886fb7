// SPDX-License-Identifier: Apache-2.0
//
// What becomes of a sum: rounded and shifted right, then the leaky activation and the range of an
// input for a hidden layer, or the range of the pixel table for the last one. Three clocks.
//
// (sum + 2^(shift - 1)) >> shift is ((sum >> (shift - 1)) + 1) >> 1; what is shifted out of reach of
// both ranges is cut to twelve bits in between.
`timescale 1ns / 1ps
module decoder_activate (
    input  wire        clk,
    input  wire        rst_n,
    input  wire        stop,
    input  wire        valid,
    input  wire [31:0] sum,
    input  wire [4:0]  shift_less_one,
    input  wire        last_layer,
    output reg         done,
    output reg  [8:0]  value,  // hidden layers: in its low 8 bits
    output wire        busy
);
    reg half_valid, whole_valid;
    reg signed [11:0] half;  // twice y
    reg signed [11:0] whole;  // y

    wire signed [31:0] shifted = $signed(sum) >>> shift_less_one;
    wire fits = shifted[31:11] == {21{shifted[31]}};
    // floor(51 y / 256), 51 = 3 x 17
    wire signed [13:0] wide = {{2{whole[11]}}, whole};
    wire signed [13:0] three = wide + (wide <<< 1);
    wire signed [13:0] leaky = (three + (three >>> 4)) >>> 4;
    wire signed [13:0] active = whole[11] ? leaky : wide;
    wire byte_fits = active[13:7] == {7{active[13]}};
    wire entry_fits = whole[11:8] == {4{whole[11]}};

    assign busy = half_valid || whole_valid || done;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            half_valid <= 1'b0;
            whole_valid <= 1'b0;
            done <= 1'b0;
        end else begin
            half_valid <= valid && !stop;
            whole_valid <= half_valid && !stop;
            done <= whole_valid && !stop;
        end

    always @(posedge clk) begin
        half <= fits ? shifted[11:0] : {shifted[31], {11{!shifted[31]}}};
        whole <= {half[11], half[11:1]} + {11'd0, half[0]};
        if (last_layer)
            value <= entry_fits ? whole[8:0] : {whole[11], {8{!whole[11]}}};
        else
            value <= {1'b0, byte_fits ? active[7:0] : {active[13], {7{!active[13]}}}};
    end
endmodule
