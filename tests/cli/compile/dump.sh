# SPDX-License-Identifier: Apache-2.0
# The chip after each pass: figures that a change of the circuit may move are left open.
. "$LIB"
for pass in time quantise phases amplitude loads memory; do
    echo "=== $pass"
    try pair/model.yaml --dump=$pass
done
left
