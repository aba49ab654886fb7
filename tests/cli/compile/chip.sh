# SPDX-License-Identifier: Apache-2.0
# The first look, and that nothing else is left.
. "$LIB"
"$OSCC" pair/model.yaml -o chip/
left
