#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A run's run.sh, which uses plain `ngspice -b` and nothing of oscc, gives the phases in its
# result.json: within 1e-9 rad with behavioural cells. At level device the crossbar was outside
# ngspice's matrix: with up to 16 oscillators run.sh puts it inside, and the phases agree within
# 0.002 rad RMS, the rotation in common removed; with more it replays recorded currents with other
# time points, and they agree within 0.01 rad.
#   tests/circuit/replay.sh OSCC
set -euo pipefail
oscc=$(realpath "$1")
examples=$(cd "$(dirname "$0")/../../examples" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

compare() { # CHIP LEVEL RUN
    local folder=$1/verify/$2-nominal/$3
    sh "$folder/run.sh" 2>/dev/null | sed -nE 's/^phase[0-9]+ = *//p' >replayed.txt
    jq '.phases_circuit[]' "$folder/result.json" >stored.txt
    paste replayed.txt stored.txt | awk -v what="$folder" '
        { d = $1 - $2; turn = 6.283185307179586; d -= turn * int(d / turn + (d > 0 ? 0.5 : -0.5))
          if (d < 0) d = -d; if (!(d < 1e-9)) bad++; n++ }
        END { if (!n || bad || NF != 2) { print what ": " bad + 0 " of " n + 0 " phases differ"; exit 1 } }'
}

"$oscc" "$examples/digits/model.yaml" -o digits --no-verify -q
for level in phase cell; do
    "$oscc" verify digits --level "$level" --samples 2 -q
    compare digits "$level" 000001
done
# a chip moved elsewhere replays too, and a result that is wrong is seen
mv digits moved
compare moved cell 000000
jq '.phases_circuit[3] += 0.001' moved/verify/cell-nominal/000000/result.json >wrong.json
mv wrong.json moved/verify/cell-nominal/000000/result.json
if compare moved cell 000000 >/dev/null; then
    echo "replay: a wrong phase went unseen"
    exit 1
fi

# compare_rms CHIP RUN LIMIT: level device
compare_rms() {
    local folder=$1/verify/device-tt/$2
    sh "$folder/run.sh" 2>/dev/null | sed -nE 's/^phase[0-9]+ = *//p' >replayed.txt
    jq '.phases_circuit[]' "$folder/result.json" >stored.txt
    paste replayed.txt stored.txt | awk -v what="$folder" -v limit="$3" '
        NR == 1 { first = $1 - $2 }
        { turn = 6.283185307179586; d = $1 - $2 - first
          d -= turn * int(d / turn + (d > 0 ? 0.5 : -0.5)); sum += d; square += d * d; n++ }
        END { rms = n ? sqrt(square / n - sum * sum / n / n) : 9
              printf "replay: %s: %.5f rad RMS\n", what, rms
              if (!(rms < limit)) exit 1 }'
}

shared=$examples/../../shared/pdk
[ -n "${PDK_ROOT:-}" ] || [ ! -d "$shared" ] || export PDK_ROOT=$shared
if [ ! -d "${PDK_ROOT:-/nowhere}/sky130A" ]; then
    echo "replay: level device skipped: no sky130A in \$PDK_ROOT or beside the project"
    exit 0
fi
"$oscc" "$examples/pair/model.yaml" --pdk sky130A -o pair --no-verify -q
"$oscc" verify pair --level device --samples 1 -q || [ $? = 1 ]
compare_rms pair 000000 0.002
# 17 oscillators, each pulled by the one before
awk 'BEGIN { n = 17; printf "oscc: 1\nname: ring\noscillators: %d\ndynamics:\n  weights:\n    K: [", n
     for (i = 0; i < n; i++) { printf "["; for (j = 0; j < n; j++) printf "%s%s", j == (i + 1) % n ? "0.8" : "0", j < n - 1 ? ", " : ""
         printf i < n - 1 ? "],\n        " : "]]\n" }
     printf "    omega: ["; for (i = 0; i < n; i++) printf "0.%d%s", i % 5, i < n - 1 ? ", " : "]\n"
     print "chip: {seed: 1}" }' >ring.yaml
"$oscc" ring.yaml --pdk sky130A -o ring --no-verify -q
"$oscc" verify ring --level device --samples 1 -q || [ $? = 1 ]
compare_rms ring 000000 0.01
jq '.phases_circuit[3] += 0.1' ring/verify/device-tt/000000/result.json >wrong.json
mv wrong.json ring/verify/device-tt/000000/result.json
if compare_rms ring 000000 0.01 >/dev/null; then
    echo "replay: a wrong phase at level device went unseen"
    exit 1
fi
echo "replay: good"
