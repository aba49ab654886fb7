# SPDX-License-Identifier: Apache-2.0
# Every file of a chip that was verified once.
. "$LIB"
"$OSCC" pair/model.yaml -o chip -q
find chip -type f | sort
