* if without endif
.param p=1
v1 a 0 1
.if (p==1)
r1 a 0 1k
.tran 1n 10n
.end
