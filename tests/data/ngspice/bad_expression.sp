* bad expression
v1 a 0 1
r1 a 0 {1+*2}
.tran 1n 10n
.end
