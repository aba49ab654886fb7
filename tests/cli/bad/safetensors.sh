# SPDX-License-Identifier: Apache-2.0
# Damaged weight files, and those that lie.
. "$LIB"
weights() { # WHAT PYTHON
    echo "--- $1" >&2
    tensors w.safetensors "$2"
    model w.safetensors
    try check model.yaml
}
weights "cut short" 'data = data[:20]'
weights "overlap" 'omega["data_offsets"] = [12, 20]'
weights "header longer than the file" 'length = 100000'
weights "header of a terabyte" 'length = 1 << 40'
weights "header of 2^63" 'length = 1 << 63'
weights "header of nothing" 'length = 0'
weights "header cut short" 'length = 10'
weights "not JSON" 'header = b"hello there"'
weights "a list" 'header = b"[]"'
weights "deep" 'header = b"[" * 100000'
weights "a name twice" "header = b'{\"K\": {}, \"K\": {}}'"
weights "no offsets" 'del K["data_offsets"]'
weights "offsets turned round" 'K["data_offsets"] = [16, 0]'
weights "offsets not whole" 'K["data_offsets"] = [0.5, 16]'
weights "shape larger than bytes" 'K["shape"] = [3, 2]'
weights "shape overflows" 'K["shape"] = [2**62, 2**62]'
weights "shape negative" 'K["shape"] = [-2, -2]'
weights "shape too deep" 'K["shape"] = [1] * 60 + [2, 2]'
weights "integers" 'K["dtype"] = "I32"'
weights "unknown type" 'K["dtype"] = "Q7"'
weights "empty" 'header = b""; data = b""'
printf abc >w.safetensors && try check model.yaml
: >w.safetensors && try check model.yaml
left
