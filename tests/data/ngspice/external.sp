* external source with nobody to drive it
v1 a 0 external
r1 a 0 1k
.tran 1n 10n
.end
