* unknown controlling source
v1 a 0 1
r1 a 0 1k
f1 b 0 vnosuch 2
r2 b 0 1k
.tran 1n 10n
.end
