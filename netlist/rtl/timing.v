// SPDX-License-Identifier: Apache-2.0
//
// Everything with a sense of time (docs/control.md): phases in and out, the states of a sample,
// calibration. control.v puts it beside the SPI slave, the chains and the decoder.
`timescale 1ns / 1ps
module timing #(
    parameter N = 64,         // main oscillators
    parameter M = 1,          // conditioning oscillators; they come after the main ones
    parameter B = 6,          // bits of a turn
    parameter P = 7,          // bins a tick, odd
    parameter PHASE_BITS = 6, // of a drawn phase
    parameter DRAW_ALL = 0,   // 1: conditioning oscillators get drawn phases too
    parameter REFERENCE = M > 0 ? N : 0,  // oscillator that codes are relative to
    parameter TONE = M > 0 ? N : 0,       // oscillator whose turns are counted
    parameter CLASSES = 10,
    parameter TRIM_RISES = 1, // 1: the frequency rises with the trim code
    parameter DIGIT = 8,      // of philox.v
    parameter NW = $clog2(N + M)  // bits of an index; not to be set
) (
    input  wire             clk,
    input  wire             rst_n,

    // byte bus, regions 5 settings, 6 release, 8 codes, 9 trim, 10 target: an access takes effect
    // while nothing runs; while busy or calibrating writes are ignored and reads answered with 0
    input  wire [3:0]       win_region,
    input  wire [23:0]      win_addr,
    input  wire [7:0]       win_wdata,
    input  wire             win_we,
    input  wire             win_re,
    output wire             win_ready,
    output wire             win_rvalid, // only for these regions
    output wire [7:0]       win_rdata,  // 0 unless win_rvalid

    // commands: pulses of one clock
    input  wire             start,
    input  wire             stop, // COMMAND's ABORT (a word of C)
    input  wire             calibrate,
    input  wire             loaded_run,       // all that START needs is loaded, else error 7
    input  wire             loaded_calibrate, // all that CALIBRATE needs is loaded, else error 7

    // registers: steady while busy or calibrating
    input  wire [15:0]      class_first,
    input  wire [15:0]      count, // samples; 0 ends at once
    input  wire [63:0]      seed,
    input  wire [63:0]      sample_first,
    input  wire [15:0]      run_cycles, run_ticks,
    input  wire [15:0]      settle, forget,
    input  wire [15:0]      watchdog, capture_limit,
    input  wire             mode_ticks,  // MODE bit 0: release ticks are loaded
    input  wire             mode_step,   // MODE bit 1: class counts up with the sample
    input  wire             mode_codes,  // MODE bit 2: no decoding; 1 where there is no decoder
    input  wire [4:0]       cal_turns,
    input  wire [7:0]       cal_tolerance,

    // state
    output wire             busy,        // from START to the end of the last sample
    output wire             calibrating,
    output wire [15:0]      samples_done, // of this batch
    output wire [31:0]      tone_ticks,   // register TONE
    output wire [15:0]      cal_failures,
    output wire [15:0]      failed,       // register FAILED
    output wire [10:0]      error,        // pulses, numbered as in ERRORS; 5 to 10 come from here

    // class chain: a pulse asks for a class (a number below CLASSES, steady until done); class_busy is high from
    // the next clock until the chain holds its bank, for one clock at least
    output wire             class_load,
    output wire [15:0]      class_number,
    input  wire             class_busy,

    // configuration chain: a pulse asks to turn it once round, bit j (counted from the top) of each
    // of the first N + M links replaced by trim_code[7 - j]; turn_busy as above. trim_code is that
    // of the trim_index of the clock before
    output wire             turn,
    input  wire             turn_busy,
    input  wire [NW-1:0]    trim_index,
    output wire [7:0]       trim_code,

    // decoder: codes 0 .. N - 1 in rising order, each taken when valid and ready are high; ready
    // stays low while the last sample is decoded
    output wire             code_valid,
    input  wire             code_ready,
    output wire [15:0]      code_index,
    output wire [B-1:0]     code,

    // array
    input  wire [N+M-1:0]   q,
    output wire [N+M-1:0]   h,
    output wire             en,
    output wire             power
);
    localparam A = N + M;
    localparam [3:0] SETTINGS = 4'd5, RELEASE = 4'd6, CODES = 4'd8, TRIM = 4'd9, TARGET = 4'd10;

    // bus
    wire occupied = busy || calibrating;
    wire we = win_we && !occupied, re = win_re && !occupied;
    wire mine = win_region == SETTINGS || win_region == RELEASE || win_region == CODES ||
                win_region == TRIM || win_region == TARGET;
    wire codes_busy, code_read_valid, reading_codes;
    wire [7:0] settings_rdata, trim_rdata, target_rdata;
    wire [B-1:0] read_tick, read_code, read_raw;
    reg [3:0] answer_region;
    reg answer, answer_raw, answer_low;
    reg [7:0] high;  // first byte of a word of two
    wire [15:0] high_low = {high, win_wdata};
    wire [15:0] word = answer_region == RELEASE ? {{16 - B{1'b0}}, read_tick} :
                       answer_raw ? {{16 - B{1'b0}}, read_raw} : {{16 - B{1'b0}}, read_code};
    wire unused = &{1'b0, win_addr, high_low};  // control.v checked what is beyond

    assign win_ready = !reading_codes;
    assign win_rvalid = answer || code_read_valid;
    assign win_rdata = !win_rvalid || answer_region == 4'd0 ? 8'd0 :
                       answer_region == SETTINGS ? settings_rdata :
                       answer_region == TRIM ? trim_rdata :
                       answer_region == TARGET ? target_rdata :
                       answer_low ? word[7:0] : word[15:8];

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            answer <= 1'b0;
            answer_region <= 4'd0;
            answer_raw <= 1'b0;
            answer_low <= 1'b0;
        end else begin
            answer <= win_re && mine && (occupied || win_region != CODES);
            if (win_re) begin
                answer_region <= occupied ? 4'd0 : win_region;
                answer_raw <= win_addr[16];
                answer_low <= win_addr[0];
            end
        end
    always @(posedge clk) if (we) high <= win_wdata;

    // phases in
    wire phase_start, phase_busy, phase_we;
    wire [NW+2:0] phase_address, code_address;
    wire [NW-1:0] phase_index;
    wire [B-1:0] phase_tick;
    wire host_tick = we && win_region == RELEASE && win_addr[0];
    wire release_run, release_last, hold_all, free_all;
    settings #(.A(A)) settings (
        .clk(clk), .en(busy || codes_busy || (win_region == SETTINGS && (we || re))),
        .we(we && win_region == SETTINGS), .wdata(win_wdata), .win_address(win_addr[NW+2:0]),
        .lend(busy || codes_busy), .address(codes_busy ? code_address : phase_address),
        .rdata(settings_rdata)
    );
    phase_in #(.N(N), .M(M), .B(B), .PHASE_BITS(PHASE_BITS), .DRAW_ALL(DRAW_ALL), .DIGIT(DIGIT))
    phase_in (
        .clk(clk), .rst_n(rst_n), .start(phase_start), .stop(stop), .seed(seed),
        .sample_first(sample_first), .samples_done(samples_done), .busy(phase_busy),
        .set_address(phase_address), .set_data(settings_rdata),
        .tick_we(phase_we), .tick_index(phase_index), .tick(phase_tick)
    );
    releases #(.A(A), .B(B)) releases (
        .clk(clk), .rst_n(rst_n), .hold_all(hold_all && !free_all), .free_all(free_all),
        .run(release_run), .last(release_last), .tick_we(phase_we || host_tick),
        .tick_index(phase_we ? phase_index : win_addr[NW:1]),
        .tick(phase_we ? phase_tick : high_low[B-1:0]),
        .read_index(win_addr[NW:1]), .read_tick(read_tick), .h(h)
    );

    // phases out
    wire [A-1:0] rise;
    wire capture_clear, capture_open, capture_full, codes_start, codes_scan, sum_full;
    wire [B-1:0] sum, reference_sum;
    wire [NW-1:0] index;
    capture #(.A(A), .B(B), .P(P), .REFERENCE(REFERENCE)) capture (
        .clk(clk), .rst_n(rst_n), .q(q), .rise(rise), .clear(capture_clear), .open(capture_open),
        .all_full(capture_full), .reference_sum(reference_sum), .read_index(index),
        .read_sum(sum), .read_full(sum_full)
    );
    codes #(.N(N), .A(A), .B(B)) codes (
        .clk(clk), .rst_n(rst_n), .start(codes_start), .scan(codes_scan), .stop(stop),
        .busy(codes_busy), .index(index), .sum(sum), .full(sum_full),
        .reference_sum(reference_sum), .set_address(code_address), .set_data(settings_rdata),
        .read(re && win_region == CODES), .read_index(win_addr[NW:1]), .reading(reading_codes),
        .read_valid(code_read_valid), .code(read_code), .raw(read_raw), .code_valid(code_valid),
        .code_ready(code_ready)
    );
    assign code = read_code;
    assign code_index = {{16 - NW{1'b0}}, index};

    // states
    wire run_power, cal_power, cal_found, run_error_busy, cal_error_busy, run_error_unloaded,
        cal_error_unloaded, error_class, capture_short, tone_lost, cal_failed;
    wire [NW-1:0] cal_index;
    reg [NW-1:0] failed_index;
    sequencer #(.CLASSES(CLASSES)) sequencer (
        .clk(clk), .rst_n(rst_n), .start(start), .stop(stop), .loaded(loaded_run),
        .occupied(calibrating), .class_first(class_first), .count(count), .run_cycles(run_cycles),
        .run_ticks(run_ticks), .settle(settle), .forget(forget), .watchdog(watchdog),
        .capture_limit(capture_limit), .mode_ticks(mode_ticks), .mode_step(mode_step),
        .mode_codes(mode_codes), .busy(busy), .samples_done(samples_done),
        .tone_ticks(tone_ticks), .error_busy(run_error_busy), .error_class(error_class),
        .error_unloaded(run_error_unloaded), .tone_lost(tone_lost),
        .capture_short(capture_short), .phase_start(phase_start), .phase_busy(phase_busy),
        .class_load(class_load), .class_number(class_number), .class_busy(class_busy),
        .release_run(release_run), .release_last(release_last), .tone_rise(rise[TONE]),
        .capture_clear(capture_clear), .capture_open(capture_open),
        .capture_full(capture_full), .codes_start(codes_start), .codes_scan(codes_scan),
        .codes_busy(codes_busy), .hold_all(hold_all), .en(en), .power(run_power)
    );
    calibrate #(.A(A), .RISES(TRIM_RISES)) calibration (
        .clk(clk), .rst_n(rst_n), .start(calibrate), .stop(stop), .loaded(loaded_calibrate),
        .occupied(busy || start), .turns(cal_turns), .tolerance(cal_tolerance), .settle(settle),
        .watchdog(watchdog), .busy(calibrating), .failures(cal_failures), .found(cal_found),
        .index(cal_index), .error_busy(cal_error_busy), .error_unloaded(cal_error_unloaded),
        .failed(cal_failed), .trim_we(we && win_region == TRIM), .trim_address(win_addr[NW-1:0]),
        .trim_rdata(trim_rdata), .target_we(we && win_region == TARGET),
        .target_re(win_re && win_region == TARGET),
        .target_address(win_addr[NW+1:0]), .target_rdata(target_rdata), .wdata(win_wdata),
        .turn(turn), .turn_busy(turn_busy), .trim_index(trim_index), .trim_code(trim_code),
        .rise(rise), .free_all(free_all), .power(cal_power)
    );
    assign power = run_power || cal_power;
    assign failed = {{16 - NW{1'b0}}, failed_index};
    assign error = {cal_failed, tone_lost, capture_short,
                    run_error_unloaded || cal_error_unloaded, error_class,
                    run_error_busy || cal_error_busy, 5'd0};

    always @(posedge clk or negedge rst_n)
        if (!rst_n) failed_index <= {NW{1'b0}};
        else if (capture_short) failed_index <= index;
        else if (cal_found) failed_index <= cal_index;
endmodule
