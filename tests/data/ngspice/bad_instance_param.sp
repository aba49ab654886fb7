* unknown instance parameter
v1 a 0 1
d1 a 0 dd nosuch=3
.model dd d(is=1e-14)
.tran 1n 10n
.end
