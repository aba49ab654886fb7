#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The figures of examples/digits that the README of the project stands on, with 50 samples a level.
#   tests/circuit/figures.sh OSCC
set -euo pipefail
oscc=$(realpath "$1")
examples=$(cd "$(dirname "$0")/../../examples" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
"$oscc" "$examples/digits/model.yaml" -o chip --no-verify
for level in phase cell; do
    "$oscc" verify chip --level "$level" --samples 50
done
cat chip/report/metrics.json
jq -e '."verify.phase.nominal.phase_rms_rad" <= 0.002 and ."verify.phase.nominal.good" == 50 and
       ."verify.cell.nominal.phase_rms_rad" <= 0.02 and ."verify.cell.nominal.good" == 50' \
    chip/report/metrics.json >/dev/null
