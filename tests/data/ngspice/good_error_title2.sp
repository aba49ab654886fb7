error budget: unknown model
v1 error 0 1
r1 error unknown 1k
c1 unknown 0 1n
.tran 10n 5u
.end
