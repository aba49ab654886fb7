// SPDX-License-Identifier: Apache-2.0
//
// The register map (docs/control.md): region 0 of the byte bus, four bytes a register, the highest
// first. A register changes when its last byte is there; a command is given when its frame is done.
`timescale 1ns / 1ps
module registers #(
    parameter N = 2,
    parameter M = 1,
    parameter [15:0] RUN_CYCLES = 16'd16,  // those below are reset values
    parameter [15:0] RUN_TICKS = 16'd0,
    parameter [15:0] SETTLE = 16'd16,
    parameter [15:0] FORGET = 16'd4,
    parameter [15:0] WATCHDOG = 16'd64,
    parameter [15:0] CAPTURE = 16'd256,
    parameter [15:0] DIVIDE = 16'd1,
    parameter [3:0] LAG = 4'd0,
    parameter [2:0] MODE = 3'd0,
    parameter [4:0] CAL_TURNS = 5'd8,
    parameter [7:0] CAL_TOLERANCE = 8'd2,
    parameter [63:0] SEED = 64'd0
) (
    input  wire        clk,
    input  wire        rst_n,

    // writes of the byte bus to this region, the bytes that count for HASH, and reads
    input  wire [7:0]  addr,
    input  wire [7:0]  wdata,
    input  wire        we,
    input  wire        re,
    input  wire [7:0]  read_addr,
    output reg         rvalid,
    output reg  [7:0]  rdata,
    input  wire        hash_we,
    input  wire        committed,  // one clock: a frame's last byte is done

    // what is shown
    input  wire        busy,      // STATUS bit 0, against which START, CALIBRATE and CLEAR fail
    input  wire [8:1]  status,
    input  wire [15:0] samples_done,
    input  wire [31:0] tone_ticks,
    input  wire [15:0] cal_failures,
    input  wire [15:0] failed,
    input  wire [12:0] error,     // pulses

    // what is set
    output reg  [15:0] class_first,
    output reg  [15:0] count,
    output reg  [63:0] seed,
    output reg  [63:0] sample_first,
    output reg  [15:0] run_cycles,
    output reg  [15:0] run_ticks,
    output reg  [15:0] settle,
    output reg  [15:0] forget,
    output reg  [3:0]  lag,
    output reg  [15:0] watchdog,
    output reg  [15:0] capture_limit,
    output reg  [15:0] divide,
    output reg  [2:0]  mode,
    output reg  [4:0]  cal_turns,
    output reg  [7:0]  cal_tolerance,

    // commands, each for one clock
    output wire        waiting,   // one waits for its frame to end
    output reg         start,
    output reg         abort,
    output reg         clear,
    output reg         calibrate
);
    localparam [31:0] ID = 32'h4f534343, VERSION = 32'd1;
    localparam [31:0] MAIN = N, CONDITIONING = M;
    localparam [12:0] E_UNKNOWN = 13'h0008, E_BUSY = 13'h0020;

    function [31:0] crc_of;
        input [31:0] old;
        input [7:0] data;
        integer i;
        begin
            crc_of = old ^ {24'd0, data};
            for (i = 0; i < 8; i = i + 1)
                crc_of = {1'b0, crc_of[31:1]} ^ (crc_of[0] ? 32'hedb88320 : 32'd0);
        end
    endfunction

    reg [31:0] hash;
    reg [12:0] errors;
    reg [12:0] refused;
    reg [31:0] command;
    reg        given;
    reg [23:0] high;   // the bytes of a register before its last
    reg [23:0] rest;   // of a register being read
    wire [31:0] value = {high, wdata};
    wire [5:0]  name = addr[7:2];
    wire        write = we && addr[1:0] == 2'd3;
    wire        one = command == 32'd1 || command == 32'd2 || command == 32'd4 || command == 32'd8;

    reg [31:0] shown;
    always @*
        case (read_addr[7:2])
            6'h00: shown = ID;
            6'h01: shown = VERSION;
            6'h02: shown = ~hash;
            6'h03: shown = {MAIN[15:0], CONDITIONING[15:0]};
            6'h05: shown = {samples_done, 7'd0, status, busy};
            6'h06: shown = {19'd0, errors};
            6'h07: shown = {16'd0, class_first};
            6'h08: shown = {16'd0, count};
            6'h09: shown = seed[63:32];
            6'h0a: shown = seed[31:0];
            6'h0b: shown = sample_first[63:32];
            6'h0c: shown = sample_first[31:0];
            6'h0d: shown = {run_cycles, run_ticks};
            6'h0e: shown = {settle, forget};
            6'h0f: shown = {28'd0, lag};
            6'h10: shown = {watchdog, capture_limit};
            6'h11: shown = {16'd0, divide};
            6'h12: shown = {29'd0, mode};
            6'h13: shown = tone_ticks;
            6'h14: shown = {3'd0, cal_turns, cal_tolerance, cal_failures};
            6'h15: shown = {16'd0, failed};
            default: shown = 32'd0;
        endcase

    assign waiting = given;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            rvalid        <= 1'b0;
            rdata         <= 8'd0;
            rest          <= 24'd0;
            high          <= 24'd0;
            hash          <= 32'hffffffff;
            errors        <= 13'd0;
            refused       <= 13'd0;
            command       <= 32'd0;
            given         <= 1'b0;
            start         <= 1'b0;
            abort         <= 1'b0;
            clear         <= 1'b0;
            calibrate     <= 1'b0;
            class_first   <= 16'd0;
            count         <= 16'd1;
            seed          <= SEED;
            sample_first  <= 64'd0;
            run_cycles    <= RUN_CYCLES;
            run_ticks     <= RUN_TICKS;
            settle        <= SETTLE;
            forget        <= FORGET;
            lag           <= LAG;
            watchdog      <= WATCHDOG;
            capture_limit <= CAPTURE;
            divide        <= DIVIDE;
            mode          <= MODE;
            cal_turns     <= CAL_TURNS;
            cal_tolerance <= CAL_TOLERANCE;
        end else begin
            rvalid <= re;
            if (re) {rdata, rest} <= read_addr[1:0] == 2'd0 ? shown : {rest, 8'd0};
            if (we) high <= {high[15:0], wdata};
            if (clear) hash <= 32'hffffffff;
            else if (hash_we) hash <= crc_of(hash, wdata);

            errors <= (write && name == 6'h06 ? errors & ~value[12:0] : errors) | error | refused;

            if (write)
                case (name)
                    6'h04: begin
                        command <= value;
                        given   <= value != 32'd0;
                    end
                    6'h07: class_first <= |value[31:16] ? 16'hffff : value[15:0];
                    6'h08: count <= |value[31:16] ? 16'hffff : value[15:0];
                    6'h09: seed[63:32] <= value;
                    6'h0a: seed[31:0] <= value;
                    6'h0b: sample_first[63:32] <= value;
                    6'h0c: sample_first[31:0] <= value;
                    6'h0d: {run_cycles, run_ticks} <= value;
                    6'h0e: {settle, forget} <= value;
                    6'h0f: lag <= value[3:0];
                    6'h10: {watchdog, capture_limit} <= value;
                    6'h11: divide <= value[15:0];
                    6'h12: mode <= value[2:0];
                    6'h14: {cal_turns, cal_tolerance} <= value[28:16];
                    default: ;
                endcase

            start     <= 1'b0;
            abort     <= 1'b0;
            clear     <= 1'b0;
            calibrate <= 1'b0;
            refused   <= 13'd0;
            if (committed && given) begin
                given <= 1'b0;
                if (!one) refused <= E_UNKNOWN;
                else if (command[1]) abort <= 1'b1;
                else if (busy) refused <= E_BUSY;
                else begin
                    start     <= command[0];
                    clear     <= command[2];
                    calibrate <= command[3];
                end
            end
        end
endmodule
