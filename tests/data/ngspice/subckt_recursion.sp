* a subcircuit of itself
.subckt s a
x1 a s
.ends
v1 a 0 1
x1 a s
.tran 1n 10n
.end
