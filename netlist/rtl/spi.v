// SPDX-License-Identifier: Apache-2.0
//
// Bits and bytes of the SPI slave: mode 0, most significant bit first, sck at most clk / 8. miso changes
// after the rising edge on which the host sampled it, so that it stands for half a period and more.
`timescale 1ns / 1ps
module spi (
    input  wire       clk,
    input  wire       rst_n,
    input  wire       sck,
    input  wire       cs_n,
    input  wire       mosi,
    output wire       miso,
    output wire       first,     // cs_n has fallen
    output wire       last,      // cs_n has risen; the two below are valid
    output wire       partial,   // the last byte was not whole
    output wire       empty,     // there was not a single bit
    output wire       rx_valid,  // a byte is there; tx_data is taken in the same clock
    output wire [7:0] rx_data,
    output wire       tx_begun,  // the first bit of a byte was sampled
    input  wire [7:0] tx_data    // the next byte to the host
);
    reg [2:0] sck_in, cs_in;
    reg [1:0] mosi_in;
    reg [2:0] bits;
    reg       any;
    reg [6:0] rx;
    reg [7:0] tx;

    wire rise = sck_in[1] & ~sck_in[2] & ~cs_in[1];

    assign first = ~cs_in[1] & cs_in[2];
    assign last = cs_in[1] & ~cs_in[2];
    assign partial = |bits;
    assign empty = ~any;
    assign rx_valid = rise & (&bits);
    assign rx_data = {rx, mosi_in[1]};
    assign tx_begun = rise & ~(|bits);
    assign miso = tx[7];

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            sck_in  <= 3'b111;
            cs_in   <= 3'b111;
            mosi_in <= 2'b00;
            bits    <= 3'd0;
            any     <= 1'b0;
            rx      <= 7'd0;
            tx      <= 8'd0;
        end else begin
            sck_in  <= {sck_in[1:0], sck};
            cs_in   <= {cs_in[1:0], cs_n};
            mosi_in <= {mosi_in[0], mosi};
            if (first || last || cs_in[1]) begin
                bits <= 3'd0;
                any  <= 1'b0;
                tx   <= 8'd0;
            end else if (rise) begin
                bits <= bits + 3'd1;
                any  <= 1'b1;
                rx   <= {rx[5:0], mosi_in[1]};
                tx   <= (&bits) ? tx_data : {tx[6:0], 1'b0};
            end
        end
endmodule
