* resistor with one node
v1 a 0 1
r1 a
.tran 1n 10n
.end
