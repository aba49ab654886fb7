* bad behavioural expression
v1 a 0 1
b1 b 0 v=v(a)+*2)
r1 b 0 1k
.tran 1n 10n
.end
