// SPDX-License-Identifier: Apache-2.0
//
// Of the ticks k = 0 .. 2^B - 1 the one with the smallest |rate k - target|, differences taken as
// signed numbers of W bits, of equals the first. Eight ticks a clock are tried: their errors, their
// magnitudes, and a tournament, each stage a clock. `load` takes rate and target while `idle` is
// high; `done` is high for the clock in which `tick` is theirs. `clear` forgets what goes on.
`timescale 1ns / 1ps
module nearest #(
    parameter B = 6,  // at least 4
    parameter W = B + 10
) (
    input  wire         clk,
    input  wire         rst_n,
    input  wire         clear,
    input  wire         load,
    input  wire [W-1:0] rate,
    input  wire [W-1:0] target,
    output wire         idle,
    output reg          done,
    output reg  [B-1:0] tick
);
    localparam S = B - 3;  // bits of a step, which is eight ticks
    localparam STAGES = 5;  // before the comparison with the best so far

    reg setup, search;
    reg [S-1:0] step;
    reg [W-1:0] once, thrice, five, seven, wanted, base;
    reg [STAGES-1:0] valid, first, last;
    reg [S*STAGES-1:0] steps;
    reg [8*W-1:0] error, size;
    reg [4*W-1:0] four;
    reg [2*W-1:0] two;
    reg [W-1:0] one, best;
    reg [3:0] odd4;
    reg [3:0] odd2;
    reg [2:0] lane;
    integer i;

    assign idle = !setup && !search;
    wire second = two[W+:W] < two[0+:W];

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            setup <= 1'b0;
            search <= 1'b0;
            valid <= {STAGES{1'b0}};
            last <= {STAGES{1'b0}};
            done <= 1'b0;
        end else if (clear) begin
            setup <= 1'b0;
            search <= 1'b0;
            valid <= {STAGES{1'b0}};
            last <= {STAGES{1'b0}};
            done <= 1'b0;
        end else begin
            setup <= load;
            if (setup) search <= 1'b1;
            else if (step == {S{1'b1}}) search <= 1'b0;
            valid <= {valid[STAGES-2:0], search};
            last <= {last[STAGES-2:0], search && step == {S{1'b1}}};
            done <= last[STAGES-1];
        end

    always @(posedge clk) begin
        if (load) begin
            once <= rate;
            wanted <= target;
        end
        if (setup) begin
            base <= -wanted;
            thrice <= once + {once[W-2:0], 1'b0};
            five <= once + {once[W-3:0], 2'b00};
            seven <= {once[W-4:0], 3'b000} - once;
            step <= {S{1'b0}};
        end else if (search) begin
            base <= base + {once[W-4:0], 3'b000};
            step <= step + 1'b1;
        end
        first <= {first[STAGES-2:0], search && step == {S{1'b0}}};
        steps <= {steps[S*(STAGES-1)-1:0], step};

        error[0*W+:W] <= base;
        error[1*W+:W] <= base + once;
        error[2*W+:W] <= base + {once[W-2:0], 1'b0};
        error[3*W+:W] <= base + thrice;
        error[4*W+:W] <= base + {once[W-3:0], 2'b00};
        error[5*W+:W] <= base + five;
        error[6*W+:W] <= base + {thrice[W-2:0], 1'b0};
        error[7*W+:W] <= base + seven;
        for (i = 0; i < 8; i = i + 1)
            size[i*W+:W] <= error[i*W+W-1] ? ~error[i*W+:W] + 1'b1 : error[i*W+:W];
        for (i = 0; i < 4; i = i + 1) begin
            four[i*W+:W] <= size[(2*i+1)*W+:W] < size[2*i*W+:W] ? size[(2*i+1)*W+:W]
                                                                : size[2*i*W+:W];
            odd4[i] <= size[(2*i+1)*W+:W] < size[2*i*W+:W];
        end
        for (i = 0; i < 2; i = i + 1)
            if (four[(2*i+1)*W+:W] < four[2*i*W+:W]) begin
                two[i*W+:W] <= four[(2*i+1)*W+:W];
                odd2[2*i+:2] <= {1'b1, odd4[2*i+1]};
            end else begin
                two[i*W+:W] <= four[2*i*W+:W];
                odd2[2*i+:2] <= {1'b0, odd4[2*i]};
            end
        one <= second ? two[W+:W] : two[0+:W];
        lane <= second ? {1'b1, odd2[3:2]} : {1'b0, odd2[1:0]};
        if (valid[STAGES-1] && (first[STAGES-1] || one < best)) begin
            best <= one;
            tick <= {steps[S*(STAGES-1)+:S], lane};
        end
    end
endmodule
