// SPDX-License-Identifier: Apache-2.0
//
// Codes from captured sums (docs/control.md): sum of the reference, less that of the oscillator,
// plus its readout. `start` gives codes 0 .. N - 1 to the decoder; `scan` looks for the first
// oscillator without all its edges; while neither goes on (`busy` low), read_* answers the byte bus.
`timescale 1ns / 1ps
module codes #(
    parameter N = 2,
    parameter A = 3,
    parameter B = 6,
    parameter NW = $clog2(A)  // bits of an index; not to be set
) (
    input  wire          clk,
    input  wire          rst_n,
    input  wire          start,
    input  wire          scan,
    input  wire          stop,
    output wire          busy,
    output reg  [NW-1:0] index,  // to capture.v; after a scan the oscillator that was found
    input  wire [B-1:0]  sum,    // of index, a clock later
    input  wire          full,
    input  wire [B-1:0]  reference_sum,
    output wire [NW+2:0] set_address,
    input  wire [7:0]    set_data,
    input  wire          read,   // begins to make the code and the raw code of read_index
    input  wire [NW-1:0] read_index,
    output wire          reading,
    output reg           read_valid,
    output reg  [B-1:0]  code,
    output reg  [B-1:0]  raw,
    output reg           code_valid,
    input  wire          code_ready
);
    localparam [NW-1:0] LAST = N[NW-1:0] - 1'b1, LAST_OF_ALL = A[NW-1:0] - 1'b1;
    localparam IDLE = 2'd0, SEND = 2'd1, SCAN = 2'd2, READ = 2'd3;

    reg [1:0] state;
    reg [1:0] step;  // address of the high byte, of the low byte, sum; give
    reg [7:0] high;

    assign set_address = {index, 2'b11, step[0]};
    assign busy = state != IDLE;
    assign reading = state == READ;

    wire [15:0] readout = {high, set_data};
    wire unused = &{1'b0, readout};

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            state <= IDLE;
            step <= 2'd0;
            index <= {NW{1'b0}};
            code_valid <= 1'b0;
            read_valid <= 1'b0;
        end else if (stop) begin
            state <= IDLE;
            step <= 2'd0;
            code_valid <= 1'b0;
            read_valid <= 1'b0;
        end else begin
            read_valid <= 1'b0;
            case (state)
                IDLE: begin
                    step <= 2'd0;
                    index <= start || scan ? {NW{1'b0}} : read ? read_index : index;
                    state <= start ? SEND : scan ? SCAN : read ? READ : IDLE;
                end
                SCAN:
                    if (step == 2'd0) step <= 2'd1;
                    else begin
                        step <= 2'd0;
                        if (!full || index == LAST_OF_ALL) state <= IDLE;
                        else index <= index + 1'b1;
                    end
                default:
                    if (step != 2'd3) begin
                        step <= step + 2'd1;
                        code_valid <= step == 2'd2 && state == SEND;
                        read_valid <= step == 2'd2 && state == READ;
                        if (step == 2'd2 && state == READ) state <= IDLE;
                    end else if (code_ready) begin
                        step <= 2'd0;
                        code_valid <= 1'b0;
                        if (index == LAST) state <= IDLE;
                        else index <= index + 1'b1;
                    end
            endcase
        end

    always @(posedge clk) begin
        if (step == 2'd1) high <= set_data;
        if (step == 2'd2) begin
            code <= reference_sum - sum + readout[B-1:0];
            raw <= -sum;
        end
    end
endmodule
