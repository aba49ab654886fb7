* capacitor node only
v1 a 0 1
r1 a 0 1k
c1 b c 1n
.tran 1n 10n
.end
