# SPDX-License-Identifier: Apache-2.0
# The phases that a run starts from follow from the seed alone.
. "$LIB"
make_chip
deck() { cat chip/verify/phase-nominal/00000*/deck.spice; }
"$OSCC" verify chip -q --level phase -n 3 && deck >a
"$OSCC" verify chip -q --level phase -n 3 --seed 1 -j 1 && deck >b
"$OSCC" verify chip -q --level phase -n 3 --seed 2 && deck >c
cmp a b && echo "the chip's own seed is 1"
cmp -s a c || echo "another seed, other phases"
