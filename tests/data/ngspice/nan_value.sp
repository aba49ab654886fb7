* nan value
v1 a 0 nan
r1 a 0 1k
.tran 1n 10n
.end
