# SPDX-License-Identifier: Apache-2.0
# The same bytes twice, over its own folder, from its own resolved.yaml, with and without a slash.
. "$LIB"
try pair/model.yaml -o a -q --no-verify
try pair/model.yaml -o b/ -q --no-verify
diff -r a b --exclude metrics.json
touch a/verify
try pair/model.yaml -o a/ -q --no-verify
diff -r a b --exclude metrics.json
try a/resolved.yaml -o a -q --no-verify
diff a/spice b/spice && diff a/verilog b/verilog && cmp a/chip.json b/chip.json
left
