# SPDX-License-Identifier: Apache-2.0
#
# What the tests of the command line share: . "$LIB"
# shellcheck shell=bash
cp -r "$EXAMPLES/pair" "$EXAMPLES/digits" . # paths in messages must not depend on where this lies

# try ARGUMENT...: runs oscc and says how it ended; nothing may take more than $LIMIT seconds of
# processor time, however busy the machine is.
try() {
    local status=0
    (ulimit -t "$LIMIT" && exec timeout "$((20 * LIMIT))" "$OSCC" "$@") || status=$?
    echo "exit $status"
}

# The files and folders that are here beside the examples; what a fault leaves behind shows up.
left() {
    echo "left: $(find . -mindepth 1 -maxdepth "${1:-1}" ! -name pair ! -name digits \
        ! -path './pair/*' ! -path './digits/*' | sort | tr '\n' ' ')"
}

# model LINES: model.yaml with these lines, in place of "weights:" of a model of two oscillators.
model() { printf 'oscc: 1\noscillators: 2\ndynamics:\n  weights: %s\n' "$1" >model.yaml; }

# A chip of examples/pair in chip/.
make_chip() { "$OSCC" pair/model.yaml -o chip -q --no-verify; }

# tensors NAME PYTHON: a safetensors file. PYTHON may change header (a dictionary, or bytes), data
# (K and omega of two oscillators, f32) and length (what the file says that its header takes).
tensors() {
    python3 - "$@" <<'EOF'
import json, struct, sys
K = {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}
omega = {"dtype": "F32", "shape": [2], "data_offsets": [16, 24]}
header = {"K": K, "omega": omega}
data = struct.pack("<6f", 0, 0.5, -0.5, 0, 0.1, -0.1)
length = None
exec(sys.argv[2])
if not isinstance(header, bytes):
    header = json.dumps(header).encode()
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<Q", len(header) if length is None else length) + header + data)
EOF
}

# array NAME SHAPE TYPE VALUE: an NPY file, every element VALUE; SHAPE as in Python.
array() {
    python3 - "$@" <<'EOF'
import struct, sys
shape = eval(sys.argv[2])
kind = sys.argv[3]
code = {"<f8": "d", "<f4": "f", "<i4": "i", "<i8": "q"}[kind]
count = 1
for size in shape:
    count *= size
text = ("{'descr': '%s', 'fortran_order': False, 'shape': %r, }" % (kind, shape)).encode()
text += b" " * ((64 - (10 + len(text) + 1) % 64) % 64) + b"\n"
value = (float if code in "df" else int)(sys.argv[4])
with open(sys.argv[1], "wb") as out:
    out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text)
    out.write(struct.pack("<%d%s" % (count, code), *[value] * count))
EOF
}
