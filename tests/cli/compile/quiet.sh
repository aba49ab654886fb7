# SPDX-License-Identifier: Apache-2.0
. "$LIB"
try pair/model.yaml -o chip -q
try pair/model.yaml --no-verify -o made/on/the/way
ls made/on/the/way chip/verify
left
