* log of a negative number
v1 a 0 -1
b1 b 0 v=ln(v(a))
r1 b 0 1k
.tran 1n 10n
.end
