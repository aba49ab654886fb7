* a parameter of itself
.param a=b b=a
v1 a 0 1
r1 a 0 {a}
.tran 1n 10n
.end
