* unknown option
v1 a 0 1
r1 a 0 1k
.options nosuch=3 reltol=abc
.tran 1n 10n
.end
