* nodeset of a missing node
v1 a 0 1
r1 a 0 1k
.nodeset v(nosuch)=1
.tran 1n 10n
.end
