* measurement that fails
v1 a 0 1
r1 a 0 1k
.tran 1n 10n
.meas tran x find v(a) when v(a)=5
.meas tran y trig v(a) val=3 rise=1 targ v(a) val=4 rise=1
.end
