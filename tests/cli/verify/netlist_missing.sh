# SPDX-License-Identifier: Apache-2.0
# A netlist that is not there: exit status 3, its name, and the phase level, which needs none, still runs.
. "$LIB"
make_chip
for name in top array cells; do
    rm -rf bad && cp -r chip bad && rm bad/spice/behavioural/$name.spice
    try verify bad -n 1
done
try verify bad -n 1 --level phase -q
left 2
