# SPDX-License-Identifier: Apache-2.0
# Too few, too many, empty.
. "$LIB"
try check
try check pair/model.yaml pair/model.yaml
try check ''
try ''
try -q
try pdk
try explain E101 E102
