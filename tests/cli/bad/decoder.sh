# SPDX-License-Identifier: Apache-2.0
# The decoder and classifier of examples/digits with the wrong sizes.
. "$LIB"
sed -i 's/^  height: .*/  height: 9/;s/height: 8/height: 9/' digits/model.yaml
try check digits/model.yaml
left
