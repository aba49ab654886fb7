#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The same input gives the same bytes, on any number of threads.
#   tests/circuit/determinism.sh OSCC
set -euo pipefail
oscc=$(realpath "$1")
examples=$(cd "$(dirname "$0")/../../examples" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
for jobs in 1 2; do
    "$oscc" "$examples/digits/model.yaml" -o "chip$jobs" --no-verify -q -j "$jobs"
    "$oscc" verify "chip$jobs" --level phase --samples 4 -q -j "$jobs"
    "$oscc" sample "$examples/digits/model.yaml" --count 30 -q -j "$jobs" -o "images$jobs.npy" \
        --phases-out "phases$jobs.npy"
    "$oscc" sample "$examples/digits/model.yaml" --count 30 -q -j "$jobs" -o "images$jobs.png"
    # times are the only thing that may differ
    find "chip$jobs" \( -name '*.json' -o -name '*.md' -o -name '*.html' -o -name '*.csv' \
        -o -name '*.xml' \) -exec sed -i -E \
        's/"(compile\.[a-z_]+|[a-z.]*wall_s[a-z_]*)": [-+.0-9e]+/"\1": TIME/;
         s/(wall time a sample[^0-9]*)[.0-9e-]+/\1TIME/; s/,[0-9]+\.[0-9]{3}(,[^,]*,[^,]*)$/,TIME\1/;
         s/time="[.0-9]+"/time="TIME"/' {} +
    find "chip$jobs" -name log.txt -delete
done
diff -r chip1 chip2
cmp images1.npy images2.npy
cmp phases1.npy phases2.npy
cmp images1.png images2.png
# sample 7 is the same whether 8 or 30 are drawn: the header of an NPY file is 128 bytes
"$oscc" sample "$examples/digits/model.yaml" --count 8 -q --phases-out few.npy
tail -c +129 few.npy | cmp - <(tail -c +129 phases1.npy | head -c $((8 * 65 * 8)))
echo "determinism: good"
