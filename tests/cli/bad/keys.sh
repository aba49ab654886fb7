# SPDX-License-Identifier: Apache-2.0
# Unknown, misspelt, duplicate and missing keys: all in one run, by place.
. "$LIB"
cat >model.yaml <<'EOF'
oscc: 1
oscilators: 2
foo: 1
name: a
name: b
dynamics:
  wieghts: {}
  time: 1
decoder: {kind: linear, weight: x}
chip: {pkd: generic}
verify: {phase: {phase_rms: 1}}
EOF
try check model.yaml
try sample model.yaml --phases-out x.npy
try model.yaml -o chip
left
