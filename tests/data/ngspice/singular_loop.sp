* loop of voltage sources
v1 a 0 1
v2 b a 1
v3 b 0 3
r1 b 0 1k
.tran 1n 10n uic
.end
