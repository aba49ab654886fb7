#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# All of netlist/rtl through Verilator and Icarus with every warning, in the shapes that chips have:
# with and without decoder, tones and class chain. A line of output is a fault, and a fault is seen.
set -euo pipefail
cd "$(dirname "$0")/../../netlist/rtl"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

lint() { # FILES AND PARAMETERS NAME=VALUE
    local files=() verilator=() icarus=() word
    for word in "$@"; do
        case $word in
        *=*) verilator+=("-G$word") icarus+=("-Pcontrol.$word") ;;
        *) files+=("$word") ;;
        esac
    done
    {
        verilator --lint-only -Wall --top-module control "${verilator[@]}" "${files[@]}" 2>&1 || true
        iverilog -Wall -g2005 -o "$scratch/out" -s control "${icarus[@]}" "${files[@]}" 2>&1 || true
    } >"$scratch/log"
    [ ! -s "$scratch/log" ]
}

for shape in N=2 "N=64 CLASSES=10 CHAIN_BITS=20680 LINKS=64 DEC_OUTPUTS=128'd64 DEC_INPUTS=128'd128 \
DEC_WEIGHT_WORDS=2048 DEC_BIASES=64" "N=3 DEC_LAYERS=0" "N=4 LINKS=0 CHAIN_BITS=40" \
    "N=5 M=0 LINKS=0 CHAIN_BITS=77" "N=2 M=2 B=8 P=9 LINK_BITS=8 TRIM_RISES=0 DRAW_ALL=1"; do
    # the parameters are words
    # shellcheck disable=SC2086
    if ! lint *.v $shape; then
        echo "netlist/rtl with $shape:"
        cat "$scratch/log"
        exit 1
    fi
done

# a wrong width must be seen
sed 's/tx_data : {tx\[6:0\], 1.b0}/tx_data : tx[6:0]/' spi.v >"$scratch/spi.v"
others=()
for file in *.v; do [ "$file" = spi.v ] || others+=("$file"); done
if lint "${others[@]}" "$scratch/spi.v" N=2; then
    echo "lint: a wrong width went unseen"
    exit 1
fi
echo "lint: good"
