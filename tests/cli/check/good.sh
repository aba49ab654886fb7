# SPDX-License-Identifier: Apache-2.0
. "$LIB"
try check pair/model.yaml
try check digits/model.yaml
try check -q digits/model.yaml
printf 'oscc: 1\noscillators: 2\ndynamics:\n  weights: {K: [[0, 0.5], [-0.5, 0]], omega: [0.1, -0.1]}\n' >m.yaml
try check m.yaml
left
