* coupling of inductors that are not there
v1 a 0 1
r1 a b 1
l1 b 0 1u
k1 l1 l9 0.5
.tran 1n 10n
.end
