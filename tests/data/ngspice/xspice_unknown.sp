* unknown code model
v1 a 0 1
a1 a b mm
.model mm nosuchcm(gain=1)
r1 b 0 1k
.tran 1n 10n
.end
