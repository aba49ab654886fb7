# SPDX-License-Identifier: Apache-2.0
# Pixels of the chip's own decoder, from the files in chip/: a weight changed there is seen, and so is an
# image that is cut short. A decoder that the chip cannot have is left to the host, and that is said.
. "$LIB"
cat >model.yaml <<'EOF'
oscc: 1
name: two_pixels
oscillators: 2
conditioning: 1
dynamics:
  weights:
    K: [[0.0, 0.5], [-0.5, 0.0]]
    omega: [0.2, -0.2]
    K_drive: [[[4.0], [-4.0]]]
decoder:
  kind: linear
  weights: {out.weight: [[0.5, 0.25, 1.5, -0.5], [-1.0, 0.75, 0.5, 1.0]], out.bias: [0.25, -0.5]}
image: {channels: 1, height: 1, width: 2}
EOF
figure() { # NAME LIMIT
    python3 -c 'import json, sys
value = json.load(open("chip/report/metrics.json"))[sys.argv[1]]
print(sys.argv[1], "is below" if value < float(sys.argv[2]) else "is not below", sys.argv[2])' "$@"
}
try model.yaml -o chip -q
figure verify.phase.nominal.image_fixed_rms 0.02
figure budget.decoder.image_rms 0.01
cp -r chip whole

sed -i '1s/^....\(....\)$/8080\1/;t' chip/verilog/decoder.hex
try verify chip --level phase -n 2
figure verify.phase.nominal.image_fixed_rms 0.02
figure budget.decoder.image_rms 0.01

rm -r chip && mv whole chip
sed -i 1d chip/verilog/decoder.hex
try verify chip --level phase -n 2
rm chip/verilog/sine.hex
try verify chip --level phase -n 2

sed -i 's/^conditioning: 1/&\nreadout: absolute/' model.yaml
try model.yaml --dump=time
left
