# SPDX-License-Identifier: Apache-2.0
# Values of the wrong kind or out of range, all in one run.
. "$LIB"
cat >model.yaml <<'EOF'
oscc: 2
oscillators: 2.5
conditioning: -1
classes: [1]
name: "a b"
readout: ref_driv
dynamics:
  time: later
  solver: {method: rk5, steps: 0}
  parameterization: "muP"
  weights: 7
chip: {weight_bits: 99999999999999999999, pdk: ~, carrier_cycles: "5"}
verify: none
EOF
try check model.yaml
left
