# SPDX-License-Identifier: Apache-2.0
. "$LIB"
try chek pair/model.yaml
try reprot
try frobnicate
try help smaple
try --hlep
try sample --cuont 3 pair/model.yaml
try sample --phases_out x.npy pair/model.yaml
try check --zzz pair/model.yaml
try sample -Zq pair/model.yaml
try explain E999
try pdk lst
left
