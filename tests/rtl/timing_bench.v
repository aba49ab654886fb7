// SPDX-License-Identifier: Apache-2.0
//
// timing.v among ideal oscillators, a class chain that takes its time and a decoder that does too. Obeys the
// lines "letter a b" (hexadecimal) of +in: see the case below. Each oscillator is a phase of 32 bits a
// turn that stands at RELEASE while held and moves on by its step each clock when not; q is high
// in the first half turn. Breaches of what holds at any time are written as "bad".
`timescale 1ns / 1ps
module timing_bench #(
    parameter N = 4,
    parameter M = 1,
    parameter B = 6,
    parameter P = 7,
    parameter PHASE_BITS = 6,
    parameter DRAW_ALL = 0,
    parameter REFERENCE = N,
    parameter TONE = N,
    parameter CLASSES = 10,
    parameter TRIM_RISES = 1,
    parameter DIGIT = 8
);
    localparam A = N + M, NW = $clog2(A);
    localparam [31:0] RELEASE = 32'h60000000;

    reg clk = 0, rst_n = 0;
    always #5 clk = ~clk;

    reg [3:0] win_region = 0;
    reg [23:0] win_addr = 0;
    reg [7:0] win_wdata = 0;
    reg win_we = 0, win_re = 0, start = 0, stop = 0, calibrate = 0;
    wire win_ready, win_rvalid;
    wire [7:0] win_rdata;
    reg [31:0] set[0:31];
    wire busy, calibrating, class_load, turn, code_valid, en, power;
    wire [15:0] samples_done, cal_failures, failed, class_number, code_index;
    wire [10:0] error;
    wire [31:0] tone_ticks;
    reg class_busy = 0, turn_busy = 0, code_ready = 1;
    reg [NW-1:0] trim_index = 0;
    wire [7:0] trim_code;
    wire [B-1:0] code;
    reg [A-1:0] q = 0, dead = 0;
    wire [A-1:0] h;

    // a copy in the clock's order: what tasks write is not seen by all ports in Verilator 5.006
    reg [31:0] held[0:31];
    integer r;
    always @(posedge clk) for (r = 0; r < 32; r = r + 1) held[r] <= set[r];

    timing #(
        .N(N), .M(M), .B(B), .P(P), .PHASE_BITS(PHASE_BITS), .DRAW_ALL(DRAW_ALL),
        .REFERENCE(REFERENCE), .TONE(TONE), .CLASSES(CLASSES), .TRIM_RISES(TRIM_RISES),
        .DIGIT(DIGIT)
    ) dut (
        .clk(clk), .rst_n(rst_n), .win_region(win_region), .win_addr(win_addr),
        .win_wdata(win_wdata), .win_we(win_we), .win_re(win_re), .win_ready(win_ready),
        .win_rvalid(win_rvalid), .win_rdata(win_rdata), .start(start), .stop(stop),
        .calibrate(calibrate), .loaded_run(held[15][0]), .loaded_calibrate(held[16][0]),
        .class_first(held[0][15:0]), .count(held[1][15:0]), .seed({held[2], held[3]}),
        .sample_first({held[4], held[5]}), .run_cycles(held[6][15:0]), .run_ticks(held[7][15:0]),
        .settle(held[8][15:0]), .forget(held[9][15:0]), .watchdog(held[10][15:0]),
        .capture_limit(held[11][15:0]), .mode_ticks(held[12][0]), .mode_step(held[12][1]),
        .mode_codes(held[12][2]), .cal_turns(held[13][4:0]), .cal_tolerance(held[14][7:0]),
        .busy(busy), .calibrating(calibrating), .samples_done(samples_done),
        .tone_ticks(tone_ticks), .cal_failures(cal_failures), .failed(failed), .error(error),
        .class_load(class_load), .class_number(class_number), .class_busy(class_busy),
        .turn(turn), .turn_busy(turn_busy), .trim_index(trim_index), .trim_code(trim_code),
        .code_valid(code_valid), .code_ready(code_ready), .code_index(code_index), .code(code),
        .q(q), .h(h), .en(en), .power(power)
    );

    // oscillators
    reg [31:0] phase[0:A-1], middle[0:A-1], slope[0:A-1], now;
    reg [7:0] trim[0:A-1];
    integer i;
    initial
        for (i = 0; i < A; i = i + 1) begin
            phase[i] = RELEASE;
            middle[i] = 0;
            slope[i] = 0;
            trim[i] = 8'h80;
        end
    always @(posedge clk)
        for (i = 0; i < A; i = i + 1) begin
            now = h[i] ? RELEASE : phase[i] + middle[i] + (trim[i] - 32'h80) * slope[i];
            phase[i] <= now;
            q[i] <= !now[31] && !dead[i];
        end

    // chains
    integer class_left = 0, turn_left = 0;
    reg [15:0] class_held = 16'hffff;
    always @(posedge clk) begin
        class_left <= class_load ? set[18] : class_left > 0 ? class_left - 1 : 0;
        class_busy <= class_load || class_left > 0;
        if (class_load) class_held <= class_number;
        if (class_load && set[19][0]) $fwrite(out, "class %h\n", class_number);
        if (turn) begin
            trim_index <= 0;
            turn_left <= 2 * A + 2;
        end else if (turn_left > 0) begin
            turn_left <= turn_left - 1;
            if (turn_left[0]) begin
                trim[trim_index] <= trim_code;
                if (trim_index != A - 1) trim_index <= trim_index + 1;
            end
        end
        turn_busy <= turn || turn_left > 0;
    end

    // decoder: codes of the sample are printed, then it takes set[17] clocks
    integer decode_left = 0, out, in, got, ran, clocks = 0;
    always @(posedge clk) clocks <= clocks + 1;
    reg [15:0] expected_index = 0;
    always @(posedge clk) begin
        if (decode_left > 0) decode_left <= decode_left - 1;
        code_ready <= decode_left <= 1;
        if (code_valid && code_ready && !stop) begin
            if (code_index != expected_index) $fwrite(out, "bad index %0d\n", code_index);
            expected_index <= code_index == N - 1 ? 0 : code_index + 1;
            $fwrite(out, "%h%s", code, code_index == N - 1 ? "\n" : " ");
            if (code_index == N - 1) begin
                decode_left <= set[17];
                code_ready <= set[17] == 0;
            end
        end
        if (stop) begin
            if (expected_index != 0) $fwrite(out, "stopped\n");
            expected_index <= 0;
        end
    end

    // what always holds
    reg [10:0] errors = 0;
    integer en_ticks = 0, en_last = 0;
    reg [A-1:0] h_last;
    reg power_last = 0;
    always @(posedge clk) begin
        errors <= errors | error;
        h_last <= h;
        power_last <= power;
        en_ticks <= en ? en_ticks + 1 : 0;
        if (en_ticks != 0 && !en) en_last <= en_ticks;
        if (rst_n && en && h != 0) $fwrite(out, "bad en while held\n");
        if (rst_n && en && !power) $fwrite(out, "bad en without power\n");
        if (rst_n && !power && !power_last && h != {A{1'b1}}) $fwrite(out, "bad release without power\n");
        if (rst_n && power && !calibrating && class_busy) $fwrite(out, "bad class while running\n");
        if (rst_n && power && !calibrating && class_held != class_number)
            $fwrite(out, "bad class\n");
        if (rst_n && ^{h, en, power, busy, calibrating, error, code_valid, turn, class_load} === 1'bx)
            $fwrite(out, "bad x\n");
    end

    reg [8*256-1:0] path;
    reg [7:0] letter;
    reg [31:0] a, b;
    integer k;
    task pulse(input which_start, input which_stop, input which_calibrate);
        begin
            start = which_start;
            stop = which_stop;
            calibrate = which_calibrate;
            @(negedge clk);
            start = 0;
            stop = 0;
            calibrate = 0;
        end
    endtask
    initial begin
        for (i = 0; i < 32; i = i + 1) set[i] = 0;
        if (!$value$plusargs("in=%s", path)) $finish;
        in = $fopen(path, "r");
        if (!$value$plusargs("out=%s", path)) $finish;
        out = $fopen(path, "w");
        repeat (4) @(negedge clk);
        rst_n = 1;
        @(negedge clk);
        got = $fscanf(in, "%s %h %h", letter, a, b);
        while (got == 3) begin
            case (letter)
                "g": begin
                    set[a[4:0]] = b;
                    @(negedge clk);
                end
                "f": middle[a] = b;
                "l": slope[a] = b;
                "k": dead[a] = b[0];
                "s": pulse(1, 0, 0);
                "x": pulse(0, 1, 0);
                "c": pulse(0, 0, 1);
                "t": repeat (a) @(negedge clk);
                "w": begin  // a: region, address; b: byte
                    {win_region, win_addr, win_wdata, win_we} = {a[27:0], b[7:0], 1'b1};
                    @(negedge clk);
                    win_we = 0;
                end
                "r": begin  // a: region, address; b: bytes
                    repeat (b) begin
                        {win_region, win_addr, win_re} = {a[27:0], 1'b1};
                        @(negedge clk);
                        win_re = 0;
                        for (ran = 0; !win_rvalid && ran < 16; ran = ran + 1) @(negedge clk);
                        if (!win_rvalid) $fwrite(out, "bad no answer\n");
                        $fwrite(out, "%h", win_rdata);
                        @(negedge clk);
                        a = a + 1;
                    end
                    $fwrite(out, "\n");
                end
                "h": begin  // trims that the chain holds
                    for (k = 0; k < A; k = k + 1) $fwrite(out, "%h", trim[k]);
                    $fwrite(out, "\n");
                end
                "y": begin  // clocks since the last y
                    $fwrite(out, "%0d\n", clocks);
                    clocks = 0;
                end
                "i": begin  // until at rest, at most a clocks
                    for (ran = 0; (busy || calibrating) && ran < a; ran = ran + 1) @(negedge clk);
                    if (busy || calibrating) $fwrite(out, "bad hang\n");
                end
                "p": begin  // what the host sees; errors are cleared
                    $fwrite(out, "%h %h %h %h %h %h %h\n", {busy, calibrating, en, power}, errors | error,
                            samples_done, failed, cal_failures, tone_ticks, en_last[15:0]);
                    errors = 0;
                end
                default: $fwrite(out, "bad letter\n");
            endcase
            got = $fscanf(in, "%s %h %h", letter, a, b);
        end
        $fclose(out);
        $finish;
    end
endmodule
