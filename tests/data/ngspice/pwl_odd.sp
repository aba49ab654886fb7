* PWL with an odd count
v1 a 0 pwl(0 0 1n)
r1 a 0 1k
.tran 1n 10n
.end
