* bad transient card
v1 a 0 1
r1 a 0 1k
.tran 0 10n
.end
