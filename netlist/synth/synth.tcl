# SPDX-License-Identifier: Apache-2.0
#
# The digital control on standard cells, or on Yosys's own gates where the process has none.
#   yosys -c synth.tcl          in the folder synth/ of a chip
# From the environment:
#   TOP        the module (control)
#   LIBERTY    cells to map to; unset: gates of Yosys. `oscc synth` leaves a file cells.lib here
#              with the cells that it used
#   PERIOD_PS  period of the clock, for the sizes of gates
#   TIE_CELL   cell with outputs HI and LO; BUFFER_CELL  a buffer, its input, its output
#   MACRO_BITS a memory of as many bits or more stays a black box, an instance of `ram`
#   GOLD       write the design before mapping here, for equiv.tcl
proc setting {name value} {
    if {[info exists ::env($name)]} { return $::env($name) }
    return $value
}
set top [setting TOP control]
set macro_bits [setting MACRO_BITS 2048]
set liberty [setting LIBERTY ""]

# Runs a command of Yosys and returns what it printed.
proc printed {args} {
    yosys tee -q -o printed.tmp {*}$args
    set file [open printed.tmp]
    set text [read $file]
    close $file
    file delete printed.tmp
    return $text
}

if {$liberty ne ""} { yosys read_liberty -lib -ignore_miss_func $liberty }
# What surrounds the control in the chip is not synthesised. The parameters come from params.vh.
foreach file [lsort [glob ../verilog/*.v]] {
    if {[file tail $file] ni {top.v array_stub.v tb_top.v}} {
        yosys read_verilog -defer -I../verilog $file
    }
}
if {[file exists ../verilog/params.vh]} {
    set file [open parameters.tmp.v w]
    puts $file "module parameters; `include \"params.vh\"\n$top #(`OSCC_PARAMETERS) $top (); endmodule"
    close $file
    yosys read_verilog -I../verilog parameters.tmp.v
    file delete parameters.tmp.v
    yosys hierarchy -check -top parameters
    yosys delete parameters
} else {
    yosys hierarchy -check -top $top
}
yosys proc
yosys select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr

# A module with parameters got the name $paramod...\name; it becomes name, or name_2 for a second
# one. Large memories: WIDTH, DEPTH and LANES of each, and a black box.
set macros {}
set taken {}
foreach line [split [printed ls] \n] {
    set module [string trim $line]
    if {![regexp {^\$paramod.*\\(\w+)$} $module - name]} { continue }
    if {$name eq "ram" && [regexp {memory width (\d+) size (\d+)} \
                               [printed dump $module/m:*] - width depth]} {
        set lanes 1
        regexp {wire width (\d+) } [printed dump $module/we] - lanes
        if {$width * $depth >= $macro_bits} {
            lappend macros $module $width $depth $lanes
            yosys blackbox $module
        }
        continue
    }
    lappend taken $name
    set count [llength [lsearch -all -exact $taken $name]]
    if {$count > 1} { append name _$count }
    yosys rename $module $name
    yosys chtype -set $name t:$module
}
yosys hierarchy -check -top $top

# The large blocks stay apart, so that their power and area can be told; what lies between the byte bus and
# them is one piece, as paths run through it.
set modules [printed ls]
foreach block {chain class_chain decoder timing} {
    if {$block in $modules} { yosys setattr -mod -set keep_hierarchy 1 $block }
}
yosys flatten
if {[info exists ::env(GOLD)]} {
    yosys design -save source
    yosys memory_collect
    yosys memory_map
    yosys opt -full
    yosys write_rtlil $::env(GOLD)
    yosys design -load source
}
yosys synth -top $top -run coarse:
if {$liberty ne ""} {
    yosys dfflibmap -liberty $liberty
    # Fast logic first (dch and map for delay), then buffers for large fan-outs and sizes for the period.
    set script {+strash;ifraig;scorr;dch,-f;map,-B,0.9;topo;buffer,-c,-N,16;upsize,{D};dnsize,{D};stime,-p}
    yosys abc -liberty $liberty -constr cells.constr -D [setting PERIOD_PS 9000] -script $script
    yosys setundef -zero
    if {[info exists ::env(TIE_CELL)]} {
        yosys hilomap -singleton -hicell $::env(TIE_CELL) HI -locell $::env(TIE_CELL) LO
    }
    if {[info exists ::env(BUFFER_CELL)]} {
        yosys opt_clean -purge
        yosys insbuf -buf {*}$::env(BUFFER_CELL)
    }
} else {
    yosys abc -g simple
}
yosys opt_clean -purge
yosys check -assert
if {$liberty ne ""} {
    yosys check -assert -mapped
    yosys tee -q -o area.txt stat -liberty $liberty -top $top
} else {
    yosys tee -q -o area.txt stat -top $top
}
if {[info exists ::env(GATE)]} { yosys write_rtlil $::env(GATE) }
# Names that Verilog can hold, in the netlist as in its JSON. OpenSTA reads no assignment of bits in
# braces and no parameters.
yosys splitnets
yosys opt_clean -purge
yosys rename -enumerate
foreach {module width depth lanes} $macros {
    yosys setparam -set WIDTH $width -set DEPTH $depth -set LANES $lanes t:$module
    yosys chtype -set ram t:$module
}
yosys write_verilog -noattr -noexpr -nohex -nodec control_netlist.v
yosys write_json [setting NETLIST netlist.json]
foreach parameter {WIDTH DEPTH LANES} { yosys setparam -unset $parameter t:ram }
yosys write_verilog -noattr -noexpr -nohex -nodec timing_netlist.v
