* one of everything, to see how many elements each becomes
.param p=2
v1 a 0 1
e1 b 0 value={v(a)*2}
r1 b 0 r='1k*p'
r2 b 0 r='1k*p*(1+v(a))'
l1 c 0 l='1u*(1+v(a))'
r3 c 0 1k
c1 c 0 c='1n*p'
g1 d 0 value={v(a)}
r4 d 0 1k
e2 f 0 table {v(a)} = (0,0) (1,1)
r5 f 0 1k
g3 g 0 a 0 {p*1m}
r6 g 0 1k
s1 g 0 a 0 sw1
.model sw1 sw(vt=0.5)
i1 g 0 dc {p*1m}
f1 g 0 v1 2
h1 h 0 v1 2
r7 h 0 1k
b9 hh 0 v=v(a) 
t1 a 0 h 0 z0=50 td=1n
.tran 1n 10n
.end
