#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks that every #include points to the same layer or to one above it in ARCHITECTURE.md's list.
#   tests/layers.sh [ROOT]
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"
layers=(compiler/base compiler/model compiler/sample control pdk compiler/map netlist spice synth compiler/report
        compiler/cli)
faults=0 files=0

level_of() { # PATH -> index of its layer, or nothing
    local i
    for i in "${!layers[@]}"; do
        [[ $1 == "${layers[$i]}"/* ]] && echo "$i"
    done
    return 0
}

while IFS=: read -r file included; do
    files=$((files + 1))
    from=$(level_of "$file") to=$(level_of "$included")
    if [ -z "$from" ] || [ -z "$to" ] || [ "$to" -gt "$from" ]; then
        echo "$file includes $included, which is not in a layer above it"
        faults=$((faults + 1))
    fi
done < <(grep -roE --include='*.[ch]' '^#include "[^"]+"' "${layers[@]}" 2>/dev/null |
    sed -E 's/#include "([^"]+)"/\1/')
[ "$files" -gt 0 ] || { echo "found no #include at all"; exit 1; }
[ "$faults" = 0 ] || exit 1
echo "layers: $files includes, all one way"
