// SPDX-License-Identifier: Apache-2.0
//
// The digital control of an array of oscillators (docs/control.md), everything wired: a host on SPI,
// two chains of flip-flops that hold the array's codes, the phases going in and out. Parameters are
// those of params.vh, which the compiler writes beside the images.
`timescale 1ns / 1ps
module control #(
    parameter N = 2,  // main oscillators
    parameter M = 1,  // conditioning ones
    parameter B = 6,  // bits of a turn
    parameter P = 7,  // bins a tick
    parameter PHASE_BITS = 6,
    parameter DRAW_ALL = 0,
    parameter REFERENCE = M > 0 ? N : 0,  // oscillator that codes are relative to
    parameter CLASSES = 1,
    parameter CHAIN_BITS = 54,
    parameter LINKS = 2,  // of the class chain
    parameter LINK_BITS = 5,  // of each of them
    parameter TRIM_RISES = 1,
    parameter [15:0] RUN_CYCLES = 16'd16,
    parameter [15:0] RUN_TICKS = 16'd0,
    parameter [15:0] SETTLE = 16'd16,
    parameter [15:0] FORGET = 16'd4,
    parameter [15:0] WATCHDOG = 16'd64,
    parameter [15:0] CAPTURE = 16'd256,
    parameter [15:0] DIVIDE = 16'd1,
    parameter [3:0] LAG = 4'd0,
    parameter [4:0] CAL_TURNS = 5'd8,
    parameter [7:0] CAL_TOLERANCE = 8'd2,
    parameter [63:0] SEED = 64'd0,
    parameter DEC_LAYERS = 1,  // 0: no decoder, the host reads codes
    parameter [127:0] DEC_INPUTS = 128'd4,
    parameter [127:0] DEC_OUTPUTS = 128'd4,
    parameter [127:0] DEC_SHIFT = 128'd8,
    parameter DEC_WEIGHT_WORDS = 4,
    parameter DEC_BIASES = 4,
    parameter DEC_FIFO = 64,
    parameter DEC_SINE_FILE = "sine.hex",
    parameter DEC_PIXEL_FILE = "pixel.hex"
) (
    input  wire           clk,
    input  wire           rst_n,

    input  wire           sck,
    input  wire           cs_n,
    input  wire           mosi,
    output wire           miso,

    output wire           si,
    input  wire           so,
    output wire           ck,
    output wire           ckb,
    output wire           di,
    output wire           dk,
    output wire           dkb,

    input  wire [N+M-1:0] q,
    output wire [N+M-1:0] h,
    output wire           en,
    output wire           power,
    output wire [3:0]     lag,
    output wire           busy
);
    localparam A = N + M;
    localparam NW = $clog2(A);
    localparam TRIM_BITS = 8;
    localparam [31:0] CHAIN_BYTES = (CHAIN_BITS + 7) / 8, CLASS_BYTES = CLASSES * LINKS,
                      WEIGHT_BYTES = DEC_LAYERS == 0 ? 0 : DEC_WEIGHT_WORDS * 4,
                      BIAS_BYTES = DEC_LAYERS == 0 ? 0 : DEC_BIASES * 4, MAIN = N, ALL = A;
    localparam [31:0] SETTINGS_END = A * 8 - 1, RELEASE_END = A * 2 - 1, TRIM_END = A - 1,
                      TARGET_END = A * 4 - 1;
    localparam [2:0] MODE = DEC_LAYERS == 0 ? 3'd4 : 3'd0;

    // The release of the reset, synchronised.
    reg [1:0] awake;
    wire      run_n = awake[1];
    always @(posedge clk or negedge rst_n)
        if (!rst_n) awake <= 2'b00;
        else awake <= {awake[0], 1'b1};

    wire first, last, partial, empty, rx_valid, tx_begun;
    wire [7:0] rx_data, tx_data;
    spi spi (
        .clk(clk), .rst_n(run_n), .sck(sck), .cs_n(cs_n), .mosi(mosi), .miso(miso), .first(first),
        .last(last), .partial(partial), .empty(empty), .rx_valid(rx_valid), .rx_data(rx_data),
        .tx_begun(tx_begun), .tx_data(tx_data)
    );

    wire ask_write, ask_first;
    wire [7:0] ask_region;
    wire [23:0] ask_addr;
    wire [5:0] ask_count;
    wire [3:0] fault;
    wire [3:0] win_region;
    wire [23:0] win_addr;
    wire [7:0] win_wdata, win_rdata;
    wire win_we, win_re, win_ready, win_rvalid;
    wire pixel_held, read_end, committed, committing;
    wire [12:0] frame_error;
    wire register_re, registers_rvalid;
    wire [7:0] register_addr, registers_rdata;
    wire abort;
    frame frame (
        .clk(clk), .rst_n(run_n), .first(first), .last(last), .partial(partial), .empty(empty),
        .rx_valid(rx_valid), .rx_data(rx_data), .tx_begun(tx_begun), .tx_data(tx_data),
        .ask_write(ask_write), .ask_region(ask_region), .ask_addr(ask_addr), .ask_count(ask_count),
        .ask_first(ask_first), .fault(fault), .win_region(win_region), .win_addr(win_addr),
        .win_wdata(win_wdata), .win_we(win_we), .win_re(win_re), .win_ready(win_ready),
        .win_rvalid(win_rvalid), .win_rdata(win_rdata), .register_re(register_re), .register_addr(register_addr),
        .register_rvalid(registers_rvalid), .register_rdata(registers_rdata), .drop(abort),
        .pixel_held(pixel_held),
        .read_end(read_end), .committed(committed), .committing(committing), .error(frame_error)
    );

    // Who owns the region of this access.
    wire at_registers = win_region == 4'd0;
    wire at_chain = win_region == 4'd1;
    wire at_class = win_region == 4'd2;
    wire at_decoder = win_region == 4'd3 || win_region == 4'd4 || win_region == 4'd7;
    wire at_timing = win_region == 4'd5 || win_region == 4'd6 || win_region >= 4'd8;

    wire chain_ready, chain_rvalid, class_ready, class_rvalid, timing_ready, timing_rvalid;
    wire decoder_ready, decoder_rvalid;
    wire [7:0] chain_rdata, class_rdata, timing_rdata, decoder_rdata;
    assign win_ready = at_chain ? chain_ready : at_class ? class_ready : at_timing ? timing_ready
                     : at_decoder ? decoder_ready : 1'b1;
    assign win_rvalid = at_chain ? chain_rvalid : at_class ? class_rvalid
                      : at_timing ? timing_rvalid : decoder_rvalid;
    assign win_rdata = at_chain ? chain_rdata : at_class ? class_rdata
                     : at_timing ? timing_rdata : decoder_rdata;

    wire running, calibrating, decoding, pixels_waiting, underflow, command_waiting;
    wire start, clear, calibrate;
    wire chain_loaded, class_loaded, weights_loaded, biases_loaded, chain_busy, class_busy;
    wire [23:0] chain_next;

    // Regions of timing.v count as loaded, and may be read, when their last byte was written, or
    // when a sample or a calibration has filled them.
    reg settings_loaded, release_known, codes_known, trim_known, target_known;
    reg calibrates, spoiled;  // in the clock before; it was ended before its time
    wire [15:0] samples_done;
    always @(posedge clk or negedge run_n)
        if (!run_n) begin
            settings_loaded <= 1'b0;
            release_known   <= 1'b0;
            codes_known     <= 1'b0;
            trim_known      <= 1'b0;
            target_known    <= 1'b0;
            calibrates      <= 1'b0;
            spoiled         <= 1'b0;
        end else begin
            calibrates <= calibrating;
            spoiled    <= calibrating && (spoiled || abort);
            if (calibrates && !calibrating) trim_known <= !spoiled;
            if (win_we && win_region == 4'd5 && win_addr == SETTINGS_END[23:0]) settings_loaded <= 1'b1;
            if (win_we && win_region == 4'd6 && win_addr == RELEASE_END[23:0]) release_known <= 1'b1;
            if (win_we && win_region == 4'd9 && win_addr == TRIM_END[23:0]) trim_known <= 1'b1;
            if (win_we && win_region == 4'd10 && win_addr == TARGET_END[23:0]) target_known <= 1'b1;
            if (samples_done != 16'd0) begin
                release_known <= 1'b1;
                codes_known   <= 1'b1;
            end
            if (clear) begin
                settings_loaded <= 1'b0;
                release_known   <= 1'b0;
                trim_known      <= 1'b0;
                target_known    <= 1'b0;
            end
        end

    rules #(
        .CHAIN_BYTES(CHAIN_BYTES[24:0]), .CLASS_BYTES(CLASS_BYTES[24:0]),
        .WEIGHT_BYTES(WEIGHT_BYTES[24:0]), .BIAS_BYTES(BIAS_BYTES[24:0]), .N(MAIN[24:0]),
        .A(ALL[24:0])
    ) rules (
        .ask_write(ask_write), .ask_region(ask_region), .ask_addr(ask_addr), .ask_count(ask_count),
        .ask_first(ask_first), .fault(fault), .running(running || calibrating),
        .decoding(decoding), .chain_busy(chain_busy), .class_busy(class_busy),
        .command(command_waiting || start || calibrate),
        .known({target_known, trim_known, codes_known, 1'b1, release_known, settings_loaded,
                biases_loaded, weights_loaded, class_loaded, chain_loaded}),
        .pixel(pixels_waiting || (pixel_held && ask_first)), .chain_next(chain_next)
    );

    wire [15:0] class_first, count, run_cycles, run_ticks, settle, forget, watchdog, capture_limit;
    wire [15:0] divide, failed, cal_failures;
    wire [10:0] timing_error;
    wire [63:0] seed, sample_first;
    wire [31:0] tone_ticks;
    wire [2:0] mode;
    wire codes_only = mode[2] || DEC_LAYERS == 0;
    wire [4:0] cal_turns;
    wire [7:0] cal_tolerance;
    wire [12:0] error = frame_error | {1'b0, underflow, timing_error};
    assign busy = running || calibrating || chain_busy || class_busy || committing ||
                  command_waiting || start || calibrate;
    registers #(
        .N(N), .M(M), .RUN_CYCLES(RUN_CYCLES), .RUN_TICKS(RUN_TICKS), .SETTLE(SETTLE),
        .FORGET(FORGET), .WATCHDOG(WATCHDOG), .CAPTURE(CAPTURE), .DIVIDE(DIVIDE), .LAG(LAG),
        .MODE(MODE), .CAL_TURNS(CAL_TURNS), .CAL_TOLERANCE(CAL_TOLERANCE), .SEED(SEED)
    ) registers (
        .clk(clk), .rst_n(run_n), .addr(win_addr[7:0]), .wdata(win_wdata),
        .we(win_we && at_registers), .re(register_re), .read_addr(register_addr),
        .rvalid(registers_rvalid),
        .rdata(registers_rdata),
        .hash_we(win_we && win_region >= 4'd1 && win_region <= 4'd5), .committed(committed),
        .busy(running || calibrating || chain_busy || class_busy),
        .status({decoding, calibrating, pixels_waiting || pixel_held, settings_loaded,
                 biases_loaded, weights_loaded, class_loaded, chain_loaded}),
        .samples_done(samples_done), .tone_ticks(tone_ticks), .cal_failures(cal_failures),
        .failed(failed), .error(error), .class_first(class_first), .count(count), .seed(seed),
        .sample_first(sample_first), .run_cycles(run_cycles), .run_ticks(run_ticks),
        .settle(settle), .forget(forget), .lag(lag), .watchdog(watchdog),
        .capture_limit(capture_limit), .divide(divide), .mode(mode), .cal_turns(cal_turns),
        .cal_tolerance(cal_tolerance), .waiting(command_waiting), .start(start), .abort(abort),
        .clear(clear), .calibrate(calibrate)
    );

    wire turn, turn_busy;
    wire [NW-1:0] trim_index;
    wire [7:0] trim_code;
    chain #(
        .BITS(CHAIN_BITS), .OSCILLATORS(A), .TRIM_BITS(TRIM_BITS)
    ) chain (
        .clk(clk), .rst_n(run_n), .half(divide),
        .clear(clear || (calibrating && abort)), .read_end(read_end),
        .loaded(chain_loaded), .busy(chain_busy), .next(chain_next), .wdata(win_wdata),
        .we(win_we && at_chain), .restart(win_addr == 24'd0), .re(win_re && at_chain),
        .ready(chain_ready), .rvalid(chain_rvalid), .rdata(chain_rdata), .turn(turn),
        .turn_busy(turn_busy), .trim_index(trim_index), .trim_code(trim_code), .si(si), .so(so),
        .ck(ck), .ckb(ckb)
    );

    wire class_load;
    wire [15:0] class_number;
    class_chain #(
        .CLASSES(CLASSES), .LINKS(LINKS), .LINK_BITS(LINK_BITS)
    ) class_chain (
        .clk(clk), .rst_n(run_n), .half(divide), .clear(clear), .loaded(class_loaded),
        .addr(win_addr), .wdata(win_wdata), .we(win_we && at_class), .re(win_re && at_class),
        .ready(class_ready), .rvalid(class_rvalid), .rdata(class_rdata), .load(class_load),
        .number(class_number), .busy(class_busy), .di(di), .dk(dk), .dkb(dkb)
    );

    wire code_ready, code_valid;
    wire [15:0] code_index;
    wire [B-1:0] code;
    timing #(
        .N(N), .M(M), .B(B), .P(P), .PHASE_BITS(PHASE_BITS), .DRAW_ALL(DRAW_ALL),
        .REFERENCE(REFERENCE), .CLASSES(CLASSES), .TRIM_RISES(TRIM_RISES)
    ) timing (
        .clk(clk), .rst_n(run_n), .win_region(win_region), .win_addr(win_addr),
        .win_wdata(win_wdata), .win_we(win_we && at_timing), .win_re(win_re && at_timing),
        .win_ready(timing_ready), .win_rvalid(timing_rvalid), .win_rdata(timing_rdata),
        .start(start), .stop(abort), .calibrate(calibrate),
        .loaded_run(chain_loaded && class_loaded && settings_loaded &&
                    (codes_only || (weights_loaded && biases_loaded))),
        .loaded_calibrate(chain_loaded && target_known), .class_first(class_first),
        .count(count), .seed(seed), .sample_first(sample_first), .run_cycles(run_cycles),
        .run_ticks(run_ticks), .settle(settle), .forget(forget), .watchdog(watchdog),
        .capture_limit(capture_limit), .mode_ticks(mode[0]), .mode_step(mode[1]),
        .mode_codes(codes_only), .cal_turns(cal_turns), .cal_tolerance(cal_tolerance), .busy(running),
        .calibrating(calibrating), .samples_done(samples_done), .tone_ticks(tone_ticks),
        .cal_failures(cal_failures), .failed(failed), .error(timing_error),
        .class_load(class_load), .class_number(class_number), .class_busy(class_busy), .turn(turn),
        .turn_busy(turn_busy), .trim_index(trim_index), .trim_code(trim_code),
        .code_valid(code_valid), .code_ready(code_ready), .code_index(code_index), .code(code),
        .q(q), .h(h), .en(en), .power(power)
    );

    generate
        if (DEC_LAYERS == 0) begin : host_decodes
            assign code_ready = 1'b1;
            assign decoding = 1'b0;
            assign pixels_waiting = 1'b0;
            assign underflow = 1'b0;
            assign weights_loaded = 1'b0;
            assign biases_loaded = 1'b0;
            assign decoder_ready = 1'b1;
            assign decoder_rvalid = 1'b0;
            assign decoder_rdata = 8'd0;
            wire unused = &{1'b0, code_valid, code_index, code};
        end else begin : decodes
            decoder #(
                .MAIN(N), .BITS(B), .LAYERS(DEC_LAYERS), .INPUTS(DEC_INPUTS), .OUTPUTS(DEC_OUTPUTS),
                .SHIFT(DEC_SHIFT), .WEIGHT_WORDS(DEC_WEIGHT_WORDS), .BIASES(DEC_BIASES),
                .FIFO(DEC_FIFO), .SINE_FILE(DEC_SINE_FILE), .PIXEL_FILE(DEC_PIXEL_FILE)
            ) decoder (
                .clk(clk), .rst_n(run_n), .stop(abort), .clear(clear), .code_valid(code_valid),
                .code_ready(code_ready), .code_index(code_index),
                .code(code), .decoding(decoding), .pixels_waiting(pixels_waiting),
                .underflow(underflow), .weights_loaded(weights_loaded),
                .biases_loaded(biases_loaded), .win_region(win_region), .win_addr(win_addr),
                .win_wdata(win_wdata), .win_we(win_we && at_decoder),
                .win_re(win_re && at_decoder), .win_ready(decoder_ready),
                .win_rvalid(decoder_rvalid), .win_rdata(decoder_rdata)
            );
        end
    endgenerate
endmodule
