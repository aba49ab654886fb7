// SPDX-License-Identifier: Apache-2.0
//
// The states of a sample and the steps of a batch (docs/control.md, "A sample"). Whatever waits for
// the array ends after a limit of ticks: without an edge of the tone the batch ends with tone_lost,
// without all edges at capture with capture_short. `stop` ends a batch from any state, once the class chain
// is at rest. What is pulsed here: phase_start, class_load, codes_start, codes_scan and the errors.
`timescale 1ns / 1ps
module sequencer #(
    parameter CLASSES = 1
) (
    input  wire        clk,
    input  wire        rst_n,
    // host
    input  wire        start,
    input  wire        stop,
    input  wire        loaded,    // all that a sample needs
    input  wire        occupied,  // calibration goes on
    input  wire [15:0] class_first,
    input  wire [15:0] count,
    input  wire [15:0] run_cycles,
    input  wire [15:0] run_ticks,
    input  wire [15:0] settle,
    input  wire [15:0] forget,
    input  wire [15:0] watchdog,
    input  wire [15:0] capture_limit,
    input  wire        mode_ticks,
    input  wire        mode_step,
    input  wire        mode_codes,
    output wire        busy,
    output reg  [15:0] samples_done,
    output reg  [31:0] tone_ticks,
    output reg         error_busy,
    output reg         error_class,
    output reg         error_unloaded,
    output reg         tone_lost,
    output reg         capture_short,
    // the rest of the control
    output reg         phase_start,
    input  wire        phase_busy,
    output reg         class_load,
    output reg  [15:0] class_number,
    input  wire        class_busy,
    output wire        release_run,
    input  wire        release_last,
    input  wire        tone_rise,
    output wire        capture_clear,
    output wire        capture_open,
    input  wire        capture_full,
    output reg         codes_start,
    output reg         codes_scan,
    input  wire        codes_busy,
    // array
    output wire        hold_all,
    output reg         en,
    output reg         power
);
    localparam IDLE = 4'd0, PREPARE = 4'd1, SETTLE = 4'd2, RELEASE = 4'd3, FORGET = 4'd4,
        COUPLE = 4'd5, TICKS = 4'd6, CAPTURE = 4'd7, SCAN = 4'd8, GIVE = 4'd9, STOP = 4'd10;
    localparam [31:0] MOST_CLASS = CLASSES - 1;

    reg [3:0] state;
    reg [15:0] left;  // turns or ticks, by state
    reg [15:0] quiet;  // ticks since the last edge of the tone
    reg asked;  // the pulses of this state are out, and busy answers them

    assign busy = state != IDLE;
    assign hold_all = state < RELEASE || state > CAPTURE;
    assign release_run = state == RELEASE;
    assign capture_clear = state == RELEASE;
    assign capture_open = state == CAPTURE;

    wire turns_over = left == 16'd0 || (tone_rise && left == 16'd1);
    wire lost = !tone_rise && quiet >= watchdog;
    wire class_fits = {1'b0, class_first} <= MOST_CLASS[16:0];

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            state <= IDLE;
            left <= 16'd0;
            quiet <= 16'd0;
            asked <= 1'b0;
            samples_done <= 16'd0;
            tone_ticks <= 32'd0;
            class_number <= 16'd0;
            error_busy <= 1'b0;
            error_class <= 1'b0;
            error_unloaded <= 1'b0;
            tone_lost <= 1'b0;
            capture_short <= 1'b0;
            phase_start <= 1'b0;
            class_load <= 1'b0;
            codes_start <= 1'b0;
            codes_scan <= 1'b0;
            en <= 1'b0;
            power <= 1'b0;
        end else begin
            error_busy <= start && (busy || occupied);
            error_class <= 1'b0;
            error_unloaded <= 1'b0;
            tone_lost <= 1'b0;
            capture_short <= 1'b0;
            phase_start <= 1'b0;
            class_load <= 1'b0;
            codes_start <= 1'b0;
            codes_scan <= 1'b0;
            asked <= 1'b0;
            quiet <= tone_rise ? 16'd1 : quiet + 16'd1;
            case (state)
                IDLE:
                    if (start && !occupied && !stop) begin
                        error_unloaded <= !loaded;
                        error_class <= loaded && !class_fits;
                        if (loaded && class_fits) begin
                            samples_done <= 16'd0;
                            class_number <= class_first;
                            if (count != 16'd0) begin
                                state <= PREPARE;
                                phase_start <= !mode_ticks;
                                class_load <= 1'b1;
                            end
                        end
                    end
                PREPARE: begin
                    asked <= 1'b1;
                    left <= settle;
                    if (asked && !phase_busy && !class_busy) begin
                        state <= SETTLE;
                        power <= 1'b1;
                    end
                end
                SETTLE: begin
                    left <= left - 16'd1;
                    if (left <= 16'd1) state <= RELEASE;
                end
                RELEASE: begin
                    left <= forget;
                    quiet <= 16'd1;
                    if (release_last) state <= FORGET;
                end
                FORGET: begin
                    tone_ticks <= 32'd0;
                    left <= left - {15'd0, tone_rise};
                    if (turns_over) begin
                        state <= COUPLE;
                        en <= 1'b1;
                        left <= run_cycles;
                        quiet <= 16'd1;
                    end else if (lost) begin
                        state <= STOP;
                        tone_lost <= 1'b1;
                    end
                end
                COUPLE: begin
                    tone_ticks <= tone_ticks + 32'd1;
                    left <= left - {15'd0, tone_rise};
                    if (turns_over) begin
                        state <= run_ticks == 16'd0 ? CAPTURE : TICKS;
                        en <= run_ticks != 16'd0;
                        left <= run_ticks == 16'd0 ? capture_limit : run_ticks;
                    end else if (lost) begin
                        state <= STOP;
                        tone_lost <= 1'b1;
                    end
                end
                TICKS: begin
                    left <= left - 16'd1;
                    if (left == 16'd1) begin
                        state <= CAPTURE;
                        en <= 1'b0;
                        left <= capture_limit;
                    end
                end
                CAPTURE: begin
                    left <= left - 16'd1;
                    if (capture_full) begin
                        state <= GIVE;
                        codes_start <= !mode_codes;
                    end else if (left <= 16'd1) begin
                        state <= SCAN;
                        codes_scan <= 1'b1;
                    end
                end
                SCAN: begin
                    power <= 1'b0;
                    asked <= 1'b1;
                    if (asked && !codes_busy) begin
                        state <= capture_full ? GIVE : STOP;
                        asked <= 1'b0;
                        codes_start <= capture_full && !mode_codes;
                        capture_short <= !capture_full;
                    end
                end
                GIVE: begin
                    power <= 1'b0;
                    asked <= 1'b1;
                    if (asked && !codes_busy) begin
                        samples_done <= samples_done + 16'd1;
                        if (samples_done + 16'd1 == count) begin
                            state <= IDLE;
                        end else begin
                            state <= PREPARE;
                            asked <= 1'b0;
                            phase_start <= !mode_ticks;
                            class_load <= 1'b1;
                            if (mode_step)
                                class_number <= {1'b0, class_number} == MOST_CLASS[16:0]
                                                ? 16'd0 : class_number + 16'd1;
                        end
                    end
                end
                default: begin  // STOP
                    en <= 1'b0;
                    power <= 1'b0;
                    asked <= 1'b1;
                    if (asked && !class_busy) state <= IDLE;
                end
            endcase
            if (stop && busy) begin
                state <= STOP;
                asked <= 1'b0;
                en <= 1'b0;
                power <= 1'b0;
                tone_lost <= 1'b0;
                capture_short <= 1'b0;
                phase_start <= 1'b0;
                class_load <= 1'b0;
                codes_start <= 1'b0;
                codes_scan <= 1'b0;
            end
        end
endmodule
