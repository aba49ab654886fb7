# SPDX-License-Identifier: Apache-2.0
# Every file of a chip that was verified once; those of the digital control (netlist/rtl) as one.
. "$LIB"
"$OSCC" pair/model.yaml -o chip -q
find chip -type f | sed 's|verilog/[a-z_]*\.v$|verilog/*.v|' | sort -u
