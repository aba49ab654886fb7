* letters for a number
v1 a 0 1
r1 a 0 abc
.tran 1n 10n
.end
