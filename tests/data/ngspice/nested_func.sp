* function with too few arguments
.func f(x,y) {x+y}
v1 a 0 1
r1 a 0 {f(1)}
.tran 1n 10n
.end
