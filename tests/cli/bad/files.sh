# SPDX-License-Identifier: Apache-2.0
# What stands in place of model.yaml.
. "$LIB"
: >empty.yaml
printf '\n# nothing\n' >comment.yaml
mkfifo pipe
ln -s nosuch.yaml dangling.yaml
ln -s loop.yaml loop.yaml
python3 -c 'import sys; sys.stdout.buffer.write(bytes((i * 7 + 200) % 256 for i in range(3000)))' >binary.yaml
tensors w.safetensors ''
array a.npy '(2,)' '<f8' 0
for file in nosuch.yaml no/such/folder/m.yaml empty.yaml comment.yaml . dangling.yaml binary.yaml \
    w.safetensors a.npy pair/model.yaml/x; do
    try check $file
done
echo "--- not regular" >&2
for file in pipe loop.yaml /dev/null /dev/zero "$(printf '%0300d' 7)"; do
    try check "$file"
done
left
