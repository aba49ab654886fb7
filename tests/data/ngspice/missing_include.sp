* missing include
v1 a 0 1
r1 a 0 1k
.include nosuch.sp
.tran 1n 10n
.end
