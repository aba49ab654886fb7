// SPDX-License-Identifier: Apache-2.0
//
// A word times a constant, DIGIT bits a clock: the word moves out of `low` as the low half of the product
// moves in. The high half is sum + carry + one bit, which never leave its 32 bits, until `add` and
// `add_high` add them up in two clocks. `load` takes a word, or, with `hold`, keeps `low`.
`timescale 1ns / 1ps
module philox_product #(
    parameter DIGIT = 8,
    parameter [31:0] FACTOR = 32'd1
) (
    input  wire        clk,
    input  wire        load,
    input  wire        hold,
    input  wire [31:0] word,
    input  wire        add,
    input  wire        add_high,
    output reg  [31:0] low,
    output wire [31:0] high
);
    localparam W = 32 + DIGIT;

    reg [31:0] sum, carry;
    reg more;
    assign high = sum;

    // adds up multiples of the constant; the lowest bit of the carries is free
    reg [W-1:0] s, c, p, t;
    reg [DIGIT:0] digit;
    integer j;
    always @* begin
        s = {{DIGIT{1'b0}}, sum};
        c = {{DIGIT{1'b0}}, carry};
        for (j = 0; j < DIGIT; j = j + 1) begin
            p = low[j] ? {{DIGIT{1'b0}}, FACTOR} << j : {W{1'b0}};
            t = s ^ c ^ p;
            c = ((s & c) | (s & p) | (c & p)) << 1;
            if (j == 0) c[0] = more;
            s = t;
        end
        digit = {1'b0, s[DIGIT-1:0]} + {1'b0, c[DIGIT-1:0]};
    end

    always @(posedge clk)
        if (load) begin
            if (!hold) low <= word;
            sum <= 32'd0;
            carry <= 32'd0;
            more <= 1'b0;
        end else if (add) begin
            {more, sum[15:0]} <= {1'b0, sum[15:0]} + {1'b0, carry[15:0]} + {16'd0, more};
        end else if (add_high) begin
            sum[31:16] <= sum[31:16] + carry[31:16] + {15'd0, more};
        end else begin
            low <= {digit[DIGIT-1:0], low[31:DIGIT]};
            sum <= s[W-1:DIGIT];
            carry <= c[W-1:DIGIT];
            more <= digit[DIGIT];
        end
endmodule
