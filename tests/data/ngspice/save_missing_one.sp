* one of two saved vectors is missing
v1 a 0 1
r1 a 0 1k
.save v(a) v(nosuch)
.tran 1n 10n
.end
