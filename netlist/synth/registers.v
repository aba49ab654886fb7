// SPDX-License-Identifier: Apache-2.0
//
// Flip-flops as equiv.tcl cuts them out.
module register_P (input C, D, output Q);
endmodule
module register_PN0 (input C, D, R, output Q);
endmodule
module register_PN1 (input C, D, R, output Q);
endmodule
