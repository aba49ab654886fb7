* timestep too small
v1 a 0 pulse(0 1 1n 1n 1n 5n 20n)
r1 a b 1
c1 b 0 1n
b1 b 0 i=v(b)>0.5?1e12*sin(1e15*time)*exp(80*v(b)):0
.tran 1n 100n
.end
