# SPDX-License-Identifier: Apache-2.0
# A picture, images and phases; what is written reads back.
. "$LIB"
try sample digits/model.yaml --count 12 -o d.png
try sample digits/model.yaml -n 3 -o d.npy --phases-out p.npy --images-out i.npy
try sample pair/model.yaml -n 4 --phases-out pair.npy
cmp d.npy i.npy
python3 - <<'EOF'
import re, struct
data = open("d.png", "rb").read()
print("png", data[:8] == b"\x89PNG\r\n\x1a\n", struct.unpack(">II", data[16:24]))
for name in "d", "p", "i", "pair":
    text = open(name + ".npy", "rb").read()
    print(name, text[:6] == b"\x93NUMPY", re.search(rb"'shape': (\(.*?\))", text)[1].decode())
EOF
left
