* unbalanced subcircuit
.subckt s a b
r1 a b 1k
v1 a 0 1
x1 a 0 s
.tran 1n 10n
.end
