* a resistor of nought
v1 a 0 1
r1 a b 0
r2 b 0 1k
.tran 1n 10n
.end
