* undefined parameter in quotes
v1 a 0 1
c1 a 0 'nosuch*2'
.tran 1n 10n
.end
