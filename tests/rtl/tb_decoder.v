// SPDX-License-Identifier: Apache-2.0
//
// Plays the commands of the file +in=PATH on decoder.v and writes the bytes that it reads to +out=PATH, one
// a line, then "end". A command is four numbers:
//   0 0 0 0            end
//   1 region addr data write through the window
//   2 region addr 0    read through the window, and write down what comes
//   3 index code 0     a code, as soon as it is taken
//   4 clocks 0 0       wait
//   5 0 0 0            wait until nothing is decoded
//   6 count gap 0      read pixels as they come, `gap` clocks apart
//   7 which 0 0        pulse: 0 stop, 1 clear
//   8 0 0 0            write down {decoding, pixels_waiting, weights_loaded, biases_loaded}, and how often
//                      a pixel was read from the empty FIFO
// A read that is not answered within 16 clocks, and anything that takes 100,000 clocks, ends the run
// with a word about it.
`timescale 1ns / 1ps
`include "params.vh"
module tb_decoder;
    reg clk = 0, rst_n = 0, stop = 0, clear = 0;
    reg code_valid = 0;
    reg [15:0] code_index = 0;
    reg [`CODE_BITS-1:0] code = 0;
    reg [3:0] win_region = 0;
    reg [23:0] win_addr = 0;
    reg [7:0] win_wdata = 0;
    reg win_we = 0, win_re = 0;
    wire code_ready, decoding, pixels_waiting, underflow, weights_loaded, biases_loaded;
    wire win_ready, win_rvalid;
    wire [7:0] win_rdata;

`ifdef GATES
    decoder dut (  // a netlist, which has no parameters any more
`else
    decoder #(
        .MAIN(`MAIN),
        .BITS(`CODE_BITS),
        .LAYERS(`DEC_LAYERS),
        .INPUTS(`DEC_INPUTS),
        .OUTPUTS(`DEC_OUTPUTS),
        .SHIFT(`DEC_SHIFT),
        .WEIGHT_WORDS(`DEC_WEIGHT_WORDS),
        .BIASES(`DEC_BIASES),
        .FIFO(`TEST_FIFO),
        .SINE_FILE("sine.hex"),
        .PIXEL_FILE("pixel.hex")
    ) dut (
`endif
        .clk(clk),
        .rst_n(rst_n),
        .stop(stop),
        .clear(clear),
        .code_valid(code_valid),
        .code_ready(code_ready),
        .code_index(code_index),
        .code(code),
        .decoding(decoding),
        .pixels_waiting(pixels_waiting),
        .underflow(underflow),
        .weights_loaded(weights_loaded),
        .biases_loaded(biases_loaded),
        .win_region(win_region),
        .win_addr(win_addr),
        .win_wdata(win_wdata),
        .win_we(win_we),
        .win_re(win_re),
        .win_ready(win_ready),
        .win_rvalid(win_rvalid),
        .win_rdata(win_rdata)
    );

    reg [8*256-1:0] in_path, out_path;
    integer in, out, fields, op, a, b, c, waited, underflows, i;

    always #5 clk = !clk;
    always @(posedge clk) if (underflow) underflows = underflows + 1;

    // Everything is driven at falling edges.
    task give_up;
        input [8*16-1:0] why;
        begin
            $fdisplay(out, "%0s", why);
            $fclose(out);
            $finish;
        end
    endtask

    task window;
        input write;
        begin
            waited = 0;
            while (win_ready !== 1'b1 && waited < 100000) begin
                @(negedge clk);
                waited = waited + 1;
            end
            if (waited == 100000) give_up("window stuck");
            win_region = a[3:0];
            win_addr = b[23:0];
            win_wdata = c[7:0];
            win_we = write;
            win_re = !write;
            @(negedge clk);
            win_we = 0;
            win_re = 0;
            waited = 1;
            while (!write && win_rvalid !== 1'b1 && waited < 17) begin
                @(negedge clk);
                waited = waited + 1;
            end
            if (!write && win_rvalid !== 1'b1) give_up("no answer");
            else if (!write) $fdisplay(out, "%h", win_rdata);
        end
    endtask

    initial begin
        underflows = 0;
        if (!$value$plusargs("in=%s", in_path) || !$value$plusargs("out=%s", out_path)) begin
            $display("no +in= and +out=");
            $finish;
        end
        in = $fopen(in_path, "r");
        out = $fopen(out_path, "w");
        repeat (3) @(negedge clk);
        rst_n = 1;
        op = 9;
        while (op != 0) begin
            fields = $fscanf(in, "%d %d %d %d", op, a, b, c);
            if (fields != 4) op = 0;
            case (op)
                1: window(1'b1);
                2: window(1'b0);
                3: begin
                    code_valid = 1;
                    code_index = a[15:0];
                    code = b[`CODE_BITS-1:0];
                    waited = 0;
                    while (code_ready !== 1'b1 && waited < 100000) begin
                        @(negedge clk);
                        waited = waited + 1;
                    end
                    if (waited == 100000) give_up("code stuck");
                    @(negedge clk);
                    code_valid = 0;
                end
                4: repeat (a) @(negedge clk);
                5: begin
                    repeat (8) @(negedge clk);  // the last code is on its way
                    waited = 0;
                    while (decoding !== 1'b0 && waited < 100000) begin
                        @(negedge clk);
                        waited = waited + 1;
                    end
                    if (waited == 100000) give_up("decoding stuck");
                end
                6:
                for (i = a; i > 0; i = i - 1) begin
                    waited = 0;
                    while (pixels_waiting !== 1'b1 && waited < 100000) begin
                        @(negedge clk);
                        waited = waited + 1;
                    end
                    if (waited == 100000) give_up("no pixel");
                    repeat (b) @(negedge clk);
                    a = 7;
                    window(1'b0);
                end
                7: begin
                    stop = a == 0;
                    clear = a == 1;
                    @(negedge clk);
                    stop = 0;
                    clear = 0;
                end
                8:
                $fdisplay(out, "%b%b%b%b %0d", decoding, pixels_waiting, weights_loaded,
                          biases_loaded, underflows);
                default: ;
            endcase
        end
        $fdisplay(out, "end");
        $fclose(out);
        $finish;
    end
endmodule
