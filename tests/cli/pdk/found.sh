# SPDX-License-Identifier: Apache-2.0
# What doctor finds of a PDK: the sets that are there, and the version that it states.
. "$LIB"
export HOME=$PWD PDK_ROOT=$PWD/root
mkdir -p root/sky130A/libs.tech/combined
try pdk doctor | grep sky130A
echo '*' >root/sky130A/libs.tech/combined/sky130.lib.spice
try pdk doctor | grep sky130A
printf 'open_pdks 0fe599b2afb6\nmagic 1\033[2J\n' >root/sky130A/SOURCES
try pdk doctor | grep sky130A
mkdir -p root/sky130A/libs.tech/ngspice
echo '*' >root/sky130A/libs.tech/ngspice/sky130.lib.spice
try pdk doctor | grep sky130A
