* unknown parameter on an instance
.subckt s a b w=1
r1 a b {w}
.ends
v1 a 0 1
x1 a 0 s zz=2
.tran 1n 10n
.end
