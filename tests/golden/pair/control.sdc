# The clock and pins of pair; written by oscc. SPI and the oscillators' q are asynchronous
# and enter through two flip-flops each.
create_clock -name clk -period 9.258 [get_ports clk]
set_clock_uncertainty 0.185 [get_clocks clk]
set_false_path -from [get_ports {rst_n sck cs_n mosi}]
set_output_delay 1.85 -clock clk [get_ports {miso power busy}]
set_load 0.05 [get_ports {miso power busy}]
