# SPDX-License-Identifier: Apache-2.0
# Values of options that are missing, wrong or not wanted.
. "$LIB"
try sample pair/model.yaml -n
try sample pair/model.yaml --count
try sample pair/model.yaml --count 0 --phases-out x.npy
try sample pair/model.yaml --count 2x --phases-out x.npy
try sample pair/model.yaml --count 99999999999999999999 --phases-out x.npy
try sample pair/model.yaml --seed -1 --phases-out x.npy
try sample pair/model.yaml --seed 18446744073709551616 --phases-out x.npy
try sample pair/model.yaml --phases-out ''
try check pair/model.yaml --quiet=3
try check pair/model.yaml --format xml --color mauve
try pair/model.yaml -o chip -j none
left
