/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/arena.h"
#include "compiler/base/fs.h"

static int add_chunk(const char *buffer, size_t size, void *user)
{
    str_add_bytes(user, buffer, size);
    return 0;
}

int json_write(const char *path, json_t *value, size_t flags)
{
    struct str text = {0};
    int error = json_dump_callback(value, add_chunk, &text,
                                   flags | JSON_INDENT(2) | JSON_REAL_PRECISION(15))
                    ? -EINVAL
                    : 0;
    str_add(&text, "\n");
    if (!error)
        error = fs_write(path, text.text, text.length);
    str_free(&text);
    json_decref(value);
    return error;
}

json_t *json_text(const char *text)
{
    json_t *value = json_string(text);
    if (value)
        return value;
    char *copy = strdup(text);
    if (!copy)
        arena_out_of_memory();
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    value = json_string(copy);
    free(copy);
    return value;
}

void json_add_string(struct str *out, const char *text)
{
    json_t *value = json_text(text);
    json_dump_callback(value, add_chunk, out, JSON_ENCODE_ANY);
    json_decref(value);
}
