# SPDX-License-Identifier: Apache-2.0
. "$LIB"
try pdk list
try pdk doctor --quiet
