* node with no path to ground
v1 a 0 1
c1 a b 1n
c2 b 0 1n
i1 b 0 1u
.tran 1n 10n
.end
