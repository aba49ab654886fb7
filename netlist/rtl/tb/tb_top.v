// SPDX-License-Identifier: Apache-2.0
//
// A user's test bench: the whole chip with oscillators by their phase equations (oscillators.v) in the
// array's place. Boots from boot.hex, draws one image and prints it. In the folder verilog:
//
//   iverilog -g2005 -DOSCC_ARRAY_MODEL -I. -s tb_top -o tb.vvp *.v tb/*.v && vvp tb.vvp +class=3
//
// +class=C  the class (0)      +sample=S  the sample's number (0)      +frames=N  boot frames of each
// region that are sent, then nothing is drawn (all)
`timescale 1ns / 1ps
module tb_top;
    `include "params.vh"
`ifdef DEC_OUTPUTS
    localparam [127:0] OUTPUTS = `DEC_OUTPUTS;
    localparam PIXELS = DEC_PIXELS(`DEC_LAYERS);
`else
    localparam PIXELS = 0;
`endif
    localparam HALF_NS = 5;

    function integer DEC_PIXELS;
        input integer layers;
`ifdef DEC_OUTPUTS
        DEC_PIXELS = OUTPUTS[16*(layers-1)+:16];
`else
        DEC_PIXELS = 0;
`endif
    endfunction

    reg clk, rst_n, sck, cs_n, mosi;
    wire miso, power, busy;
    top top (
        .clk(clk), .rst_n(rst_n), .sck(sck), .cs_n(cs_n), .mosi(mosi), .miso(miso), .power(power),
        .busy(busy)
    );

    task ticks;
        input integer count;
        integer t;
        for (t = 0; t < count; t = t + 1) begin
            #HALF_NS clk = 1'b1;
            #HALF_NS clk = 1'b0;
        end
    endtask

    // A byte each way; the host samples miso on the rising edge of sck.
    reg [15:0] crc;
    task exchange;
        input [7:0] out;
        output [7:0] in;
        integer bit_;
        for (bit_ = 7; bit_ >= 0; bit_ = bit_ - 1) begin
            crc = (crc << 1) ^ (crc[15] ^ out[bit_] ? 16'h1021 : 16'h0000);
            mosi = out[bit_];
            ticks(4);
            in[bit_] = miso;
            sck = 1'b1;
            ticks(4);
            sck = 1'b0;
        end
    endtask

    task select;
        begin
            cs_n = 1'b0;
            crc  = 16'hffff;
            ticks(4);
        end
    endtask

    task deselect;
        begin
            ticks(4);
            cs_n = 1'b1;
            ticks(8);
        end
    endtask

    reg [7:0] got;
    task write_register;
        input [7:0] address;
        input [31:0] value;
        reg [15:0] sum;
        begin
            select;
            exchange(8'h02, got);
            exchange(8'h00, got);
            exchange(8'h00, got);
            exchange(8'h00, got);
            exchange(address, got);
            exchange(value[31:24], got);
            exchange(value[23:16], got);
            exchange(value[15:8], got);
            exchange(value[7:0], got);
            sum = crc;
            exchange(sum[15:8], got);
            exchange(sum[7:0], got);
            deselect;
        end
    endtask

    task begin_read;
        input [7:0] region;
        input [23:0] address;
        begin
            select;
            exchange(8'h03, got);
            exchange(region, got);
            exchange(address[23:16], got);
            exchange(address[15:8], got);
            exchange(address[7:0], got);
            exchange(8'h00, got);
        end
    endtask

    reg [31:0] value;
    task read_register;
        input [7:0] address;
        integer part;
        begin
            begin_read(8'h00, {16'h0000, address});
            for (part = 0; part < 4; part = part + 1) begin
                exchange(8'h00, got);
                value = {value[23:0], got};
            end
            deselect;
        end
    endtask

    // ---- the story
    integer file, character, digits, sent[0:255], most, class_, sample, waited, p, x, wide;
    reg [7:0] region;
    integer place;
    reg [3:0] digit;
    reg [7:0] byte_;
    real start_ns;

`ifdef OSCC_PRELOAD
    `include "preload.vh"  // POKED, poke, loaded: memories of gates are filled from aside
`else
    localparam [15:0] POKED = 16'h0000;
    task poke;
        input [7:0] into;
        input [23:0] address;
        input [7:0] data;
        begin
        end
    endtask
    task loaded;
        begin
        end
    endtask
`endif

    // One frame of boot.hex, a line; `most` limits those of a region that are sent.
    reg [7:0] frame[0:63];
    task boot_line;
        begin
            place = 0;
            digits = 0;
            while (character != "\n" && character != -1) begin
                digit = character >= "a" ? character - "a" + 10 : character - "0";
                byte_ = {byte_[3:0], digit};
                digits = digits + 1;
                if (digits % 2 == 0) begin
                    frame[place] = byte_;
                    place = place + 1;
                end
                character = $fgetc(file);
            end
            region = frame[1];
            sent[region] = sent[region] + 1;
            if (place < 7) begin
            end else if (POKED[region[3:0]] && most < 0) begin
                for (p = 5; p < place - 2; p = p + 1)
                    poke(region, {frame[2], frame[3], frame[4]} + p - 5, frame[p]);
            end else if (most < 0 || sent[region] <= most) begin
                select;
                for (p = 0; p < place; p = p + 1) exchange(frame[p], got);
                deselect;
                for (waited = 0; busy && waited < 100000; waited = waited + 1) ticks(1);
            end
        end
    endtask

    task mark;
        input [8*8-1:0] what;
        $display("%0s: %0d clocks from %0d", what, ($realtime - start_ns) / (2 * HALF_NS),
                 start_ns / (2 * HALF_NS));
    endtask

`ifdef OSCC_DUMP
    task dump;
        begin
            $dumpfile("activity.vcd");
            $dumpvars(`OSCC_DUMP, tb_top.top.control);
        end
    endtask
`else
    task dump;
        begin
        end
    endtask
`endif

    initial begin
        clk = 1'b0;
        rst_n = 1'b0;
        sck = 1'b0;
        cs_n = 1'b1;
        mosi = 1'b0;
        byte_ = 8'h00;
        if (!$value$plusargs("frames=%d", most)) most = -1;
        if (!$value$plusargs("class=%d", class_)) class_ = 0;
        if (!$value$plusargs("sample=%d", sample)) sample = 0;
        for (p = 0; p < 256; p = p + 1) sent[p] = 0;
        ticks(4);
        #1 rst_n = 1'b1;
        #9 ticks(4);

        start_ns = $realtime;
        if (most >= 0) dump;
        file = $fopen("boot.hex", "r");
        if (file == 0) begin
            $display("tb_top: there is no boot.hex here");
            $finish;
        end
        character = $fgetc(file);
        while (character != -1) begin
            boot_line;
            character = $fgetc(file);
        end
        $fclose(file);
        if (most < 0) loaded;
        mark("load");
        if (most >= 0) $finish;
        read_register(8'h18);
        $display("errors %h", value);
        read_register(8'h14);
        $display("status %h", value);

        write_register(8'h1c, class_);
        write_register(8'h20, 32'd1);
        write_register(8'h2c, 32'd0);
        write_register(8'h30, sample);
        start_ns = $realtime;
        dump;
        write_register(8'h10, 32'd1);
        waited = 0;
        while (!busy && waited < 1000) begin
            ticks(1);
            waited = waited + 1;
        end
        while (busy && waited < 1000000) begin
            ticks(1);
            waited = waited + 1;
        end
        if (PIXELS != 0) begin
            value = 32'd1 << 8;
            while (value[8] && waited < 1000000) begin
                ticks(64);
                waited = waited + 64;
                read_register(8'h14);
            end
        end
        mark("draw");
        start_ns = $realtime;
        if (PIXELS != 0) begin
            begin_read(8'h07, 24'd0);
            wide = 1;
            while (wide * wide < PIXELS) wide = wide + 1;
            for (p = 0; p < PIXELS; p = p + 1) begin
                exchange(8'h00, got);
                $write("%4d", got);
                if (p % wide == wide - 1) $display("");
            end
            deselect;
        end else begin
            begin_read(8'h08, 24'd0);
            for (p = 0; p < N; p = p + 1) begin
                exchange(8'h00, byte_);
                exchange(8'h00, got);
                $write(" %0d", {byte_, got});
            end
            $display("");
            deselect;
        end
        mark("read");
        read_register(8'h18);
        $display("errors %h", value);
        $finish;
    end
endmodule
