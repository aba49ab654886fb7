// SPDX-License-Identifier: Apache-2.0
//
// Everything with a sense of time (docs/control.md): phases in and out, the states of a sample,
// calibration. control.v puts it beside the SPI slave, the chains and the decoder.
module timing #(
    parameter N = 64,         // main oscillators
    parameter M = 1,          // conditioning oscillators; they come after the main ones
    parameter B = 6,          // bits of a turn
    parameter P = 7,          // bins a tick, odd
    parameter PHASE_BITS = 6, // of a drawn phase
    parameter DRAW_ALL = 0,   // 1: conditioning oscillators get drawn phases too
    parameter CLASSES = 10,
    parameter TRIM_RISES = 1, // 1: the frequency rises with the trim code
    parameter NW = $clog2(N + M + 1) // bits of an oscillator's number; not to be set
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
    input  wire             abort,
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
    output wire [15:0]      error,        // pulses, numbered as in ERRORS; 5 to 10 come from here

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

    // decoder: while code_ready is high its buffer is free; then code_we writes codes 0 .. N - 1 in
    // order, decode is pulsed after the last, and code_ready is low from the next clock until
    // the buffer is free again
    input  wire             code_ready,
    output wire             code_we,
    output wire [NW-1:0]    code_index,
    output wire [B-1:0]     code,
    output wire             decode,

    // array
    input  wire [N+M-1:0]   q,
    output wire [N+M-1:0]   h,
    output wire             en,
    output wire             power
);
endmodule
