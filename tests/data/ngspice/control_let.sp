* bad vector in a control block
v1 a 0 1
r1 a 0 1k
.tran 1n 10n
.control
run
print v(nosuch)
let q = v(alsonot)
alter r99 = 3
meas tran x find v(nosuch) at=5n
plot v(a)
.endc
.end
