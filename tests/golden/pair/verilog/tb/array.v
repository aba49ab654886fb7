// The array of pair by its phase equations; written by oscc. Not for synthesis.
`timescale 1ns / 1ps
module array (
    input  wire si,
    output wire so,
    input  wire ck,
    input  wire ckb,
    input  wire di,
    output wire \do ,
    input  wire dk,
    input  wire dkb,
    input  wire lag3,
    input  wire lag2,
    input  wire lag1,
    input  wire lag0,
    input  wire en,
`ifdef USE_POWER_PINS
    inout  wire vcm,
    inout  wire vdd,
    inout  wire vss,
`endif
    inout  wire x0p,
    inout  wire x0n,
    inout  wire y0p,
    inout  wire y0n,
    inout  wire x1p,
    inout  wire x1n,
    inout  wire y1p,
    inout  wire y1n,
    inout  wire x2p,
    inout  wire x2n,
    inout  wire y2p,
    inout  wire y2n,
    input  wire h0,
    input  wire h1,
    input  wire h2,
    output wire q0,
    output wire q1,
    output wire q2
);
    oscillators #(
        .N(2), .M(1), .CHAIN_BITS(34), .CLASS_BITS(10),
        .LINK_BITS(5), .TRIM_BITS(8), .LINKS(4), .CHAIN_LINKS(2)
    ) model (
        .clk(tb_top.clk), .si(si), .so(so), .ck(ck), .di(di), .do_(\do ), .dk(dk),
        .en(en),
        .h({h2, h1, h0}),
        .q({q2, q1, q0})
    );
    initial begin
        model.step_turns = 0.1171875;
        model.coupling = 0.000244140625;
        model.conditioning = 0.00048828125;
        model.drive = 0.001953125;
    end
endmodule
