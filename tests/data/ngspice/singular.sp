* two voltage sources in parallel
v1 a 0 1
v2 a 0 2
r1 a 0 1k
.tran 1n 10n
.end
