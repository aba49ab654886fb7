* unknown transistor level
v1 a 0 1
m1 a a 0 0 nn w=1u l=1u
.model nn nmos level=999
.tran 1n 10n
.end
