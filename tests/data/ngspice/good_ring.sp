* ring of five CMOS inverters
.model nn nmos level=14 version=4.5 
.model pp pmos level=14 version=4.5
.subckt inv a y vdd
mn y a 0 0 nn w=1u l=0.18u
mp y a vdd vdd pp w=2u l=0.18u
.ends
vdd vdd 0 1.8
x1 a b vdd inv
x2 b c vdd inv
x3 c a vdd inv
.ic v(a)=0.3
.tran 10p 5n
.meas tran vmax max v(a)
.end
