/* SPDX-License-Identifier: Apache-2.0
 *
 * The host of a chip, as far as verification is one: it boots the chip over SPI, starts samples and
 * reads what came of them (docs/control.md, "Host interface"). Everything said at the pins is kept,
 * to be said again to another build of the same control.
 */
#ifndef OSCC_SPICE_COSIM_HOST_H
#define OSCC_SPICE_COSIM_HOST_H

#include <stdint.h>

#include "compiler/base/arena.h"
#include "control/host.h"
#include "spice/pins.h"

/* Bits of STATUS and MODE. */
enum {
    HOST_BUSY = 1,
    HOST_LOADED = 0x3e, /* chain, classes, weights, biases, settings */
    HOST_PIXELS_WAITING = 1 << 6,
    HOST_DECODING = 1 << 8,
    HOST_NEXT_CLASS = 2,
    HOST_NO_DECODING = 4
};

/* The address in region codes from which raw codes stand. */
enum { HOST_RAW_CODES = 1 << 16 };

struct host {
    struct pins pins;
    struct arena *arena;
    struct str said;   /* "> command\n< answer\n" over and over */
    struct str answer; /* the last */
    const char *fault; /* the first thing that went wrong, or NULL; nothing is said after it */
};

/* A command and its answer, which stays valid until the next. NULL after a fault. */
const char *host_ask(struct host *host, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds what a worker said to the control in its place: the record of a run. */
void host_add_record(struct host *host, const char *record);

/* A frame of bytes as it is, and what came back, or NULL. */
void host_frame(struct host *host, size_t count, const uint8_t *bytes, uint8_t *back);

void host_read(struct host *host, enum control_region region, uint32_t address, size_t count,
               uint8_t *bytes);
uint32_t host_register(struct host *host, enum control_register address);
void host_set_register(struct host *host, enum control_register address, uint32_t value);

/* Clocks until a command "w" or "i" sees its end; false where it does not. */
bool host_wait(struct host *host, char command, unsigned long most);

void host_fail(struct host *host, const char *format, ...) __attribute__((format(printf, 2, 3)));
void host_free(struct host *host);

/* Says all of it again to another process. NULL where every answer is the same, else what differs.
 */
const char *host_replay(struct arena *arena, const char *said, const struct pins *pins);

#endif
