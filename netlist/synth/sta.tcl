# SPDX-License-Identifier: Apache-2.0
#
# Timing of the mapped control before layout: the clock arrives everywhere at once, nets are the pins on
# them, a net of the assumed wires' capacitance is not added.
#   sta -exit sta.tcl
# From the environment: LIBERTY of the corner, NETLIST, PERIOD_NS, and FLIP_FLOPS, a list of cells with an
# asynchronous pin each. The last lines: "slack NS" and "hold NS".
set period $::env(PERIOD_NS)
read_liberty $::env(LIBERTY)
read_verilog $::env(NETLIST)
link_design control
create_clock -name clk -period $period [get_ports clk]
set_clock_uncertainty [expr 0.02 * $period] [get_clocks clk]
# The reset falls any time and is released synchronously; layout gives it a tree.
foreach {cell pin} $::env(FLIP_FLOPS) {
    foreach found [get_lib_cells -quiet */$cell] {
        set_disable_timing -from CLK -to $pin $found
        set_disable_timing -from $pin -to Q $found
    }
}
report_checks -path_delay max -fields {slew cap} -digits 3
report_checks -path_delay min -digits 3
puts "slack [worst_slack -max]"
puts "hold [worst_slack -min]"
