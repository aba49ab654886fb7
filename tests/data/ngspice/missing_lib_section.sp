* missing library section
v1 a 0 1
r1 a 0 1k
.lib have.lib tt
.tran 1n 10n
.end
