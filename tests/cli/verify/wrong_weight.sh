# SPDX-License-Identifier: Apache-2.0
# A weight changed in the chip's memory is seen: a warning, and the limit is missed.
. "$LIB"
make_chip
sed -i 's/^000f$/800f/;t' chip/verilog/weights.hex
try verify chip --level phase -n 4
left
