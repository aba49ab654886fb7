* missing subcircuit with parameters
v1 a 0 1
x1 a 0 nosuch w=1
.tran 1n 10n
.end
