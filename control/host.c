/* SPDX-License-Identifier: Apache-2.0 */
#include "control/host.h"

#include <string.h>

uint16_t control_crc16(const uint8_t *bytes, size_t count)
{
    unsigned crc = 0xffff;
    for (size_t i = 0; i < count; i++) {
        crc ^= (unsigned)bytes[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
    }
    return (uint16_t)crc;
}

uint32_t control_crc32(uint32_t crc, const uint8_t *bytes, size_t count)
{
    crc = ~crc;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

void control_put(uint8_t *bytes, uint64_t value, size_t count)
{
    while (count--) {
        bytes[count] = (uint8_t)value;
        value >>= 8;
    }
}

uint64_t control_get(const uint8_t *bytes, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static void put_head(uint8_t *frame, uint8_t command, enum control_region region, uint32_t address)
{
    frame[0] = command;
    frame[1] = (uint8_t)region;
    control_put(frame + 2, address, 3);
}

size_t control_write_frame(uint8_t frame[CONTROL_WRITE_FRAME], enum control_region region,
                           uint32_t address, const uint8_t *data, size_t count)
{
    put_head(frame, 2, region, address);
    memcpy(frame + 5, data, count);
    control_put(frame + 5 + count, control_crc16(frame, 5 + count), 2);
    return count + 7;
}

void control_read_frame(uint8_t *frame, enum control_region region, uint32_t address, size_t count)
{
    put_head(frame, 3, region, address);
    memset(frame + 5, 0, count + 1);
}
