* unknown function
v1 a 0 1
b1 b 0 v=nosuch(v(a))
r1 b 0 1k
.tran 1n 10n
.end
