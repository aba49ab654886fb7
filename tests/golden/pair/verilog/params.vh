// The parameters of control.v for the chip pair, written by oscc. To be included in the body
// of a module that has control #(`OSCC_PARAMETERS) in it.
localparam N = 2, M = 1, B = 7, P = 15, PHASE_BITS = 6, DRAW_ALL = 0;
localparam CLASSES = 2, CHAIN_BITS = 34, LINKS = 2, LINK_BITS = 5, TRIM_RISES = 0;
`define DEC_LAYERS 0
`define OSCC_PARAMETERS \
    .N(N), .M(M), .B(B), .P(P), .PHASE_BITS(PHASE_BITS), .DRAW_ALL(DRAW_ALL), \
    .CLASSES(CLASSES), .CHAIN_BITS(CHAIN_BITS), .LINKS(LINKS), .LINK_BITS(LINK_BITS), \
    .REFERENCE(2), .TRIM_RISES(TRIM_RISES), \
    .RUN_CYCLES(16'd16), .RUN_TICKS(16'd0), .SETTLE(16'd55), \
    .FORGET(16'd5), .WATCHDOG(16'd137), .CAPTURE(16'd274), .DIVIDE(16'd1), \
    .LAG(4'd6), .CAL_TURNS(5'd8), .CAL_TOLERANCE(8'd2), \
    .SEED(64'd1), \
    .DEC_LAYERS(`DEC_LAYERS)
