/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/cosim_host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void host_fail(struct host *host, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!host->fault)
        host->fault = arena_strdup(host->arena, text);
}

void host_free(struct host *host)
{
    str_free(&host->said);
    str_free(&host->answer);
}

static const char *ask(struct host *host, const char *command)
{
    if (host->fault)
        return NULL;
    if (!pins_ask(&host->pins, command, &host->answer)) {
        host_fail(host, "%s", str_text(&host->answer));
        return NULL;
    }
    str_addf(&host->said, "> %s\n< %s\n", command, str_text(&host->answer));
    return str_text(&host->answer);
}

const char *host_ask(struct host *host, const char *format, ...)
{
    char command[128];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    return ask(host, command);
}

void host_add_record(struct host *host, const char *record)
{
    while (*record) {
        size_t q = strcspn(record, " "), line = strcspn(record, "\n");
        if (q >= line)
            return;
        str_addf(&host->said, "> t %.*s\n< %.*s\n", (int)q, record, (int)(line - q - 1),
                 record + q + 1);
        record += line + (record[line] == '\n');
    }
}

static bool read_bytes(const char *text, size_t count, uint8_t *bytes)
{
    bool bit[8];
    for (size_t k = 0; k < count; k++) {
        const char pair[] = {text[2 * k], text[2 * k] ? text[2 * k + 1] : '\0', '\0'};
        if (!pins_read_hex(pair, 8, bit))
            return false;
        bytes[k] = 0;
        for (int b = 0; b < 8; b++)
            bytes[k] = (uint8_t)(bytes[k] | bit[b] << b);
    }
    return !text[2 * count];
}

void host_frame(struct host *host, size_t count, const uint8_t *bytes, uint8_t *back)
{
    struct str command = {0};
    str_addf(&command, "s %zu ", count);
    for (size_t k = 0; k < count; k++)
        str_addf(&command, "%02x", bytes[k]);
    const char *answer = ask(host, str_text(&command));
    if (answer && back && !read_bytes(answer, count, back))
        host_fail(host, "the host interface answers \"%.60s\", which is not %zu bytes", answer,
                  count);
    str_free(&command);
}

void host_read(struct host *host, enum control_region region, uint32_t address, size_t count,
               uint8_t *bytes)
{
    size_t length = CONTROL_READ_HEAD + count;
    uint8_t *frame = ARENA_ARRAY(host->arena, uint8_t, 2 * length), *back = frame + length;
    control_read_frame(frame, region, address, count);
    host_frame(host, length, frame, back);
    memcpy(bytes, back + CONTROL_READ_HEAD, count);
}

uint32_t host_register(struct host *host, enum control_register address)
{
    uint8_t bytes[4];
    host_read(host, CONTROL_REGISTERS, (uint32_t)address, sizeof bytes, bytes);
    return (uint32_t)control_get(bytes, sizeof bytes);
}

void host_set_register(struct host *host, enum control_register address, uint32_t value)
{
    uint8_t bytes[4], frame[CONTROL_WRITE_FRAME];
    control_put(bytes, value, sizeof bytes);
    size_t length = control_write_frame(frame, CONTROL_REGISTERS, (uint32_t)address, bytes, 4);
    host_frame(host, length, frame, NULL);
}

bool host_wait(struct host *host, char command, unsigned long most)
{
    unsigned long clocks;
    unsigned level;
    const char *answer = host_ask(host, "%c %lu", command, most);
    if (!answer)
        return false;
    if (sscanf(answer, "%lu %u", &clocks, &level) != 2) {
        host_fail(host, "the digital control answers \"%.60s\" to \"%c\"", answer, command);
        return false;
    }
    return level == (command == 'w');
}

const char *host_replay(struct arena *arena, const char *said, const struct pins *pins)
{
    struct str answer = {0};
    const char *fault = NULL;
    for (size_t line = 1; *said && !fault; line++) {
        size_t length = strcspn(said, "\n");
        const char *command = arena_strndup(arena, said + 2, length - 2);
        said += length + 1;
        size_t expected = strcspn(said, "\n");
        if (!pins_ask(pins, command, &answer))
            fault = arena_strdup(arena, str_text(&answer));
        else if (answer.length != expected - 2 ||
                 strncasecmp(answer.text, said + 2, expected - 2) != 0)
            fault = arena_printf(
                arena, "command %zu, \"%.40s\": \"%.60s\" where the run had \"%.*s\"", line,
                command, answer.text, (int)(expected < 62 ? expected - 2 : 60), said + 2);
        said += expected + 1;
    }
    str_free(&answer);
    return fault;
}
