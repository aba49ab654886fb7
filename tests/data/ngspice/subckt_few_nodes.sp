* too few nodes for a subcircuit
.subckt s a b c
r1 a b 1k
r2 b c 1k
.ends
v1 a 0 1
x1 a 0 s
.tran 1n 10n
.end
