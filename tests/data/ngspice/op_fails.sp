* no operating point
b1 a 0 v=1+v(a)
r1 a 0 1
b2 b 0 v=v(b)*v(b)+1
r2 b 0 1
.tran 1n 10n
.end
