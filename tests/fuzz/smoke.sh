#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Every fuzz target on its corpus and then for some seconds of new inputs.
#   tests/fuzz/smoke.sh BUILD SECONDS
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
count=0
for target in "$build"/fuzz_*; do
    [ -x "$target" ] && [ -f "$target" ] || continue
    name=$(basename "$target")
    mkdir -p "$scratch/$name"
    # a copy of the corpus, so that what is found stays out of the source tree; a seed, so that two
    # runs do the same
    "$target" -seed=1 -max_total_time="$2" -rss_limit_mb=2048 -timeout=10 -verbosity=0 \
        -print_final_stats=1 "$scratch/$name" "$here/corpus/$name" >"$name.log" 2>&1 ||
        { cat "$name.log"; echo "fuzz: $name failed"; exit 1; }
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$name.log") inputs"
    count=$((count + 1))
done
[ "$count" -ge 4 ] || { echo "fuzz: only $count targets were found"; exit 1; }
