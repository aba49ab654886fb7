* unknown diode model
v1 a 0 1
d1 a 0 dd
.tran 1n 10n
.end
