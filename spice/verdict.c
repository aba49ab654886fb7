/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/verdict.h"

#include <stdbool.h>
#include <string.h>

enum match { MATCH_HARMLESS, MATCH_LINE, MATCH_TEXT, MATCH_WORD };

struct phrase {
    enum match match;
    const char *text; /* lower case */
    size_t length;
};

static const struct phrase phrases[] = {
#define HARMLESS(text, line) {MATCH_HARMLESS, text, sizeof(text) - 1},
#define ERROR_LINE(text, line) {MATCH_LINE, text, sizeof(text) - 1},
#define ERROR_TEXT(text, line) {MATCH_TEXT, text, sizeof(text) - 1},
#define ERROR_WORD(text, line) {MATCH_WORD, text, sizeof(text) - 1},
#include "spice/verdict.def"
#undef HARMLESS
#undef ERROR_LINE
#undef ERROR_TEXT
#undef ERROR_WORD
};

enum { PHRASE_COUNT = sizeof phrases / sizeof *phrases };

/* A stretch of a line. */
struct text {
    const char *at;
    size_t length;
};

/* Not <ctype.h>: bytes above 127 are no letters, whatever the locale. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' || c == '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static struct text skip(struct text line, size_t count)
{
    return (struct text){line.at + count, line.length - count};
}

static struct text skip_blanks(struct text line)
{
    while (line.length && is_blank(*line.at))
        line = skip(line, 1);
    return line;
}

static bool starts_with(struct text line, const char *text, size_t length)
{
    if (line.length < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (lower(line.at[i]) != text[i])
            return false;
    return true;
}

/* The line without its blanks and without the callback's mark of where it came from. */
static struct text strip(const char *line, size_t length)
{
    struct text text = skip_blanks((struct text){line, length});
    if (starts_with(text, "stdout ", 7) || starts_with(text, "stderr ", 7))
        text = skip_blanks(skip(text, 7));
    while (text.length && is_blank(text.at[text.length - 1]))
        text.length--;
    return text;
}

/* Removes one word; its length is 0 at the end of the line. */
static struct text take_word(struct text *line)
{
    *line = skip_blanks(*line);
    struct text word = {line->at, 0};
    while (word.length < line->length && !is_blank(line->at[word.length]))
        word.length++;
    *line = skip(*line, word.length);
    return word;
}

/* A finite number as ngspice prints it; nan and inf are none, so that they are noticed. */
static bool is_number(struct text word)
{
    size_t i = 0, digits = 0;
    if (i < word.length && (word.at[i] == '-' || word.at[i] == '+'))
        i++;
    for (; i < word.length && (is_digit(word.at[i]) || word.at[i] == '.'); i++)
        digits += word.at[i] != '.';
    if (!digits)
        return false;
    if (i < word.length && lower(word.at[i]) == 'e') {
        i++;
        if (i < word.length && (word.at[i] == '-' || word.at[i] == '+'))
            i++;
        size_t first = i;
        while (i < word.length && is_digit(word.at[i]))
            i++;
        if (i == first)
            return false;
    }
    return i == word.length;
}

/* Lines that repeat what the deck's author chose freely, so that a node named "error" or a title
 * about unknown things is no failure: the title, and a name with its value, as in the table of
 * the operating point ("error     1.2", two blanks at least unless the name fills its column)
 * and in the result of a .meas ("error = 1.2 at= 3"). */
static bool quotes_the_deck(struct text line)
{
    enum { COLUMN = 28 };
    if (starts_with(line, "circuit: ", 9) || starts_with(line, "title: ", 7))
        return true;
    struct text rest = line;
    struct text name = take_word(&rest);
    bool apart = name.length >= COLUMN || (rest.length > 1 && is_blank(rest.at[1]));
    struct text value = take_word(&rest);
    if (value.length == 1 && value.at[0] == '=') {
        value = take_word(&rest);
        apart = true;
    } else if (take_word(&rest).length) {
        return false; /* the table of a failed operating point has more columns */
    }
    return apart && is_number(value);
}

static bool same_at(struct text line, size_t at, const struct phrase *phrase)
{
    return at <= line.length && starts_with(skip(line, at), phrase->text, phrase->length);
}

static bool is_alone(struct text line, size_t at, size_t length)
{
    size_t end = at + length;
    return (at == 0 || !is_letter(line.at[at - 1])) &&
           (end == line.length || !is_letter(line.at[end]));
}

/* Whether a harmless phrase covers the stretch. */
static bool is_excused(struct text line, size_t at, size_t length)
{
    for (size_t k = 0; k < PHRASE_COUNT; k++) {
        const struct phrase *phrase = &phrases[k];
        if (phrase->match != MATCH_HARMLESS || phrase->length < length)
            continue;
        size_t back = phrase->length - length;
        for (size_t start = at > back ? at - back : 0; start <= at; start++)
            if (same_at(line, start, phrase))
                return true;
    }
    return false;
}

static bool is_error_at(struct text line, size_t at, const struct phrase *phrase)
{
    if (lower(line.at[at]) != phrase->text[0] || !same_at(line, at, phrase))
        return false;
    switch (phrase->match) {
    case MATCH_HARMLESS:
        return false;
    case MATCH_LINE:
        return at == 0 && line.length == phrase->length;
    case MATCH_TEXT:
        return !is_excused(line, at, phrase->length);
    case MATCH_WORD:
        return is_alone(line, at, phrase->length) && !is_excused(line, at, phrase->length);
    }
    return true;
}

enum spice_line spice_classify_line(const char *line, size_t length)
{
    struct text text = strip(line, length);
    if (quotes_the_deck(text))
        return SPICE_LINE_NOTE;
    bool warning = false;
    for (size_t at = 0; at < text.length; at++) {
        for (size_t k = 0; k < PHRASE_COUNT; k++)
            if (is_error_at(text, at, &phrases[k]))
                return SPICE_LINE_ERROR;
        warning = warning || starts_with(skip(text, at), "warning", 7);
    }
    return warning ? SPICE_LINE_WARNING : SPICE_LINE_NOTE;
}

enum spice_line spice_classify_log(const char *text, size_t length, const char **first_error,
                                   size_t *first_error_length)
{
    enum spice_line worst = SPICE_LINE_NOTE;
    bool found = false;
    if (first_error) {
        *first_error = NULL;
        if (first_error_length)
            *first_error_length = 0;
    }
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t line = end ? (size_t)(end - text) - at : length - at;
        enum spice_line kind = spice_classify_line(text + at, line);
        if (kind > worst)
            worst = kind;
        if (kind == SPICE_LINE_ERROR && first_error && !found) {
            found = true;
            *first_error = text + at;
            if (first_error_length)
                *first_error_length = line;
        }
        at += line + 1;
    }
    return worst;
}
