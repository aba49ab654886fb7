* an error unknown fatal singular title
v1 error 0 1
r1 error fatal 1k
c1 fatal 0 1n
.ic v(fatal)=0.1
.tran 10n 5u
.save v(error) v(fatal)
.end
