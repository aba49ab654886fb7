// SPDX-License-Identifier: Apache-2.0
//
// Release ticks of a sample (docs/control.md, "Phase in, exactly"): draws a code for each
// oscillator, and of all ticks takes the one after whose turns the oscillator is nearest to the
// code. Four ticks a clock are tried; the settings of the next oscillator are read meanwhile, and
// the next four words drawn. `start` begins, `busy` is high until the last tick was given out.
`timescale 1ns / 1ps
module phase_in #(
    parameter N = 2,
    parameter M = 1,
    parameter B = 6,           // bits of a turn, 3 to 14
    parameter PHASE_BITS = 6,  // at most B
    parameter DRAW_ALL = 0,    // 1: conditioning oscillators are drawn too
    parameter DIGIT = 4,       // of philox.v
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
    output reg           tick_we,
    output reg  [NW-1:0] tick_index,
    output reg  [B-1:0]  tick
);
    localparam W = B + 10;
    localparam ALL = N + M, DRAWN = DRAW_ALL != 0 ? N + M : N;
    localparam [NW:0] FOUR = 4;
    localparam [NW-1:0] LAST = ALL[NW-1:0] - 1'b1;
    localparam [B-3:0] LAST_STEP = {B - 2{1'b1}};

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

    // search: set up in a clock, then four ticks a clock through four stages
    reg setup, search;
    reg [B-3:0] step;
    reg [W-1:0] rate, target, base, thrice;
    reg [W-1:0] error0, error1, error2, error3, size0, size1, size2, size3, best;
    reg [3:0] in_stage, last_in_stage, first_in_stage;
    reg [B-3:0] step1, step2, step3, step4;
    reg [W-1:0] low01, low23, winner;
    reg odd01, odd23;
    reg [1:0] lane;
    wire idle = !setup && !search;
    wire load = busy && idle && ready;

    wire second = low23 < low01;
    function [W-1:0] magnitude(input [W-1:0] value);
        magnitude = value[W-1] ? ~value + 1'b1 : value;
    endfunction

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            busy <= 1'b0;
            fetching <= 1'b0;
            fetched <= 1'b0;
            arriving <= 1'b0;
            draw <= 1'b0;
            asked <= 1'b0;
            add_left <= 3'd4;
            setup <= 1'b0;
            search <= 1'b0;
            in_stage <= 4'd0;
            tick_we <= 1'b0;
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
            setup <= 1'b0;
            search <= 1'b0;
            in_stage <= 4'd0;
            tick_we <= 1'b0;
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
            setup <= load;
            if (setup) search <= 1'b1;
            if (search && step == LAST_STEP) search <= 1'b0;
            in_stage <= {in_stage[2:0], search};
            tick_we <= last_in_stage[3];
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
        if (load) begin
            rate <= settings[24+:W];
            target <= place + settings[W-1:0];
        end
        if (setup) begin
            base <= -target;
            thrice <= rate + {rate[W-2:0], 1'b0};
            step <= {B - 2{1'b0}};
        end else if (search) begin
            base <= base + {rate[W-3:0], 2'b00};
            step <= step + 1'b1;
        end
        // the errors of ticks 4 step and on
        error0 <= base;
        error1 <= base + rate;
        error2 <= base + {rate[W-2:0], 1'b0};
        error3 <= base + thrice;
        step1 <= step;
        // their magnitudes
        size0 <= magnitude(error0);
        size1 <= magnitude(error1);
        size2 <= magnitude(error2);
        size3 <= magnitude(error3);
        step2 <= step1;
        // the smallest, of equals the first
        low01 <= size1 < size0 ? size1 : size0;
        odd01 <= size1 < size0;
        low23 <= size3 < size2 ? size3 : size2;
        odd23 <= size3 < size2;
        step3 <= step2;
        winner <= second ? low23 : low01;
        lane <= second ? {1'b1, odd23} : {1'b0, odd01};
        step4 <= step3;
        first_in_stage <= {first_in_stage[2:0], search && step == {B - 2{1'b0}}};
        if (in_stage[3] && (first_in_stage[3] || winner < best)) begin
            best <= winner;
            tick <= {step4, lane};
        end
    end

    always @(posedge clk or negedge rst_n)
        if (!rst_n) last_in_stage <= 4'd0;
        else if (stop || !busy) last_in_stage <= 4'd0;
        else last_in_stage <= {last_in_stage[2:0], search && step == LAST_STEP};
endmodule
