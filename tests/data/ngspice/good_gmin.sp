* operating point that needs gmin stepping
b1 x 0 v=2.5*(1-tanh(200*(v(a)-2)))
r1 x a 1k
c1 a 0 1p
r2 a 0 100k
.tran 1n 100n
.end
