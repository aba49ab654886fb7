* PWL that goes back in time
v1 a 0 pwl(0 0 2n 1 1n 0)
r1 a 0 1k
.tran 1n 10n
.end
