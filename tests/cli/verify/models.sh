# SPDX-License-Identifier: Apache-2.0
# A set of models that the process does not have is refused with the list of those it has, whether or
# not its models are installed.
. "$LIB"
unset PDK_ROOT
export HOME=$PWD
"$OSCC" pair/model.yaml --pdk sky130A -o chip -q --no-verify
try verify chip --level device --models discret -n 1
try verify chip --level device --models sm141064 -n 1
try verify chip --level device --models= -n 1
ls chip/verify 2>&1
