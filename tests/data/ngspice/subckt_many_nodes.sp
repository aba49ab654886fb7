* too many nodes for a subcircuit
.subckt s a b
r1 a b 1k
.ends
v1 a 0 1
x1 a 0 c d s
.tran 1n 10n
.end
