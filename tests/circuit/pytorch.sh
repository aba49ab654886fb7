#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# oscc sample against an independent PyTorch implementation (examples/un0/make_random.py) on random
# models of Un-0's shapes: phases within 1e-4 rad, images within 1e-3.
#   tests/circuit/pytorch.sh OSCC
set -euo pipefail
oscc=$(realpath "$1")
examples=$(cd "$(dirname "$0")/../../examples" && pwd)
python=/usr/bin/python3
if ! "$python" -c 'import torch' 2>/dev/null; then
    echo "pytorch: skipped, needs the package python3-torch"
    exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

compare() { # NAME OPTION...
    local name=$1
    shift
    "$python" -B "$examples/un0/make_random.py" "$name" --record "$name" --samples 4 "$@" >/dev/null
    for solver in model ode; do
        "$oscc" sample "$name/model.yaml" -q --solver "$solver" \
            --initial-phases "$name/initial_phases.npy" --classes "$name/classes.npy" \
            --phases-out "$solver.npy" --images-out images.npy
        [ "$solver" = ode ] || mv images.npy images_model.npy
    done
    "$python" - "$name" <<'PYTHON'
import sys
import numpy as np
name = sys.argv[1]
worst = lambda a, b: np.abs(np.load(a) - np.load(b)).max()
model = worst("model.npy", name + "/phases_model.npy")
ode = worst("ode.npy", name + "/phases_ode.npy")
image = worst("images_model.npy", name + "/images.npy")
print(f"{name}: model's solver {model:.2g} rad, exact solution {ode:.2g} rad, image {image:.2g}")
sys.exit(not (model <= 1e-4 and ode <= 1e-4 and image <= 1e-3))
PYTHON
}

compare cifar --n 1024 --m 8
compare imagenet --n 512 --m 1 --classes 20 --blocks 4 --image 3 64 64 --parameterization mup \
    --naming training --dtype F16 --readout ref_oscillator
compare mlp --n 256 --m 2 --decoder mlp --hidden 128 64 --image 1 16 16 --dtype BF16 --solver rk4 \
    --steps 8 --readout ref_drive
