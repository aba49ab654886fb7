# SPDX-License-Identifier: Apache-2.0
# A chip folder that is not as oscc wrote it; what cannot be used is named.
. "$LIB"
make_chip
damage() { rm -rf bad && cp -r chip bad && echo "--- $1" && echo "--- $1" >&2 && eval "$2"; }
damage "chip.json is cut short" 'head -c 100 chip/chip.json >bad/chip.json'
try verify bad -n 1
damage "chip.json is empty" ': >bad/chip.json'
try verify bad -n 1
damage "chip.json is a list" 'echo [] >bad/chip.json'
try verify bad -n 1
damage "chip.json is not there" 'rm bad/chip.json'
try verify bad -n 1
damage "chip.json lies about sizes" "sed -i 's/\"oscillators\": 2/\"oscillators\": 1000000/' bad/chip.json"
try verify bad -n 1
damage "a scale is text" "sed -i 's/\"run_s\": [^,]*/\"run_s\": \"long\"/' bad/chip.json"
try verify bad -n 1
damage "weights.hex is not hexadecimal" 'sed -i "s/^007f/zz/" bad/verilog/weights.hex'
try verify bad -n 1
damage "weights.hex is empty" ': >bad/verilog/weights.hex'
try verify bad -n 1
damage "weights.hex is not there" 'rm bad/verilog/weights.hex'
try verify bad -n 1
damage "a netlist uses what is not there" 'sed -i "s/subckt driver/subckt drover/" bad/spice/behavioural/cells.spice'
try verify bad -n 1
damage "a tensor is not there" 'rm bad/model/omega.npy'
try verify bad -n 1
damage "resolved.yaml is not there" 'rm bad/resolved.yaml'
try verify bad -n 1
left
