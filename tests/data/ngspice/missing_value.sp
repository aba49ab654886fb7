* resistor with no value
v1 a 0 1
r1 a 0
c1 a 0
.tran 1n 10n
.end
