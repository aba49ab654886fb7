// SPDX-License-Identifier: Apache-2.0
//
// The control at its pins: both chains are shift registers, the host and the array's outputs are
// commands on standard input, each answered by one line on standard output.
//
//   s N HEX   a frame of N bytes, sck = clk / 8    the N bytes of miso, hex
//   b N       cuts the next frame after N bits     N
//   t Q       one clock with the oscillators' q = Q (hex)   h (hex) en power lag busy after its edge
//   w LIMIT   clocks with q = 0 until power is 1   clocks power
//   i LIMIT   clocks with q = 0 until not busy     clocks busy
//   r N       N clocks with q = 0                  N
//   c, d      the configuration chain, the class chain   hex; bit 0 is the link nearest to si, di
//   u         clocks since the reset in which an output was unknown   a number
//   x         the end
`timescale 1ns / 1ps
module pins;
    `include "params.vh"
    localparam A = N + M;
    localparam CLASS_BITS = LINKS == 0 ? 1 : LINKS * LINK_BITS;
    localparam STDIN = 32'h8000_0000, STDOUT = 32'h8000_0001;

    reg clk, rst_n, sck, cs_n, mosi;
    reg [A-1:0] q;
    wire miso, si, ck, ckb, di, dk, dkb, en, power, busy;
    wire [A-1:0] h;
    wire [3:0] lag;

    reg [CHAIN_BITS-1:0] chain;
    reg [CLASS_BITS-1:0] class_chain;
    always @(posedge ck) chain <= {chain[CHAIN_BITS-2:0], si};
    always @(posedge dk) class_chain <= (class_chain << 1) | di;

`ifdef OSCC_NETLIST // the mapped control has no parameters
    control control (
`else
    control #(`OSCC_PARAMETERS) control (
`endif
        .clk(clk), .rst_n(rst_n), .sck(sck), .cs_n(cs_n), .mosi(mosi), .miso(miso), .si(si),
        .so(chain[CHAIN_BITS-1]), .ck(ck), .ckb(ckb), .di(di), .dk(dk), .dkb(dkb), .q(q), .h(h),
        .en(en), .power(power), .lag(lag), .busy(busy)
    );

    integer unknown;
    task tick;
        begin
            #5 clk = 1'b1;
            #4 if ((^{miso, si, ck, ckb, di, dk, dkb, en, power, busy, h, lag}) === 1'bx)
                unknown = unknown + 1;
            #1 clk = 1'b0;
        end
    endtask

    task ticks;
        input integer count;
        integer k;
        for (k = 0; k < count; k = k + 1) tick;
    endtask

    // One bit of SPI; the host samples miso on the rising edge.
    task exchange;
        input out;
        output in;
        begin
            mosi = out;
            ticks(4);
            in  = miso;
            sck = 1'b1;
            ticks(4);
            sck = 1'b0;
        end
    endtask

    function [3:0] digit;
        input integer c;
        digit = c >= "a" ? c - "a" + 10 : c >= "A" ? c - "A" + 10 : c - "0";
    endfunction

    integer got, command, count, cut, k, bits, limit;
    reg [7:0] out, in;
    task frame;
        begin
            got  = $fscanf(STDIN, " %d", count);
            got  = $fgetc(STDIN);  // the blank
            cs_n = 1'b0;
            ticks(4);
            for (k = 0; k < count; k = k + 1) begin
                out[7:4] = digit($fgetc(STDIN));
                out[3:0] = digit($fgetc(STDIN));
                in = 8'd0;
                for (bits = 7; bits >= 0; bits = bits - 1)
                    if (cut != 0) begin
                        exchange(out[bits], in[bits]);
                        cut = cut - 1;
                    end
                $fwrite(STDOUT, "%h", in);
            end
            ticks(4);
            cs_n = 1'b1;
            mosi = 1'b0;
            cut  = -1;
            ticks(8);
            $fwrite(STDOUT, "\n");
        end
    endtask

    reg going;
    initial begin
        clk = 1'b0;
        rst_n = 1'b0;
        sck = 1'b0;
        cs_n = 1'b1;
        mosi = 1'b0;
        q = {A{1'b0}};
        cut = -1;
        going = 1'b1;
        ticks(4);
        #3 rst_n = 1'b1;
        ticks(4);
        unknown = 0;
        while (going) begin
            got = $fscanf(STDIN, " %c", command);
            if (got != 1) going = 1'b0;
            else begin
                case (command[7:0])
                    "s": frame;
                    "b": begin
                        got = $fscanf(STDIN, "%d", cut);
                        $fdisplay(STDOUT, "%0d", cut);
                    end
                    "t": begin
                        got = $fscanf(STDIN, "%h", q);
                        tick;
                        q = {A{1'b0}};
                        $fdisplay(STDOUT, "%h %b %b %h %b", h, en, power, lag, busy);
                    end
                    "w", "i": begin
                        got = $fscanf(STDIN, "%d", limit);
                        count = 0;
                        while (count < limit && !(command[7:0] == "w" ? power : !busy)) begin
                            tick;
                            count = count + 1;
                        end
                        $fdisplay(STDOUT, "%0d %b", count, command[7:0] == "w" ? power : busy);
                    end
                    "r": begin
                        got = $fscanf(STDIN, "%d", count);
                        ticks(count);
                        $fdisplay(STDOUT, "%0d", count);
                    end
                    "c": $fdisplay(STDOUT, "%h", chain);
                    "d": $fdisplay(STDOUT, "%h", class_chain);
                    "u": $fdisplay(STDOUT, "%0d", unknown);
                    "x": going = 1'b0;
                    default: begin
                        $fdisplay(STDOUT, "unknown command");
                        going = 1'b0;
                    end
                endcase
                $fflush(STDOUT);
            end
        end
        $finish(0);
    end
endmodule
