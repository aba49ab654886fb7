* bad model type
v1 a 0 1
r1 a 0 rr 1k
.model rr nosuchtype (rsh=1)
.tran 1n 10n
.end
