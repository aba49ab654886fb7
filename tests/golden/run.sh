#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The chip of examples/pair, byte for byte against the folder pair/ beside this script.
# TESTING.md says when it may be blessed again.
#   tests/golden/run.sh OSCC [--bless]
set -euo pipefail
oscc=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$oscc" "$here/../../examples/pair/model.yaml" -o "$scratch/chip" --no-verify -q
rm -rf "$scratch/chip/report" "$scratch/chip/model"
"$oscc" "$here/../../examples/pair/model.yaml" --dump=memory >"$scratch/chip/dump.txt"
# the digital control is a copy of netlist/rtl, which tests/rtl tests; params.vh and boot.hex are the chip's
rm -rf "$scratch"/chip/verilog/*.v "$scratch"/chip/verilog/tb
# the manifest holds the hashes of the model's files and the version, which are no netlist
rm "$scratch/chip/manifest.json"
if [ "${2:-}" = --bless ]; then
    rm -rf "$here/pair"
    cp -r "$scratch/chip" "$here/pair"
    echo "golden: blessed"
    exit 0
fi
diff -r "$here/pair" "$scratch/chip"
# a difference must be seen
echo "* one line more" >>"$scratch/chip/spice/array.spice"
if diff -rq "$here/pair" "$scratch/chip" >/dev/null; then
    echo "golden: a changed netlist went unseen"
    exit 1
fi
echo "golden: good"
