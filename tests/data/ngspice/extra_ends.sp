* extra ends
r1 a 0 1k
.ends
v1 a 0 1
.tran 1n 10n
.end
