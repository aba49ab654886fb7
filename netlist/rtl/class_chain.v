// SPDX-License-Identifier: Apache-2.0
//
// The class banks (region 2: a byte a link, sign and magnitude) and the class chain, into which one
// of them is shifted when the sequencer asks, the link farthest from di first, of each link the lowest
// bit of the magnitude first. A bank that the chain holds already is not shifted again.
`timescale 1ns / 1ps
module class_chain #(
    parameter CLASSES = 1,
    parameter LINKS = 1,  // may be 0
    parameter LINK_BITS = 5
) (
    input  wire        clk,
    input  wire        rst_n,
    input  wire [15:0] half,
    input  wire        clear,   // one clock: the banks no longer count as loaded
    output reg         loaded,

    // the byte bus, this region's accesses only
    input  wire [23:0] addr,
    input  wire [7:0]  wdata,
    input  wire        we,
    input  wire        re,
    output wire        ready,
    output reg         rvalid,
    output wire [7:0]  rdata,

    input  wire        load,    // one clock
    input  wire [15:0] number,  // the class, steady while busy
    output reg         busy,

    output wire        di,
    output wire        dk,
    output wire        dkb
);
    localparam DEPTH = CLASSES * LINKS;
    localparam AW = (DEPTH < 2) ? 1 : $clog2(DEPTH);

    generate
        if (DEPTH == 0) begin : none
            assign ready = 1'b1;
            assign rdata = 8'd0;
            assign di = 1'b0;
            assign dk = 1'b0;
            assign dkb = 1'b1;
            always @(posedge clk or negedge rst_n)
                if (!rst_n) begin
                    loaded <= 1'b0;
                    rvalid <= 1'b0;
                    busy   <= 1'b0;
                end else begin
                    loaded <= 1'b1;
                    rvalid <= re;
                    busy   <= load;
                end
            // verilator lint_off UNUSED
            wire unused = &{1'b0, half, clear, addr, wdata, we, number};
            // verilator lint_on UNUSED
        end else begin : banks
            localparam [31:0] LAST_WORD = DEPTH - 1, LAST_LINK = LINKS - 1, PER_CLASS = LINKS,
                              LAST_BIT = LINK_BITS - 1;

            reg [AW-1:0]  word;   // of the link being shifted
            reg [31:0]    left;   // links to come after it
            reg [2:0]     bits;   // that were taken of it
            reg           fetch, full, any;
            reg [15:0]    held;
            reg           valid;  // the chain holds bank `held`
            wire [LINK_BITS-1:0] bank;
            wire shifting, take;
            wire [31:0] top = {16'd0, number} * PER_CLASS + LAST_LINK;

            wire bus = we || re;
            ram #(.WIDTH(LINK_BITS), .DEPTH(DEPTH)) ram (
                .clk(clk), .en(bus || fetch), .we(we), .address(fetch ? word : addr[AW-1:0]),
                .wdata(wdata[LINK_BITS-1:0]), .rdata(bank)
            );
            shift shift (
                .clk(clk), .rst_n(rst_n), .half(half), .go(full), .data(bank[bits]), .take(take),
                .busy(shifting), .si(di), .ck(dk), .ckb(dkb)
            );

            assign ready = !busy;
            wire [LINK_BITS+7:0] wide = {8'd0, bank};
            assign rdata = wide[7:0];

            always @(posedge clk or negedge rst_n)
                if (!rst_n) begin
                    loaded <= 1'b0;
                    rvalid <= 1'b0;
                    busy   <= 1'b0;
                    word   <= {AW{1'b0}};
                    left   <= 32'd0;
                    bits   <= 3'd0;
                    fetch  <= 1'b0;
                    full   <= 1'b0;
                    any    <= 1'b0;
                    held   <= 16'd0;
                    valid  <= 1'b0;
                end else begin
                    rvalid <= re;
                    fetch  <= 1'b0;
                    if (fetch) full <= 1'b1;
                    if (load) begin
                        busy <= 1'b1;
                        if (!valid || held != number) begin
                            any   <= 1'b1;
                            valid <= 1'b0;
                            fetch <= 1'b1;
                            word  <= top[AW-1:0];
                            left  <= LAST_LINK;
                            bits  <= 3'd0;
                        end
                    end else if (busy && !any && !shifting) busy <= 1'b0;
                    if (take) begin
                        bits <= bits + 3'd1;
                        if (bits == LAST_BIT[2:0]) begin
                            bits <= 3'd0;
                            full <= 1'b0;
                            word <= word - 1'b1;
                            left <= left - 32'd1;
                            fetch <= left != 32'd0;
                            if (left == 32'd0) begin
                                any   <= 1'b0;
                                valid <= 1'b1;
                                held  <= number;
                            end
                        end
                    end
                    if (we) begin
                        valid  <= 1'b0;
                        if ({8'd0, addr} == LAST_WORD) loaded <= 1'b1;
                    end
                    if (clear) begin
                        loaded <= 1'b0;
                        valid  <= 1'b0;
                    end
                end
            // verilator lint_off UNUSED
            wire unused = &{1'b0, top[31:AW], wdata, wide[LINK_BITS+7:8]};
            // verilator lint_on UNUSED
        end
    endgenerate
endmodule
