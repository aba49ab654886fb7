# SPDX-License-Identifier: Apache-2.0
#
# A symbolic link as output stays; what it stands for is replaced.
"$OSCC" "$EXAMPLES/pair/model.yaml" -o chip --no-verify -q
ln -s chip link
touch chip/mark
"$OSCC" "$EXAMPLES/pair/model.yaml" -o link --no-verify -q
[ -L link ] && [ ! -e chip/mark ] && echo "folder replaced behind its link"
: >phases.npy
ln -s phases.npy l.npy
"$OSCC" sample "$EXAMPLES/pair/model.yaml" -q --phases-out l.npy
[ -L l.npy ] && [ -s phases.npy ] && echo "file replaced behind its link"
