* code model card is missing
v1 a 0 1
a1 a b mm
r1 b 0 1k
.tran 1n 10n
.end
