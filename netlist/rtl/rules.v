// SPDX-License-Identifier: Apache-2.0
//
// What a frame may touch, and when (docs/control.md, the table of regions): the number of the bit
// of ERRORS that speaks against it, or 15.
`timescale 1ns / 1ps
module rules #(
    parameter [24:0] CHAIN_BYTES = 25'd2,
    parameter [24:0] CLASS_BYTES = 25'd0,
    parameter [24:0] WEIGHT_BYTES = 25'd4,
    parameter [24:0] BIAS_BYTES = 25'd4,
    parameter [24:0] N = 25'd2,  // main oscillators
    parameter [24:0] A = 25'd3   // all of them
) (
    input  wire        ask_write,
    input  wire [7:0]  ask_region,
    input  wire [23:0] ask_addr,
    input  wire [5:0]  ask_count,
    input  wire        ask_first,
    output reg  [3:0]  fault,

    input  wire        running,         // a sample or a calibration is
    input  wire        decoding,
    input  wire        chain_busy,
    input  wire        class_busy,
    input  wire        command,         // a command waits for its turn
    input  wire [10:1] known,           // regions in which a byte that was never written is not read
    input  wire        pixel,           // there is one
    input  wire [23:0] chain_next       // address of the chain's next byte
);
    localparam [24:0] REGISTER_BYTES = 25'h58, RAW = 25'h10000;
    localparam [3:0] E_UNKNOWN = 4'd3, E_RANGE = 4'd4, E_BUSY = 4'd5, E_BARE = 4'd7, E_EMPTY = 4'd11,
                     E_ORDER = 4'd12, GOOD = 4'd15;

    wire [24:0] start = {1'b0, ask_addr};
    wire [24:0] stop = start + {19'd0, ask_count};
    wire [3:0]  region = ask_region[3:0];

    // of a write, both ends lie on whole registers, words or settings
    reg [24:0] size;
    reg [2:0]  unit;
    reg        locked;
    always @* begin
        size = 25'd0;
        unit = 3'd0;
        locked = running;
        case (region)
            4'd0: begin
                size = REGISTER_BYTES;
                unit = 3'd3;
                // COMMAND and ERRORS, one at a time, are for any moment
                locked = ask_write && (command || (running && !((start == 25'h10 || start == 25'h18) &&
                                                                stop == start + 25'd4)));
            end
            4'd1: begin
                size = CHAIN_BYTES;
                locked = running || (chain_busy && (ask_write || ask_first));
            end
            4'd2: begin
                size = CLASS_BYTES;
                locked = running || class_busy;
            end
            4'd3: begin
                size = WEIGHT_BYTES;
                unit = 3'd3;
                locked = running || decoding;
            end
            4'd4: begin
                size = BIAS_BYTES;
                unit = 3'd3;
                locked = running || decoding;
            end
            4'd5: begin
                size = A << 3;
                unit = 3'd7;
            end
            4'd6: begin
                size = A << 1;
                unit = 3'd1;
            end
            4'd7: begin
                size = 25'h1000000;
                locked = 1'b0;
            end
            4'd8: size = start < RAW ? N << 1 : RAW + (A << 1);
            4'd9: size = A;
            4'd10: begin
                size = A << 2;
                unit = 3'd3;
            end
            default: ;
        endcase
    end

    wire read_only = region == 4'd7 || region == 4'd8;
    wire [2:0] cut = (start[2:0] | (ask_write ? stop[2:0] : 3'd0)) & unit;
    always @*
        if (ask_region > 8'd10 || (ask_write && read_only) ||
            (region == 4'd0 && stop > REGISTER_BYTES))
            fault = E_UNKNOWN;
        else if (stop > size || (cut != 3'd0 && (ask_write || (region == 4'd0 && ask_first))))
            fault = E_RANGE;
        else if (locked) fault = E_BUSY;
        else if (region == 4'd1 && start != 25'd0 &&
                 (ask_write ? ask_addr != chain_next : ask_first))
            fault = E_ORDER;
        else if (region == 4'd7) fault = pixel ? GOOD : E_EMPTY;
        else if (!ask_write && region != 4'd0 && !known[region]) fault = E_BARE;
        else fault = GOOD;
endmodule
