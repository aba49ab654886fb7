# SPDX-License-Identifier: Apache-2.0
# Tensors that are missing (with those that are there) or of the wrong shape, and weights in a map.
. "$LIB"
tensors w.safetensors 'header = {"Q": K, "bias": omega}'
model w.safetensors
try check model.yaml
tensors w.safetensors 'K["shape"] = [1, 4]; omega["shape"] = [2, 1]'
try check model.yaml
tensors w.safetensors 'header["dynamics.K"] = K'
try check model.yaml
model '{K: [[0, 1], [1]], omega: [1, 2, 3], omgea: [1]}'
try check model.yaml
model '{K: [[0, x], [1, 0]], omega: {a: 1}}'
try check model.yaml
model '{K: [], omega: 1}'
try check model.yaml
array K.npy '(4,)' '<f8' 0
array omega.npy '(2,)' '<i8' 0
model '{K: K.npy, omega: nosuch.npy}'
try check model.yaml
model '{K: ., omega: omega.npy}'
try check model.yaml
model '[a.safetensors, b.safetensors]'
try check model.yaml
left
