# SPDX-License-Identifier: Apache-2.0
# --seed, --class and --classes, --initial-phases: each changes what it should.
. "$LIB"
draw() { try sample pair/model.yaml -q --phases-out "$@"; }
draw a.npy -n 2
draw b.npy -n 2 --seed 1
cmp a.npy b.npy && echo "the model's own seed is 1"
draw c.npy -n 2 --seed 0x10
cmp -s a.npy c.npy || echo "another seed, other phases"
array start.npy '(2, 3)' '<f8' 0.25
array classes.npy '(2,)' '<i4' 1
array classes8.npy '(2,)' '<i8' 1
draw d.npy --initial-phases start.npy --classes classes.npy
draw e.npy --initial-phases start.npy --class 1
draw e8.npy --initial-phases start.npy --classes classes8.npy
cmp d.npy e.npy && cmp d.npy e8.npy && echo "--class is --classes with one class"
draw f.npy --initial-phases start.npy --class 0
cmp -s e.npy f.npy || echo "another class, other phases"
array start4.npy '(2, 3)' '<f4' 0.25
draw g.npy --initial-phases start4.npy --class 0
cmp f.npy g.npy && echo "f32 in is f64 in"
left
