# SPDX-License-Identifier: Apache-2.0
# What characterize refuses, and that it says so when a process has no models.
. "$LIB"
unset PDK_ROOT
export HOME=$PWD
try characterize sky130A
try characterize --pdk nosuch
try characterize --corner xx
try characterize --models nosuch
try characterize --seed -1
try characterize -j 0
try characterize --pdk sky130A --corner ss -o sheet
try characterize --format=json
left
