// SPDX-License-Identifier: Apache-2.0
//
// Frequency calibration: finds the trim code of each oscillator by successive approximation, bit by
// bit for all at once. A pass turns the configuration chain once round with trial codes in place of the
// trims, lets all oscillators run alone, and counts the ticks of 2^turns turns of one after the other.
// Eight passes find the last code before the target, two more whether that or the next one is
// nearer, an eleventh turn loads the result. One that shows no edge for `watchdog`
// ticks gets the middle code. Failed is who ends farther than `tolerance` ticks from its target.
// Regions 9 (trims) and 10 (targets, 4 bytes, big-endian) are kept here.
`timescale 1ns / 1ps
module calibrate #(
    parameter A = 3,
    parameter RISES = 1,  // 1: the frequency rises with the code
    parameter NW = $clog2(A)  // bits of an index; not to be set
) (
    input  wire          clk,
    input  wire          rst_n,
    // host
    input  wire          start,
    input  wire          stop,
    input  wire          loaded,
    input  wire          occupied,  // a sample goes on
    input  wire [4:0]    turns,
    input  wire [7:0]    tolerance,
    input  wire [15:0]   settle,
    input  wire [15:0]   watchdog,
    output wire          busy,
    output reg  [15:0]   failures,
    output wire          found,  // one clock: the first oscillator that failed is `index`
    output reg  [NW-1:0] index,
    output reg           error_busy,
    output reg           error_unloaded,
    output reg           failed,  // one clock, at the end
    // byte bus, while not busy: a byte of trim_address or target_address is there a clock later
    input  wire          trim_we,
    input  wire [NW-1:0] trim_address,
    output wire [7:0]    trim_rdata,
    input  wire          target_we,
    input  wire          target_re,
    input  wire [NW+1:0] target_address,
    output wire [7:0]    target_rdata,
    input  wire [7:0]    wdata,
    // chain
    output reg           turn,
    input  wire          turn_busy,
    input  wire [NW-1:0] trim_index,
    output wire [7:0]    trim_code,
    // array
    input  wire [A-1:0]  rise,
    output wire          free_all,
    output wire          power
);
    localparam IDLE = 4'd0, TURN = 4'd1, SETTLE = 4'd2, FREE = 4'd3, FETCH = 4'd4, FIRST = 4'd5,
        COUNT = 4'd6, DIFFER = 4'd7, BORROW = 4'd8, DECIDE = 4'd9, STORE = 4'd10, STOP = 4'd11;
    localparam [3:0] NEAR = 4'd8, FAR = 4'd9, RESULT = 4'd10;  // passes after those of the bits
    localparam [NW-1:0] LAST = A[NW-1:0] - 1'b1;
    localparam [15:0] ENDLESS = 16'hffff;

    reg [3:0] state, pass;
    reg asked;
    reg [15:0] left, quiet;
    reg [2:0] byte_number;
    reg [31:0] target, ticks, counted, edges_left;
    reg dead, edge_seen;  // no edge came; one of this oscillator came in the last clock
    reg [15:0] low;  // of ticks less target, in two halves
    reg borrow;
    reg [16:0] high;
    reg [15:0] distance;
    reg [7:0] trial, result;
    reg beyond;  // the trial went past the target

    assign busy = state != IDLE;
    assign power = state >= SETTLE && state <= STORE;
    assign free_all = state >= FREE && state <= STORE;

    // what was found so far, of trim_index while the chain turns
    wire [7:0] so_far = pass == 4'd0 ? 8'd0 : trim_rdata;
    wire [7:0] next_code = so_far == 8'hff ? so_far : so_far + 8'd1;
    assign trim_code = pass < NEAR ? so_far | 8'h80 >> pass[2:0] : pass == FAR ? next_code : so_far;
    wire turning = state == TURN || state == STOP;
    ram #(.WIDTH(8), .DEPTH(A)) trims (
        .clk(clk), .en(1'b1), .we(busy ? state == STORE : trim_we),
        .address(!busy ? trim_address : turning ? trim_index : index),
        .wdata(busy ? result : wdata), .rdata(trim_rdata)
    );
    ram #(.WIDTH(8), .DEPTH(4 * A)) targets (
        .clk(clk), .en(busy || target_we || target_re), .we(!busy && target_we),
        .address(busy ? {index, byte_number[1:0]} : target_address), .wdata(wdata),
        .rdata(target_rdata)
    );
    wire [15:0] near;  // how far pass NEAR left this oscillator from its target
    ram #(.WIDTH(16), .DEPTH(A)) nears (
        .clk(clk), .en(1'b1), .we(state == STORE && pass == NEAR), .address(index),
        .wdata(distance), .rdata(near)
    );

    wire fast = high[16], slow = !fast && {high, low} != 33'd0;
    wire [15:0] size = fast ? -low : low;
    wire far = fast ? high != 17'h1ffff || low == 16'd0 : high != 17'd0;
    wire [15:0] nearest = distance < near ? distance : near;
    wire bad = nearest > {8'd0, tolerance};
    assign found = state == STORE && pass == FAR && bad && failures == 16'd0;

    always @*
        if (pass < NEAR) result = dead ? 8'h80 : beyond ? so_far : trial;
        else if (pass == NEAR) result = so_far;
        else result = nearest == ENDLESS ? 8'h80 : distance < near ? trial : so_far;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            state <= IDLE;
            pass <= 4'd0;
            asked <= 1'b0;
            index <= {NW{1'b0}};
            failures <= 16'd0;
            error_busy <= 1'b0;
            error_unloaded <= 1'b0;
            failed <= 1'b0;
            turn <= 1'b0;
        end else begin
            error_busy <= start && (busy || occupied);
            error_unloaded <= 1'b0;
            failed <= 1'b0;
            turn <= 1'b0;
            asked <= 1'b0;
            case (state)
                IDLE:
                    if (start && !occupied && !stop) begin
                        error_unloaded <= !loaded;
                        if (loaded) begin
                            state <= TURN;
                            turn <= 1'b1;
                            pass <= 4'd0;
                            failures <= 16'd0;
                        end
                    end
                TURN: begin
                    asked <= 1'b1;
                    index <= {NW{1'b0}};
                    if (asked && !turn_busy) begin
                        state <= pass == RESULT ? IDLE : SETTLE;
                        failed <= pass == RESULT && failures != 16'd0;
                    end
                end
                SETTLE: if (left == 16'd0) state <= FREE;
                FREE: if (left == 16'd0) state <= FETCH;
                FETCH: if (byte_number == 3'd4) state <= FIRST;
                FIRST:
                    if (dead) state <= DIFFER;
                    else if (edge_seen) state <= COUNT;
                COUNT: if (dead || (edge_seen && edges_left == 32'd1)) state <= DIFFER;
                DIFFER: state <= BORROW;
                BORROW: state <= DECIDE;
                DECIDE: state <= STORE;
                STORE: begin
                    if (pass == FAR && bad) failures <= failures + 16'd1;
                    state <= FETCH;
                    if (index != LAST) index <= index + 1'b1;
                    else begin
                        state <= TURN;
                        turn <= 1'b1;
                        pass <= pass + 4'd1;
                    end
                end
                default: begin  // STOP
                    asked <= 1'b1;
                    if (asked && !turn_busy) state <= IDLE;
                end
            endcase
            if (stop && busy) begin
                state <= STOP;
                asked <= 1'b0;
                turn <= 1'b0;
                    failed <= 1'b0;
            end
        end

    always @(posedge clk) begin
        edge_seen <= rise[index];
        left <= left == 16'd0 || state == TURN ? settle : left - 16'd1;
        byte_number <= state == FETCH ? byte_number + 3'd1 : 3'd0;
        if (state == FETCH && byte_number != 3'd0) target <= {target[23:0], target_rdata};
        if (state == FETCH) begin
            trial <= trim_code;  // of index: the chain is at rest
            quiet <= 16'd0;
            dead <= 1'b0;
        end else begin
            quiet <= edge_seen ? 16'd0 : quiet + 16'd1;
            if (state == FIRST || state == COUNT) dead <= !edge_seen && quiet >= watchdog;
        end
        ticks <= state == COUNT ? ticks + 32'd1 : 32'd1;
        edges_left <= state == COUNT ? edges_left - {31'd0, edge_seen} : 32'd1 << turns;
        if (state == COUNT) counted <= ticks;
        if (state == DIFFER) {borrow, low} <= {1'b0, counted[15:0]} - {1'b0, target[15:0]};
        if (state == BORROW)
            high <= {1'b0, counted[31:16]} - {1'b0, target[31:16]} - {16'd0, borrow};
        if (state == DECIDE) begin
            distance <= dead || far ? ENDLESS : size;
            beyond <= RISES != 0 ? fast : slow;
        end
    end
endmodule
