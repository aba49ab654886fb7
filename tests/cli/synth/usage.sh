# SPDX-License-Identifier: Apache-2.0
# What oscc synth needs and does not find: each ends with its own message and leaves no figures.
"$OSCC" synth nosuch; echo "exit $?"
"$OSCC" "$EXAMPLES/pair/model.yaml" --no-verify -q -o chip
PATH=/nonexistent "$OSCC" synth chip; echo "exit $?"
"$OSCC" "$EXAMPLES/pair/model.yaml" --pdk sky130A --no-verify -q -o sky
HOME=/nonexistent PDK_ROOT=/nonexistent "$OSCC" synth sky 2>&1 | head -1
rm sky/verilog/control.v
"$OSCC" synth sky; echo "exit $?"
[ ! -e chip/synth/result.json ] && [ ! -e sky/synth/result.json ] && echo "no figures"
