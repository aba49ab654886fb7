# SPDX-License-Identifier: Apache-2.0
# No room: a small limit on the size of files stands in for a full disk (mounting one needs root).
. "$LIB"
(
    ulimit -f 4
    try sample digits/model.yaml -n 1000 --phases-out x.npy
    try digits/model.yaml -o chip
    left
) 2>&1 | cat >said
cat said
make_chip
cp -r chip before
(
    ulimit -f 4
    try digits/model.yaml -o chip
) 2>&1 | cat >said
cat said
diff -r before chip && echo "the old chip is as it was"
left
