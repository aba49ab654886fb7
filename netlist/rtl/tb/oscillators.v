// SPDX-License-Identifier: Apache-2.0
//
// The array of oscillators by its phase equations, to run the digital control without a circuit
// simulator: the codes that were shifted in, hold, enable and captured phases, a step a clock. Not for
// synthesis. array.v, which oscc writes, gives it the ports of the array and its scales.
`timescale 1ns / 1ps
module oscillators #(
    parameter N = 2,
    parameter M = 1,
    parameter CHAIN_BITS = 16,
    parameter CLASS_BITS = 1,
    parameter LINK_BITS = 5,
    parameter TRIM_BITS = 8,
    parameter LINKS = 0,  // couplers of the configuration chain, then of the class chain
    parameter CHAIN_LINKS = 0,  // those in the configuration chain
    parameter LINKS_FILE = "tb/links.hex",  // a word a link: sort (4 bits), on (14), from (14)
    parameter TRIM_FILE = "tb/trim.hex"  // a word a trim code: frequency deviation times 2^30
) (
    input  wire           clk,
    input  wire           si,
    output wire           so,
    input  wire           ck,
    input  wire           di,
    output wire           do_,
    input  wire           dk,
    input  wire           en,
    input  wire [N+M-1:0] h,
    output reg  [N+M-1:0] q
);
    localparam A = N + M;
    localparam real TURN = 6.283185307179586;
    localparam real HELD = 0.785398163397448;  // 45 degrees; q rises at -90
    // Set by array.v: turns that a clock takes, and what code 1 of each sort pulls in one, rad.
    real step_turns, coupling, conditioning, drive;

    reg [CHAIN_BITS-1:0] chain;  // bit 0 is the link nearest to si
    reg [CLASS_BITS-1:0] class_chain;
    assign so = chain[CHAIN_BITS-1];
    assign do_ = class_chain[CLASS_BITS-1];
    always @(posedge ck) chain <= (chain << 1) | si;
    always @(posedge dk) class_chain <= (class_chain << 1) | di;

    reg [31:0] link[0:LINKS > 0 ? LINKS-1 : 0];
    reg [31:0] trim[0:(1<<TRIM_BITS)-1];
    real theta[0:A-1];
    real sine[0:A-1];
    real cosine[0:A-1];
    real rate[0:A-1];
    real pull_x[0:A-1];
    real pull_y[0:A-1];
    real weight[0:LINKS > 0 ? LINKS-1 : 0];
    integer i, k, b, at, code, on, from;
    reg at_rest;

    initial begin
        if (LINKS > 0) $readmemh(LINKS_FILE, link);
        $readmemh(TRIM_FILE, trim);
        for (i = 0; i < A; i = i + 1) theta[i] = HELD;
        q = {A{1'b0}};
        at_rest = 1'b1;
    end

    // Frequencies and couplings as the chains say, when the run begins.
    task read_chains;
        begin
            for (i = 0; i < A; i = i + 1) begin
                code = 0;
                for (b = 0; b < TRIM_BITS; b = b + 1)
                    code = 2 * code + chain[TRIM_BITS*i+b];
                rate[i] = TURN * step_turns * (1.0 + $itor($signed(trim[code])) / 1073741824.0);
            end
            for (k = 0; k < LINKS; k = k + 1) begin
                code = 0;
                at = k < CHAIN_LINKS ? TRIM_BITS * A + LINK_BITS * k : LINK_BITS * (k - CHAIN_LINKS);
                for (b = 1; b < LINK_BITS; b = b + 1)
                    code = 2 * code + (k < CHAIN_LINKS ? chain[at+b] : class_chain[at+b]);
                if (k < CHAIN_LINKS ? chain[at] : class_chain[at]) code = -code;
                weight[k] = code * (link[k][31:28] == 0 ? coupling :
                                    link[k][31:28] == 1 ? conditioning : drive);
            end
        end
    endtask

    // One step of Euler's method a clock: a pull turns a phase by a few hundredths of a radian in it.
    always @(posedge clk) if (&h === 1'b1) begin
        at_rest = 1'b1;
    end else begin
        if (at_rest) begin
            read_chains;
            for (i = 0; i < A; i = i + 1) theta[i] = HELD;
        end
        at_rest = 1'b0;
        for (i = 0; i < A; i = i + 1) begin
            sine[i] = $sin(theta[i]);
            cosine[i] = $cos(theta[i]);
            pull_x[i] = 0.0;
            pull_y[i] = 0.0;
        end
        if (en === 1'b1)
            for (k = 0; k < LINKS; k = k + 1) begin
                on = link[k][27:14];
                from = link[k][13:0];
                pull_x[on] = pull_x[on] + weight[k] * cosine[from];
                pull_y[on] = pull_y[on] + weight[k] * sine[from];
            end
        for (i = 0; i < A; i = i + 1) begin
            if (h[i] !== 1'b0) theta[i] = HELD;
            else
                theta[i] = theta[i] + rate[i] + pull_y[i] * cosine[i] - pull_x[i] * sine[i];
            if (theta[i] > TURN) theta[i] = theta[i] - TURN;
            // high from -90 to +90 degrees
            q[i] <= theta[i] < 0.25 * TURN || theta[i] >= 0.75 * TURN;
        end
    end
endmodule
