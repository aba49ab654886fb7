# SPDX-License-Identifier: Apache-2.0
. "$LIB"
unset PDK_ROOT
export HOME=$PWD
try pdk doctor
mkdir -p data/pdk/cells
OSCC_DATA=$PWD/data try pdk doctor
OSCC_DATA=$PWD/nosuch try pdk doctor
