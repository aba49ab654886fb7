* good RC
v1 a 0 1
r1 a b 1k
c1 b 0 1n ic=0
.tran 10n 5u uic
.save v(b)
.end
