/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/hex.h"

#include <ctype.h>

/* One token at a time: skips blanks and comments; an empty token is the end. */
static struct span next_token(const struct source *source, size_t at)
{
    while (at < source->length) {
        if (isspace((unsigned char)source->text[at])) {
            at++;
        } else if (at + 1 < source->length && source->text[at] == '/' &&
                   source->text[at + 1] == '/') {
            while (at < source->length && source->text[at] != '\n')
                at++;
        } else {
            break;
        }
    }
    size_t end = at;
    while (end < source->length && !isspace((unsigned char)source->text[end]))
        end++;
    return (struct span){source, at, end - at};
}

static bool hexadecimal(struct span token, size_t skip, size_t most, unsigned long *value)
{
    *value = 0;
    if (token.length <= skip || token.length - skip > most)
        return false;
    for (size_t i = skip; i < token.length; i++) {
        int c = tolower((unsigned char)token.source->text[token.offset + i]);
        if (!isxdigit(c))
            return false;
        *value = *value * 16 + (unsigned long)(isdigit(c) ? c - '0' : c - 'a' + 10);
    }
    return true;
}

uint32_t *netlist_read_hex(struct arena *arena, const struct source *source, size_t words,
                           int digits, struct diags *diags)
{
    size_t most = source->length / 2 + 1; /* words of a digit and a blank; chip.json may say more */
    size_t room = words < most ? words : most;
    uint32_t *word = ARENA_ARRAY(arena, uint32_t, room);
    size_t errors = diags->errors, address = 0, seen = 0;
    for (struct span token = next_token(source, 0); token.length;
         token = next_token(source, token.offset + token.length)) {
        unsigned long value;
        bool is_address = source->text[token.offset] == '@';
        if (!hexadecimal(token, is_address, is_address ? 8 : (size_t)digits, &value)) {
            diag_error(diags, DIAG_CHIP_DAMAGED, token,
                       "expected a %d-bit word or an @address in hexadecimal", 4 * digits);
        } else if (is_address) {
            if (value != seen)
                diag_error(diags, DIAG_CHIP_DAMAGED, token,
                           "address %lx where the next word is %zx", value, seen);
            address = value;
        } else if (address >= words) {
            diag_error(diags, DIAG_CHIP_DAMAGED, token, "more words than the %zu of chip.json",
                       words);
        } else {
            if (address < room) /* it is, unless an address was faulty */
                word[address] = (uint32_t)value;
            address++;
            seen++;
        }
        if (diags->errors > errors + 10)
            return NULL;
    }
    if (diags->errors == errors && seen != words)
        diag_error(diags, DIAG_CHIP_DAMAGED, (struct span){source, source->length, 0},
                   "%zu words where chip.json has %zu", seen, words);
    return diags->errors == errors ? word : NULL;
}
