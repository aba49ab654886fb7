* a device this build does not have
v1 a 0 1
r1 a 0 1k
n1 a 0 mm
.tran 1n 10n
.end
