* measurement with a bad word
v1 a 0 1
r1 a 0 1k
.tran 1n 10n
.meas tran x fnd v(a)
.meas tran y max v(nosuch)
.end
