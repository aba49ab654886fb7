* unknown model parameter
v1 a 0 1
d1 a 0 dd
.model dd d(is=1e-14 nosuch=3)
.tran 1n 10n
.end
