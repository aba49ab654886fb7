# SPDX-License-Identifier: Apache-2.0
# The same picture and phases whatever the number of threads, and twice in a row.
. "$LIB"
for run in 1 2 7 1; do
    try sample digits/model.yaml -n 30 -j $run -q -o $run.png --phases-out $run.npy
    cmp 1.png $run.png && cmp 1.npy $run.npy
done
for run in 1 2; do
    try sample digits/model.yaml -n 5 -j $run -q --solver ode --phases-out ode$run.npy
done
cmp ode1.npy ode2.npy
cmp -s ode1.npy 1.npy || echo "the exact solution differs from the model's own"
left
