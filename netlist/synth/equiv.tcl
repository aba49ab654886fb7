# SPDX-License-Identifier: Apache-2.0
#
# Proves that a mapped module does in every state what its RTL does, by induction over the flip-flops, which
# have the same names in both. Modules and memories within it are cut out, their pins become ports.
#   yosys -c equiv.tcl
# From the environment: MODULE, GOLD and GATE as synth.tcl wrote them, LIBERTY for the cells'
# functions. The last line that it prints: "MODULE: P of E points proven".
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
    foreach kind {P PN0 PN1} { yosys chtype -set register_$kind t:\$_DFF_${kind}_ }
    yosys read_verilog -lib registers.v
    yosys expose -evert t:register_*
    yosys opt_clean
    yosys design -stash $name
}
prepare $env(GOLD) gold
prepare $env(GATE) gate
yosys design -copy-from gold gold
yosys design -copy-from gate gate
yosys equiv_make gold gate equiv
yosys hierarchy -top equiv
yosys opt_clean
yosys equiv_simple
yosys equiv_status
