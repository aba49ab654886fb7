# SPDX-License-Identifier: Apache-2.0
. "$LIB"
make_chip
try verify chip --level fase
try verify
try verify nosuch
try verify pair
try verify pair/model.yaml
try verify chip --samples 0
try verify chip --level device --start asleep
printf 'chip: {weight_bits: 8}\n' >>pair/model.yaml
try pair/model.yaml -o eight --no-verify
try pair/model.yaml -o eight --no-verify -q --pdk sky130A
try verify eight --level device
left 2
