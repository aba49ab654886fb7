# SPDX-License-Identifier: Apache-2.0
# A result of another level that cannot be read stops the report, and says which.
. "$LIB"
make_chip
try verify chip -q -n 2 --level phase
echo '{' >chip/verify/phase-nominal/000001/result.json
try verify chip -n 1
try report chip
try verify chip -q -n 1 --level phase
