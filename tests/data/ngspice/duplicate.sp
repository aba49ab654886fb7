* the same name twice
v1 a 0 1
r1 a 0 1k
r1 a 0 2k
.tran 1n 10n
.end
