# SPDX-License-Identifier: Apache-2.0
# What does not fit is said, and nothing is written.
. "$LIB"
try sample pair/model.yaml
try sample pair/model.yaml -o x.png
try sample digits/model.yaml -o x.jpg
try sample digits/model.yaml -o x.png --solver rk4
try sample digits/model.yaml -o x.png --class 10
array shape.npy '(2, 4)' '<f8' 0
array flat.npy '(3,)' '<f8' 0
array none.npy '(0, 3)' '<f8' 0
array nan.npy '(2, 3)' '<f8' nan
array half.npy '(2,)' '<f8' 0.5
array good.npy '(2, 3)' '<f8' 0
array three.npy '(3,)' '<i4' 0
array minus.npy '(2,)' '<i4' -1
for start in shape flat none nan nosuch; do
    try sample pair/model.yaml --phases-out x.npy --initial-phases $start.npy
done
for classes in half three minus; do
    try sample pair/model.yaml --phases-out x.npy --initial-phases good.npy --classes $classes.npy
done
head -c 60 good.npy >cut.npy
head -c 140 good.npy >short.npy
echo hello >text.npy
for start in cut short text; do
    try sample pair/model.yaml --phases-out x.npy --initial-phases $start.npy
done
try sample pair/model.yaml --phases-out x.npy --initial-phases . --classes nosuch.npy
rm -f *.npy
left
