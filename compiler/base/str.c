/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/base/str.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/arena.h"

static void str_reserve(struct str *str, size_t extra)
{
    size_t need = str->length + extra + 1;
    if (need <= str->room)
        return;
    size_t room = str->room ? str->room : 256;
    while (room < need)
        room *= 2;
    char *text = realloc(str->text, room);
    if (!text)
        arena_out_of_memory();
    str->text = text;
    str->room = room;
}

void str_add_bytes(struct str *str, const void *bytes, size_t length)
{
    str_reserve(str, length);
    if (length)
        memcpy(str->text + str->length, bytes, length);
    str->length += length;
    str->text[str->length] = '\0';
}

void str_add(struct str *str, const char *text)
{
    str_add_bytes(str, text, strlen(text));
}

void str_addf(struct str *str, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length > 0) {
        str_reserve(str, (size_t)length);
        vsnprintf(str->text + str->length, (size_t)length + 1, format, args);
        str->length += (size_t)length;
    }
    va_end(args);
}

void str_add_number(struct str *str, double value)
{
    str_addf(str, "%.15g", value == 0 ? 0.0 : value);
}

void str_add_exact(struct str *str, double value)
{
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    str_add(str, text);
}

const char *str_text(const struct str *str)
{
    return str->text ? str->text : "";
}

void str_free(struct str *str)
{
    free(str->text);
    *str = (struct str){0};
}

size_t str_edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 64 };
    size_t na = strlen(a), nb = strlen(b), row[LONGEST + 1];
    if (na > LONGEST || nb > LONGEST)
        return na > nb ? na : nb;
    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            int same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            size_t best = diagonal + !same;
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[nb];
}

const char *str_nearest(const char *written, const char *const *words)
{
    const char *best = NULL;
    size_t best_distance = strlen(written) / 3 + 1;
    for (; *words; words++) {
        size_t distance = str_edit_distance(written, *words);
        if (distance <= best_distance && (!best || distance < best_distance)) {
            best = *words;
            best_distance = distance;
        }
    }
    return best;
}
