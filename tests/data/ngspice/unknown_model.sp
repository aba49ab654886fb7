* unknown model
v1 a 0 1
m1 a a 0 0 nosuch w=1u l=1u
.tran 1n 10n
.end
