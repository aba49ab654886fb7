// SPDX-License-Identifier: Apache-2.0
//
// Codes become sines: a code taken in a clock with code_valid and code_ready high is written, two and
// three clocks later, as input `index` (its sine) and input MAIN + `index` (its cosine) of the first
// layer. `last` marks the cosine of oscillator MAIN - 1.
`timescale 1ns / 1ps
module decoder_sines #(
    parameter MAIN = 2,
    parameter BITS = 6,
    parameter COUNT = 3,  // bits of the number of an input
    parameter SINE_FILE = "sine.hex"  // 2^BITS bytes
) (
    input  wire             clk,
    input  wire             rst_n,
    input  wire             stop,
    input  wire             idle,  // the layers do not need their inputs any more
    input  wire             code_valid,
    output wire             code_ready,
    input  wire [15:0]      code_index,
    input  wire [BITS-1:0]  code,
    output wire             write,
    output wire [COUNT-1:0] at,
    output reg  [7:0]       value,
    output wire             last
);
    /* verilator lint_off WIDTH */
    localparam [15:0] LAST_CODE = MAIN - 1;
    localparam [COUNT-1:0] COSINES = MAIN;  // the input where they begin
    localparam [BITS-1:0] QUARTER = 1 << (BITS - 2);
    /* verilator lint_on WIDTH */

    reg [7:0] sine_table[0:(1<<BITS)-1];
    initial $readmemh(SINE_FILE, sine_table);

    localparam [1:0] NONE = 2'd0;
    localparam [1:0] READ = 2'd1;  // of the sine
    localparam [1:0] SINE = 2'd2;  // is written, and the cosine read
    localparam [1:0] COSINE = 2'd3;  // is written
    reg [1:0] step;
    reg [COUNT-1:0] index;
    reg index_last;
    reg [BITS-1:0] turned;

    assign code_ready = idle && step == NONE;
    assign write = step == SINE || step == COSINE;
    assign at = step == COSINE ? COSINES + index : index;
    assign last = step == COSINE && index_last;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) step <= NONE;
        else if (stop) step <= NONE;
        else if (step != NONE) step <= step + 1'b1;  // after COSINE comes NONE
        else if (code_valid && code_ready) step <= READ;

    always @(posedge clk) begin
        if (step == NONE) begin
            index <= code_index[COUNT-1:0];
            index_last <= code_index == LAST_CODE;
            turned <= code;
        end else begin
            turned <= turned + QUARTER;
        end
        value <= sine_table[turned];
    end
endmodule
