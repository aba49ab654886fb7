* two current sources in series
i1 0 a 1m
i2 a 0 2m
r1 b 0 1k
v1 b 0 1
.tran 1n 10n
.end
