# SPDX-License-Identifier: Apache-2.0
# Output where nothing can be made.
. "$LIB"
echo text >file
for target in file/chip file/a/b /proc/chip /dev/full/x; do
    try pair/model.yaml -o $target
done
for target in file/x.npy /proc/x.npy no/such/folder/x.npy pair /dev/full; do
    try sample pair/model.yaml --phases-out $target
done
ln -s /dev/full full.png
ln -s /dev/full full.npy
try sample digits/model.yaml -o full.png
try sample digits/model.yaml -o full.npy
make_chip
touch chip/verify
try verify chip -n 1
rm -r chip/report && touch chip/report
try report chip
left
