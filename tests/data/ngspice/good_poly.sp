* E with POLY and behavioural parts
v1 a 0 sin(0 1 1meg)
e1 b 0 poly(2) a 0 a 0 0 1 1
r1 b 0 1k
r2 b 0 r='1k*(1+v(a)*v(a))'
.tran 10n 5u
.end
