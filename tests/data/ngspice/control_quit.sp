* quit in a control block
v1 a 0 1
r1 a 0 1k
.tran 1n 10n
.control
run
quit 3
.endc
.end
