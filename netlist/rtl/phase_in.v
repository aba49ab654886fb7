// SPDX-License-Identifier: Apache-2.0
//
// Release ticks of a sample (docs/control.md, "Phase in, exactly"): draws a code for each
// oscillator, and of all ticks takes the one after whose turns the oscillator is nearest to the
// code. The settings of the next oscillator are read meanwhile, and the next four words drawn.
// `start` begins, `busy` is high until the last tick was given out.
`timescale 1ns / 1ps
module phase_in #(
    parameter N = 2,
    parameter M = 1,
    parameter B = 6,           // bits of a turn, 4 to 14
    parameter PHASE_BITS = 6,  // at most B
    parameter DRAW_ALL = 0,    // 1: conditioning oscillators are drawn too
    parameter DIGIT = 8,       // of philox.v
    parameter NW = $clog2(N + M)  // bits of an index; not to be set
) (
    input  wire          clk,
    input  wire          rst_n,
    input  wire          start,
    input  wire          stop,
    input  wire [63:0]   seed,
    input  wire [63:0]   sample_first,
    input  wire [15:0]   samples_done,  // sample sample_first + samples_done
    output reg           busy,
    // settings: the byte of an address is there a clock after it
    output wire [NW+2:0] set_address,
    input  wire [7:0]    set_data,
    // to releases.v, in rising order
    output wire          tick_we,
    output reg  [NW-1:0] tick_index,
    output wire [B-1:0]  tick
);
    localparam W = B + 10;
    localparam ALL = N + M, DRAWN = DRAW_ALL != 0 ? N + M : N;
    localparam [NW:0] FOUR = 4;
    localparam [NW-1:0] LAST = ALL[NW-1:0] - 1'b1;

    // rate and start of oscillator `next`: six bytes
    reg [NW-1:0] next;
    reg [2:0] byte_number;
    reg fetching, fetched, arriving;
    reg [W+23:0] settings;
    assign set_address = {next, byte_number};

    // number of the sample, added up 16 bits a clock
    reg [63:0] sample;
    reg [15:0] addend;
    reg [2:0] add_left;
    wire [16:0] part = {1'b0, sample[15:0]} + {1'b0, addend};

    // the words of four oscillators, then those of the next four in the generator
    wire drawing;
    wire [127:0] words;
    reg [4*PHASE_BITS-1:0] drawn;
    reg [NW-1:0] group;  // of four words that the generator makes
    reg draw, asked;
    philox #(.DIGIT(DIGIT)) generator (
        .clk(clk), .rst_n(rst_n), .start(draw), .key(seed),
        .counter({sample, 32'd0, {32 - NW{1'b0}}, group}),
        .busy(drawing), .words(words)
    );
    wire unused = &{1'b0, words};  // their lower bits
    wire [4*PHASE_BITS-1:0] fresh = {words[127-:PHASE_BITS], words[95-:PHASE_BITS],
                                     words[63-:PHASE_BITS], words[31-:PHASE_BITS]};

    wire plain = {1'b0, next} >= DRAWN[NW:0];
    wire first = next[1:0] == 2'd0;
    wire ready = fetched && (plain || !first || (asked && !draw && !drawing));
    wire [PHASE_BITS-1:0] code = plain ? {PHASE_BITS{1'b0}} :
                                 first ? fresh[PHASE_BITS-1:0] : drawn[PHASE_BITS-1:0];
    wire [W-1:0] place = {code, {W - PHASE_BITS{1'b0}}};

    wire idle;
    wire [W-1:0] target = place + settings[W-1:0];
    wire load = busy && idle && ready;
    nearest #(.B(B), .W(W)) nearest (
        .clk(clk), .rst_n(rst_n), .clear(stop || !busy), .load(load), .rate(settings[24+:W]),
        .target(target), .idle(idle), .done(tick_we), .tick(tick)
    );

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            busy <= 1'b0;
            fetching <= 1'b0;
            fetched <= 1'b0;
            arriving <= 1'b0;
            draw <= 1'b0;
            asked <= 1'b0;
            add_left <= 3'd4;
            next <= {NW{1'b0}};
            byte_number <= 3'd0;
            group <= {NW{1'b0}};
            tick_index <= {NW{1'b0}};
        end else if (stop || !busy) begin
            busy <= start && !stop;
            fetching <= start && !stop;
            draw <= 1'b0;
            asked <= 1'b0;
            add_left <= 3'd4;
            fetched <= 1'b0;
            arriving <= 1'b0;
            next <= {NW{1'b0}};
            byte_number <= 3'd0;
            group <= {NW{1'b0}};
            tick_index <= {NW{1'b0}};
        end else begin
            // settings
            arriving <= fetching;
            if (fetching) begin
                byte_number <= byte_number + 3'd1;
                fetching <= byte_number != 3'd5;
            end
            if (arriving && !fetching) fetched <= 1'b1;
            // words
            draw <= 1'b0;
            if (add_left != 3'd0) add_left <= add_left - 3'd1;
            else if (!asked && !drawing) begin  // a sample that was stopped left it running
                draw <= 1'b1;
                asked <= 1'b1;
            end
            if (load) begin
                fetched <= 1'b0;
                if (next != LAST) begin
                    next <= next + 1'b1;
                    byte_number <= 3'd0;
                    fetching <= 1'b1;
                end
                if (first && !plain) begin
                    group <= group + 1'b1;
                    draw <= {1'b0, next} + FOUR < DRAWN[NW:0];
                end
            end
            // search
            if (tick_we) begin
                tick_index <= tick_index + 1'b1;
                busy <= tick_index != LAST;
            end
        end

    always @(posedge clk) begin
        if (!busy) begin
            sample <= sample_first;
            addend <= samples_done;
        end else if (add_left != 3'd0) begin
            sample <= {part[15:0], sample[63:16]};
            addend <= {15'd0, part[16]};
        end
        if (arriving) settings <= {settings[W+15:0], set_data};
        if (load && !plain)
            drawn <= first ? {{PHASE_BITS{1'b0}}, fresh[4*PHASE_BITS-1:PHASE_BITS]}
                           : {{PHASE_BITS{1'b0}}, drawn[4*PHASE_BITS-1:PHASE_BITS]};
    end
endmodule
