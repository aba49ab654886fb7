* capacitors only node saved by gmin
v1 a 0 1
c1 a b 1n
c2 b 0 1n
.tran 1n 10n
.end
