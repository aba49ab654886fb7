* missing subcircuit
v1 a 0 1
x1 a 0 nosuch
.tran 1n 10n
.end
