# SPDX-License-Identifier: Apache-2.0
# -q leaves errors only; warnings and progress are gone, the exit status stays.
. "$LIB"
make_chip
echo '* edited' >>chip/spice/cells.spice
try verify chip -n 1 --level phase
try verify chip -n 1 --level phase -q
try check nosuch.yaml -q
