/* SPDX-License-Identifier: Apache-2.0
 *
 * Frames of the host interface of the digital control (docs/control.md, "Host interface").
 */
#ifndef OSCC_CONTROL_HOST_H
#define OSCC_CONTROL_HOST_H

#include <stddef.h>
#include <stdint.h>

enum control_region {
    CONTROL_REGISTERS,
    CONTROL_CHAIN,
    CONTROL_CLASS,
    CONTROL_WEIGHTS,
    CONTROL_BIASES,
    CONTROL_SETTINGS,
    CONTROL_RELEASE,
    CONTROL_PIXELS,
    CONTROL_CODES,
    CONTROL_TRIM,
    CONTROL_TARGET,
    CONTROL_REGIONS
};

enum control_register {
    CONTROL_ID = 0x00,
    CONTROL_VERSION = 0x04,
    CONTROL_HASH = 0x08,
    CONTROL_SIZE = 0x0c,
    CONTROL_COMMAND = 0x10,
    CONTROL_STATUS = 0x14,
    CONTROL_ERRORS = 0x18,
    CONTROL_CLASS_FIRST = 0x1c,
    CONTROL_COUNT = 0x20,
    CONTROL_SEED = 0x24,
    CONTROL_SAMPLE = 0x2c,
    CONTROL_RUN = 0x34,
    CONTROL_WAIT = 0x38,
    CONTROL_LAG = 0x3c,
    CONTROL_LIMITS = 0x40,
    CONTROL_DIVIDE = 0x44,
    CONTROL_MODE = 0x48,
    CONTROL_TONE = 0x4c,
    CONTROL_CALIBRATION = 0x50,
    CONTROL_FAILED = 0x54,
    CONTROL_REGISTERS_END = 0x58
};

enum control_command {
    CONTROL_START = 1,
    CONTROL_ABORT = 2,
    CONTROL_CLEAR = 4,
    CONTROL_CALIBRATE = 8
};

/* Bits of ERRORS. */
enum control_error {
    CONTROL_E_CRC,
    CONTROL_E_SHORT,
    CONTROL_E_LONG,
    CONTROL_E_UNKNOWN,
    CONTROL_E_RANGE,
    CONTROL_E_BUSY,
    CONTROL_E_CLASS,
    CONTROL_E_BARE,
    CONTROL_E_CAPTURE,
    CONTROL_E_TONE,
    CONTROL_E_CALIBRATION,
    CONTROL_E_EMPTY,
    CONTROL_E_ORDER
};

enum {
    CONTROL_DATA = 32,                      /* most bytes of data in a write */
    CONTROL_WRITE_FRAME = CONTROL_DATA + 7, /* most bytes of its frame */
    CONTROL_READ_HEAD = 6                   /* bytes of a read before its data */
};

/* CRC-16/CCITT-FALSE of a frame. */
uint16_t control_crc16(const uint8_t *bytes, size_t count);

/* CRC-32 (IEEE, as of zlib) continued: begin with 0. */
uint32_t control_crc32(uint32_t crc, const uint8_t *bytes, size_t count);

/* The frame that writes 1 to CONTROL_DATA bytes; returns its length. */
size_t control_write_frame(uint8_t frame[CONTROL_WRITE_FRAME], enum control_region region,
                           uint32_t address, const uint8_t *data, size_t count);

/* The frame that reads count bytes, CONTROL_READ_HEAD + count bytes; data comes after the head. */
void control_read_frame(uint8_t *frame, enum control_region region, uint32_t address, size_t count);

void control_put(uint8_t *bytes, uint64_t value, size_t count); /* big-endian */
uint64_t control_get(const uint8_t *bytes, size_t count);

#endif
