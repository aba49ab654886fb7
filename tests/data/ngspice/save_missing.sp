* nothing that can be saved
v1 a 0 1
r1 a 0 1k
.save v(nosuch)
.tran 1n 10n
.end
