# SPDX-License-Identifier: Apache-2.0
. "$LIB"
make_chip
try verify chip --level phase -n 4
try verify chip -n 3 -j 1
try verify chip/ --level cell --samples 2 --seed 5
try verify chip -q -n 2 --level phase --seed 5
ls chip/verify
left
