* initial condition of a node that is not there
v1 a 0 1
r1 a 0 1k
.ic v(nosuch)=1
.tran 1n 10n
.end
