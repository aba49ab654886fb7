* unknown name in a behavioural source
v1 a 0 1
b1 b 0 v=v(a)*nosuch
r1 b 0 1k
.tran 1n 10n
.end
