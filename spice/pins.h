/* SPDX-License-Identifier: Apache-2.0
 *
 * The digital control as a process of its own, spoken to through its pins: netlist/rtl/tb/pins.v
 * with the Verilog of a chip, built by a simulator. It reads commands from its input, a line each,
 * and answers each with a line.
 *
 *   t <q>      one clock with the captured phases q in hex, oscillator 0 the lowest bit; answers
 *              "<h> <en> <power> <lag> <busy>", the pins after the clock's edge, h in hex
 *   s <n> <b>  an SPI frame of n bytes in hex; answers the bytes that came back
 *   w <limit>  clocks without phases until power is high, at most so many; "<clocks> <power>"
 *   i <limit>  clocks until it is not busy, the same
 *   r <n>      n clocks without phases; "<n>"
 *   c, d       what stands in the configuration chain, in the class chain, in hex; the lowest bit
 *              is the link next to si, to di
 *   x          ends it
 */
#ifndef OSCC_SPICE_PINS_H
#define OSCC_SPICE_PINS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "compiler/base/str.h"

/* The process, or the line to it of somebody else's. */
struct pins {
    int line;  /* a socket, its input and output; -1: none */
    pid_t pid; /* 0: somebody else's */
};

/* What the analog side sees. */
struct pins_state {
    bool *h; /* of each oscillator */
    bool en, power, busy;
    unsigned lag;
};

/* Starts the program with its messages in a file of the folder, which it runs in. false, and the
 * reason, where it cannot be started. */
bool pins_start(struct pins *pins, const char *const *command, const char *folder,
                struct str *reason);

/* Ends it and closes the line. */
void pins_end(struct pins *pins);

/* Sends a command and waits for the answer, without its line end. false, and why in the answer,
 * where there is none: it died, or took more than ten minutes. */
bool pins_ask(const struct pins *pins, const char *command, struct str *answer);

/* One clock: q[count] -> state, whose h has room for as many. The whole answer is left in answer.
 * false, and why in the answer, where it is not one. */
bool pins_tick(const struct pins *pins, size_t count, const bool *q, struct pins_state *state,
               struct str *answer);

/* Bits as hex digits, bit 0 the lowest, and back; false where text is not as many bits in hex (an X
 * or Z of a simulator is none). */
void pins_add_hex(size_t count, const bool *bit, struct str *out);
bool pins_read_hex(const char *text, size_t count, bool *bit);

/* The answer of a clock, taken apart. */
bool pins_read_state(const char *text, size_t count, struct pins_state *state);

#endif
