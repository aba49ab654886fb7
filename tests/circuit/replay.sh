#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A run's run.sh, which uses plain `ngspice -b` and nothing of oscc, gives the phases in its
# result.json, for both levels.
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
echo "replay: good"
