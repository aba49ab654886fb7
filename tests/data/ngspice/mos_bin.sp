* no bin for this size
v1 a 0 1
m1 a a 0 0 nn w=50u l=50u
.model nn.0 nmos level=14 version=4.5 lmin=0.1u lmax=1u wmin=0.1u wmax=1u
.tran 1n 10n
.end
