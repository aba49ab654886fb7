# SPDX-License-Identifier: Apache-2.0
. "$LIB"
make_chip
try verify chip --level fase
try verify chip --level device
try verify
try verify nosuch
try verify pair
try verify pair/model.yaml
try verify chip --samples 0
left 2
