// SPDX-License-Identifier: Apache-2.0
//
// Frames of the host (docs/control.md, "Host interface"): a write is held in a buffer and goes to
// the byte bus, all of it or nothing, when cs_n has risen; a read fetches each byte while the one
// before it is on the wire. What a frame may touch is asked of `rules` by region, address and
// length; anything wrong sets a bit of `error` for one clock and changes nothing.
`timescale 1ns / 1ps
module frame (
    input  wire        clk,
    input  wire        rst_n,

    // spi.v
    input  wire        first,
    input  wire        last,
    input  wire        partial,
    input  wire        empty,
    input  wire        rx_valid,
    input  wire [7:0]  rx_data,
    input  wire        tx_begun,
    output wire [7:0]  tx_data,

    // rules.v: what would be wrong with this access, a number of a bit of ERRORS, or 15: nothing
    output wire        ask_write,
    output wire [7:0]  ask_region,
    output wire [23:0] ask_addr,
    output wire [5:0]  ask_count,  // bytes
    output wire        ask_first,  // of a read: its first byte
    input  wire [3:0]  fault,

    // byte bus; ready and rvalid are those of the block that owns the region
    output wire [3:0]  win_region,
    output wire [23:0] win_addr,
    output wire [7:0]  win_wdata,
    output wire        win_we,
    output wire        win_re,
    input  wire        win_ready,
    input  wire        win_rvalid,
    input  wire [7:0]  win_rdata,

    // registers are read beside the bus, at any time
    output wire        register_re,
    output wire [7:0]  register_addr,
    input  wire        register_rvalid,
    input  wire [7:0]  register_rdata,

    input  wire        drop,        // forgets a pixel that was fetched
    output wire        pixel_held,  // a pixel was fetched and not yet clocked out
    output reg         read_end,    // a frame that read has ended
    output reg         committed,   // the last byte of a write is done
    output wire        committing,
    output wire [12:0] error
);
    localparam WRITE = 8'h02, READ = 8'h03;
    localparam MOST = 6'd39;  // bytes of a write: 5, then 32 of data, then CRC
    localparam [3:0] PIXELS = 4'd7;
    localparam [3:0] E_CRC = 4'd0, E_SHORT = 4'd1, E_LONG = 4'd2, E_UNKNOWN = 4'd3, E_BUSY = 4'd5,
                     GOOD = 4'd15;
    localparam [1:0] IDLE = 2'd0, ASK = 2'd1, WAIT = 2'd2, COMMIT = 2'd3;

    function [15:0] crc_of;
        input [15:0] old;
        input [7:0] data;
        integer i;
        begin
            crc_of = old ^ {data, 8'h00};
            for (i = 0; i < 8; i = i + 1)
                crc_of = {crc_of[14:0], 1'b0} ^ (crc_of[15] ? 16'h1021 : 16'h0000);
        end
    endfunction

    // The frame as it comes in; all this stands until the next one's first byte is there.
    reg        fresh;  // not a byte of it yet
    reg [5:0]  count;  // bytes so far, no more than MOST + 1
    reg [7:0]  command, region;
    reg [23:0] addr;  // of a read: of the next byte
    reg [15:0] crc;
    reg        late;  // data came in faster than that of the frame before went out
    reg        pending;  // it is over, and waits for the bus
    reg [7:0]  held[0:33];
    wire [5:0] place = count - 6'd5;
    wire data_comes = !fresh && count >= 6'd5;

    // The bus.
    reg [1:0]  state;
    reg [3:0]  bus_region;
    reg [23:0] bus_addr;
    reg [5:0]  index, left;

    wire overtakes = state == COMMIT && place >= index;

    // A byte for the host.
    reg        have, taken, dead;
    reg [7:0]  byte_out;
    reg [3:0]  byte_fault, sent_fault;
    reg        pixel;
    reg [7:0]  pixel_data;

    wire reading = !fresh && command == READ;
    wire data_begun = reading && tx_begun && count >= 6'd6;
    wire at_registers = region == 8'd0;
    wire fetch = reading && ((rx_valid && count == 6'd4) || data_begun);
    wire [23:0] fetch_addr = data_begun ? addr : {addr[15:0], rx_data};
    wire load = reading && rx_valid && count >= 6'd5;

    // The end of a frame: one clock in which everything about it is known.
    wire        ended = last && !empty;
    wire        waits = state != IDLE && !fresh && command == WRITE && !partial;
    wire        dropped = pending && fresh && rx_valid && state != IDLE;
    wire        judged = (ended && !waits) || (pending && state == IDLE);
    wire        write_end = judged && !fresh_end && command == WRITE;
    wire        fresh_end = fresh && !pending;
    wire [5:0]  bytes = count - 6'd7;
    reg [3:0]   end_fault;
    always @*
        if (fresh_end) end_fault = E_SHORT;
        else if (command != WRITE && command != READ) end_fault = E_UNKNOWN;
        else if (partial && !pending) end_fault = E_SHORT;
        else if (reading) end_fault = count < 6'd6 ? E_SHORT : GOOD;
        else if (count < 6'd8) end_fault = E_SHORT;
        else if (count > MOST) end_fault = E_LONG;
        else if (crc != 16'd0) end_fault = E_CRC;
        else if (late) end_fault = E_BUSY;
        else end_fault = fault;

    assign ask_write = !reading;
    assign ask_region = region;
    assign ask_addr = reading ? fetch_addr : addr;
    assign ask_count = reading ? 6'd1 : bytes;
    assign ask_first = !data_begun;

    wire [3:0] sending = taken ? sent_fault : GOOD;
    assign error = (judged && end_fault != GOOD ? 13'd1 << end_fault : 13'd0) |
                   (data_begun && sending != GOOD ? 13'd1 << sending : 13'd0) |
                   (dropped ? 13'd1 << E_BUSY : 13'd0);

    assign tx_data = load && have && byte_fault == GOOD && !dead ? byte_out : 8'd0;
    assign win_region = bus_region;
    assign win_addr = bus_addr;
    assign win_wdata = held[index];
    assign win_we = state == COMMIT && win_ready;
    assign win_re = state == ASK && win_ready;
    assign register_re = fetch && !dead && fault == GOOD && at_registers;
    assign register_addr = fetch_addr[7:0];
    assign pixel_held = pixel;
    assign committing = state == COMMIT;

    always @(posedge clk)
        if (rx_valid && data_comes && count < MOST && !overtakes) held[place] <= rx_data;

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            fresh   <= 1'b1;
            count   <= 6'd0;
            command <= 8'd0;
            region  <= 8'd0;
            addr    <= 24'd0;
            crc     <= 16'hffff;
            late    <= 1'b0;
            pending <= 1'b0;
        end else begin
            if (ended && waits) pending <= 1'b1;
            else if (judged || dropped) pending <= 1'b0;
            if (first) fresh <= 1'b1;
            else if (rx_valid) begin
                fresh <= 1'b0;
                count <= fresh ? 6'd1 : count <= MOST ? count + 6'd1 : count;
                crc   <= crc_of(fresh ? 16'hffff : crc, rx_data);
                late  <= !fresh && (late || (data_comes && overtakes));
                if (fresh) command <= rx_data;
                else if (count == 6'd1) region <= rx_data;
                else if (count <= 6'd4) addr <= {addr[15:0], rx_data};
                else if (reading) addr <= addr + 24'd1;
            end
        end

    always @(posedge clk or negedge rst_n)
        if (!rst_n) begin
            state      <= IDLE;
            bus_region <= 4'd0;
            bus_addr   <= 24'd0;
            index      <= 6'd0;
            left       <= 6'd0;
            have       <= 1'b0;
            taken      <= 1'b0;
            dead       <= 1'b0;
            byte_out   <= 8'd0;
            byte_fault <= GOOD;
            sent_fault <= GOOD;
            pixel      <= 1'b0;
            pixel_data <= 8'd0;
            read_end   <= 1'b0;
            committed  <= 1'b0;
        end else begin
            read_end  <= last && reading;
            committed <= 1'b0;

            case (state)
                ASK: if (win_ready) state <= WAIT;
                WAIT:
                if (win_rvalid) begin
                    state    <= IDLE;
                    have     <= 1'b1;
                    byte_out <= win_rdata;
                    if (bus_region == PIXELS) begin
                        pixel      <= 1'b1;
                        pixel_data <= win_rdata;
                    end
                end
                COMMIT:
                if (win_ready) begin
                    index    <= index + 6'd1;
                    bus_addr <= bus_addr + 24'd1;
                    left     <= left - 6'd1;
                    if (left == 6'd1) begin
                        state     <= IDLE;
                        committed <= 1'b1;
                    end
                end
                default: ;
            endcase

            // a byte goes into the shift register; it counts as read when its first bit is out
            if (load) begin
                taken      <= 1'b1;
                sent_fault <= have ? byte_fault : E_BUSY;
                if (!have) begin
                    dead       <= 1'b1;
                    byte_fault <= E_BUSY;
                end
            end
            if (data_begun && taken && region[3:0] == PIXELS && sent_fault == GOOD) pixel <= 1'b0;
            if (fetch) begin  // after a fault, the rest of the frame has it too
                have <= 1'b0;
                if (dead) have <= 1'b1;
                else if (fault != GOOD || (state != IDLE && !at_registers)) begin
                    have       <= 1'b1;
                    dead       <= 1'b1;
                    byte_fault <= fault != GOOD ? fault : E_BUSY;
                end else begin
                    byte_fault <= GOOD;
                    if (at_registers) ;
                    else if (region[3:0] == PIXELS && pixel && !data_begun) begin
                        have     <= 1'b1;
                        byte_out <= pixel_data;
                    end else begin
                        state      <= ASK;
                        bus_region <= region[3:0];
                        bus_addr   <= fetch_addr;
                    end
                end
            end
            if (register_rvalid) begin
                have     <= 1'b1;
                byte_out <= register_rdata;
            end
            if (write_end && end_fault == GOOD) begin
                state      <= COMMIT;
                bus_region <= region[3:0];
                bus_addr   <= addr;
                index      <= 6'd0;
                left       <= bytes;
            end
            if (first || last) begin
                have  <= 1'b0;
                taken <= 1'b0;
                dead  <= 1'b0;
                if (state == ASK && !win_ready) state <= IDLE;
            end
            if (drop) pixel <= 1'b0;
        end
endmodule
