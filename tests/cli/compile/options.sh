# SPDX-License-Identifier: Apache-2.0
. "$LIB"
try pair/model.yaml
try pair/model.yaml -o chip --pdk generc
try pair/model.yaml -o chip --pdk sky130A
try pair/model.yaml --dump=quantize
try pair/model.yaml --dump=time --format=json
try nosuch.yaml -o chip
try pair -o chip
sed 's/^readout.*/&\nchip: {pdk: nosuch}/' pair/model.yaml >m.yaml
try m.yaml -o chip
try m.yaml -o chip --pdk generic -q
left
