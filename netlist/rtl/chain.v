// SPDX-License-Identifier: Apache-2.0
//
// The configuration chain. Region 1 holds its bits in the order of shifting: the link farthest from
// si first, zero bits in front to fill the first byte. Bytes written are shifted in; reading turns
// the chain once round, so over to si, a byte at a time, and what a read leaves over is turned when its frame
// ends. A turn with trims replaces the bits of the first OSCILLATORS x TRIM_BITS links, which come last.
`timescale 1ns / 1ps
module chain #(
    parameter BITS = 24,
    parameter OSCILLATORS = 3,
    parameter TRIM_BITS = 8,
    parameter NW = $clog2(OSCILLATORS)  // not to be set
) (
    input  wire          clk,
    input  wire          rst_n,
    input  wire [15:0]   half,      // ticks of half a period
    input  wire          clear,     // one clock: what is in the chain no longer counts as loaded
    input  wire          read_end,  // one clock: the frame that read is over
    output reg           loaded,
    output wire          busy,      // bits are on their way, or wait for the rest of a turn
    output wire [23:0]   next,      // address of the byte that comes next

    // the byte bus, this region's accesses only
    input  wire [7:0]    wdata,
    input  wire          we,
    input  wire          restart,   // with we: this is byte 0
    input  wire          re,
    output wire          ready,
    output reg           rvalid,
    output reg  [7:0]    rdata,

    // calibration (timing.v)
    input  wire          turn,
    output wire          turn_busy,
    output reg  [NW-1:0] trim_index,
    input  wire [7:0]    trim_code,  // of the trim_index of the clock before

    output wire          si,
    input  wire          so,
    output wire          ck,
    output wire          ckb
);
    localparam BYTES = (BITS + 7) / 8;
    localparam FIRST = BITS - 8 * (BYTES - 1);  // bits of the first byte
    localparam TRIMS = OSCILLATORS * TRIM_BITS;

    localparam [31:0] LAST_BYTE = BYTES - 1, ROUND = BITS, BEFORE_TRIMS = BITS - TRIMS,
                      LAST_TRIM = OSCILLATORS - 1, LAST_TRIM_BIT = TRIM_BITS - 1, FIRST_BITS = FIRST;

    reg [3:0]  left;      // bits of the byte being written or read
    reg        writing;   // what `left` is of
    reg [7:0]  out;
    reg [23:0] place;     // bytes written in order
    reg [31:0] turned;    // bits of a turn so far; 0: the chain is as it should be
    reg        finish;    // turn to the end without being asked for bytes
    reg        trims;     // and put trims in
    reg        armed;     // in the next clock
    reg [2:0]  trim_bit;

    wire shifting, take;
    wire turning = turned != 32'd0;
    wire in_trims = trims && turned + 32'd1 > BEFORE_TRIMS;
    wire go = left != 4'd0 || finish;
    wire data = left != 4'd0 && writing ? out[7] : in_trims ? trim_code[trim_bit] : so;
    wire last_turn = turned == ROUND - 32'd1;

    shift shift (
        .clk(clk), .rst_n(rst_n), .half(half), .go(go), .data(data), .take(take), .busy(shifting),
        .si(si), .ck(ck), .ckb(ckb)
    );

    assign busy = armed || go || shifting || turning;
    assign turn_busy = armed || finish || (trims && shifting);
    assign ready = left == 4'd0 && !finish && !armed;
    assign next = place;
    wire [23:0] here = restart ? 24'd0 : place;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            loaded     <= 1'b0;
            rvalid     <= 1'b0;
            rdata      <= 8'd0;
            trim_index <= {NW{1'b0}};
            left       <= 4'd0;
            writing    <= 1'b0;
            out        <= 8'd0;
            place      <= 24'd0;
            turned     <= 32'd0;
            finish     <= 1'b0;
            trims      <= 1'b0;
            armed      <= 1'b0;
            trim_bit   <= 3'd0;
        end else begin
            rvalid <= 1'b0;
            if (take) begin
                if (left != 4'd0) left <= left - 4'd1;
                out <= {out[6:0], 1'b0};
                if (left == 4'd0 || !writing) begin
                    turned <= last_turn ? 32'd0 : turned + 32'd1;
                    if (last_turn) finish <= 1'b0;
                end
                if (left != 4'd0 && !writing) begin
                    rdata  <= {rdata[6:0], so};
                    rvalid <= left == 4'd1;
                end
                if (in_trims && finish) begin
                    trim_bit <= trim_bit == LAST_TRIM_BIT[2:0] ? 3'd0 : trim_bit + 3'd1;
                    if (trim_bit == LAST_TRIM_BIT[2:0]) trim_index <= trim_index - 1'b1;
                end
            end
            if (we) begin
                left    <= 4'd8;
                writing <= 1'b1;
                out     <= wdata;
                place   <= here == LAST_BYTE[23:0] ? 24'd0 : here + 24'd1;
                loaded  <= here == LAST_BYTE[23:0];
            end
            if (re) begin
                left    <= turning ? 4'd8 : FIRST_BITS[3:0];
                writing <= 1'b0;
                rdata   <= 8'd0;
            end
            if (read_end && (turning || (left != 4'd0 && !writing)) && !(take && last_turn))
                finish <= 1'b1;
            armed <= turn;
            if (armed) finish <= 1'b1;
            if (turn) begin
                trims      <= 1'b1;
                trim_index <= LAST_TRIM[NW-1:0];
                trim_bit   <= 3'd0;
            end else if (trims && !armed && !finish && !shifting) trims <= 1'b0;
            if (clear) begin
                loaded <= 1'b0;
                place  <= 24'd0;
            end
        end
endmodule
