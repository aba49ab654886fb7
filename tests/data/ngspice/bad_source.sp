* unknown source function
v1 a 0 nosuch(0 1 2)
r1 a 0 1k
.tran 1n 10n
.end
