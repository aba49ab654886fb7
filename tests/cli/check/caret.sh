# SPDX-License-Identifier: Apache-2.0
# The caret stands under the fault: behind accented letters, in a line of 2,000 characters, behind tabs in
# a value, and control characters reach nobody's terminal.
. "$LIB"
printf 'oscc: 1\noscillators: 2\nname: café au lait\n"\303\251\303\251": 1\n' >accent.yaml
try check accent.yaml
printf 'oscc: 1\noscillators: 2\ndynamics: {weights: {omega: [0, 0], K: [[%s], [1, x]]}}\n' \
    "$(printf '1.0, %.0s' $(seq 400))2" >long.yaml
try check long.yaml
printf 'oscc:\t1\toscillators: 2\n' >tab.yaml
try check tab.yaml
printf 'na\302\2331me: 1\n' >csi.yaml
try check csi.yaml
printf 'name: \033[31mred\n' >escape.yaml
try check escape.yaml
