* multiplier on a subcircuit line
.subckt s a b m=1
r1 a b 1k
.ends
v1 a 0 pulse(0 1 1n 1n)
x1 a 0 s
d1 0 a dd
.model dd d(is=1e-14)
.tran 1n 10n
.end
