# SPDX-License-Identifier: Apache-2.0
#
# Proves that a mapped module does in every state what its RTL does. Flip-flops, which have the same
# names in both, modules and memories within it are cut out, their pins become ports.
#   yosys -c equiv.tcl
# From the environment: MODULE, GOLD and GATE as synth.tcl wrote them, LIBERTY for the cells'
# functions. It prints "Of those cells P are proven and U are unproven".
proc prepare {file name} {
    global env
    yosys design -reset
    yosys read_rtlil $file
    yosys select -set others * $env(MODULE) %d
    yosys blackbox @others
    if {$name eq "gate"} { yosys read_liberty -ignore_miss_func $env(LIBERTY) }
    yosys hierarchy -top $env(MODULE)
    yosys flatten
    yosys expose -evert $env(MODULE)/c:*
    yosys hierarchy -top $env(MODULE)
    yosys rename $env(MODULE) $name
    yosys select -set others * $name %d
    yosys delete =@others
    yosys dffunmap
    yosys simplemap {t:$*ff}
    yosys opt_clean -purge
    yosys rename -wire {t:$_*}
    yosys tee -q -o $name.tmp select -list {t:$_DFF_*}
    yosys design -stash $name
}

# Flip-flops that both have are cut out; the others, which Yosys merged or found constant, stay.
proc registers {name} {
    set file [open $name.tmp]
    set list [split [string map [list $name/ {}] [read $file]] \n]
    close $file
    file delete $name.tmp
    return $list
}
proc cut {name both} {
    yosys design -load $name
    set file [open both.tmp w]
    foreach register $both { puts $file $name/$register }
    close $file
    yosys select -set both -read both.tmp
    file delete both.tmp
    foreach kind {P PN0 PN1} { yosys chtype -set register_$kind @both t:\$_DFF_${kind}_ %i }
    yosys read_verilog -lib registers.v
    yosys expose -evert t:register_*
    yosys opt_clean
    yosys async2sync
    yosys design -stash $name
}
prepare $env(GOLD) gold
prepare $env(GATE) gate
set gate_registers [registers gate]
set both {}
foreach register [registers gold] {
    if {$register ne "" && $register in $gate_registers} { lappend both $register }
}
cut gold $both
cut gate $both
yosys design -copy-from gold gold
yosys design -copy-from gate gate
yosys equiv_make gold gate equiv
yosys hierarchy -top equiv
yosys opt_clean
yosys equiv_simple
yosys equiv_induct -seq 2
yosys equiv_status
