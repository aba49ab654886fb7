* XSPICE gate
v1 a 0 pulse(0 1 1n 0.1n 0.1n 5n 10n)
a1 [a] [d] adc
a2 d e inv
a3 [e] [f] dac
.model adc adc_bridge(in_low=0.4 in_high=0.6)
.model inv d_inverter
.model dac dac_bridge(out_low=0 out_high=1)
r1 f 0 1k
.tran 0.1n 20n
.end
