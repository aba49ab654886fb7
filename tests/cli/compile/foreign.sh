# SPDX-License-Identifier: Apache-2.0
# Never over what oscc did not write.
. "$LIB"
mkdir notes empty other
echo precious >notes/text
echo '{"generator": "somebody"}' >other/manifest.json
echo precious >file
for target in notes other . pair file /dev/null; do
    try pair/model.yaml -o $target
done
try pair/model.yaml -o empty -q
cat notes/text file
left
