#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Make the recorded cases of this folder again. Needs PyTorch; PYTHON names an interpreter that has it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
examples=$here/../../../examples
python=${PYTHON:-python3}

un0() { # FOLDER OPTION...
    folder=$here/$1
    shift
    "$python" -B "$examples/un0/make_random.py" "$folder" --record "$folder" "$@"
}

# What Un-0 is made of, at n = 16: training names, resize_conv, Euler, mean_relative.
un0 training_resize_conv --n 16 --m 2 --classes 3 --blocks 1 --image 3 8 8 \
    --naming training --seed 11
# Scales left to apply, BF16, another readout, decoder and solver, an image that is not square.
un0 mup_mlp_bf16 --n 16 --m 1 --classes 4 --decoder mlp --hidden 24 16 --image 1 4 6 \
    --parameterization mup --naming training --dtype BF16 --solver rk4 --steps 4 \
    --readout ref_oscillator --seed 12
# Converted names, F16, no reference at all.
un0 converted_linear_f16 --n 12 --m 1 --classes 2 --decoder linear --image 1 5 3 \
    --dtype F16 --readout absolute --seed 13 --samples 3
# Scales that depend on m, F64, conditioning oscillators that pull each other.
un0 mup_linear_f64 --n 16 --m 4 --classes 3 --decoder linear --image 1 4 4 \
    --parameterization mup --naming training --dtype F64 --readout ref_drive --seed 14 --samples 3

"$python" -B "$examples/digits/train.py" --record "$here"
