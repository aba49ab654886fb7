* finite escape
c1 a 0 1n ic=1
b1 0 a i=1*v(a)*v(a)*v(a)
.tran 1n 1u uic
.end
