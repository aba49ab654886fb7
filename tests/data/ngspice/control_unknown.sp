* unknown control command
v1 a 0 1
r1 a 0 1k
.tran 1n 10n
.control
nosuchcommand 1 2
.endc
.end
