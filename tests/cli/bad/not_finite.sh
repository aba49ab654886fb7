# SPDX-License-Identifier: Apache-2.0
# Numbers that are not finite: inline, in NPY and in safetensors files.
. "$LIB"
printf 'oscc: 1\noscillators: 2\ndynamics:\n  time: .inf\n  weights: {K: [[0, .nan], [1e400, 0]], omega: [-.inf, nan]}\n' >inline.yaml
try check inline.yaml
array K.npy '(2, 2)' '<f4' inf
array omega.npy '(2,)' '<f8' nan
printf 'oscc: 1\noscillators: 2\ndynamics:\n  weights: {K: K.npy, omega: omega.npy}\n' >npy.yaml
try check npy.yaml
tensors w.safetensors 'data = struct.pack("<6f", 0, 1, -1, 0, float("nan"), float("inf"))'
model w.safetensors
try check model.yaml
left
