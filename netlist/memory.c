/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/memory.h"

#include "compiler/map/hardwired.h"
#include "compiler/map/tiles.h"

#include <ctype.h>
#include <stdlib.h>

static unsigned word_of(int code)
{
    return code < 0 ? 0x8000u | (unsigned)-code : (unsigned)code;
}

/* The couplings' codes in the order of their couplers; 0 where the model has no coupling. */
static const int16_t *coupler_codes(struct arena *arena, const struct chip *chip)
{
    int16_t *codes = ARENA_ARRAY(arena, int16_t, map_couplers(chip));
    for (int i = 0; i < chip->n; i++)
        for (size_t s = chip->sites->first[i]; s < chip->sites->first[i + 1]; s++)
            codes[map_site_word(chip, i, s)] = chip->weight_code[s];
    return codes;
}

int16_t *netlist_memory_words(struct arena *arena, const struct chip *chip)
{
    const int16_t *const codes[CHIP_SECTIONS] = {chip->trim_code, coupler_codes(arena, chip),
                                                 chip->cond_code, chip->drive_code};
    size_t count = 0;
    for (int s = 0; s < CHIP_SECTIONS; s++)
        count += chip->memory[s].count;
    int16_t *words = ARENA_ARRAY(arena, int16_t, count);
    for (int s = 0; s < CHIP_SECTIONS; s++)
        for (uint32_t i = 0; i < chip->memory[s].count; i++)
            words[chip->memory[s].base + i] = codes[s][i];
    return words;
}

void netlist_write_memory(struct arena *arena, const struct chip *chip, struct str *out)
{
    const int16_t *words = netlist_memory_words(arena, chip);
    for (int s = 0; s < CHIP_SECTIONS; s++) {
        const struct chip_section *section = &chip->memory[s];
        bool wired =
            s == CHIP_DRIVE ? map_has_hardwired_drives(chip) : chip->hardwired && s != CHIP_TRIM;
        str_addf(out, "// %s: %u words%s\n@%x\n", section->name, section->count,
                 wired ? ", hardwired in transistors: for the behavioural cells alone" : "",
                 section->base);
        for (uint32_t i = 0; i < section->count; i++)
            str_addf(out, "%04x\n", word_of(words[section->base + i]));
    }
}

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

int16_t *netlist_read_memory(struct arena *arena, const struct source *source, size_t words,
                             struct diags *diags)
{
    size_t most = source->length / 2 + 1; /* words of a digit and a blank; chip.json may say more */
    size_t room = words < most ? words : most;
    int16_t *codes = ARENA_ARRAY(arena, int16_t, room);
    size_t errors = diags->errors, address = 0, seen = 0;
    for (struct span token = next_token(source, 0); token.length;
         token = next_token(source, token.offset + token.length)) {
        unsigned long value;
        bool is_address = source->text[token.offset] == '@';
        if (!hexadecimal(token, is_address, is_address ? 8 : 4, &value)) {
            diag_error(diags, DIAG_CHIP_DAMAGED, token,
                       "expected a 16-bit word or an @address in hexadecimal");
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
                codes[address] = (int16_t)(value & 0x8000 ? -(int)(value & 0x7fff) : (int)value);
            address++;
            seen++;
        }
        if (diags->errors > errors + 10)
            return NULL;
    }
    if (diags->errors == errors && seen != words)
        diag_error(diags, DIAG_CHIP_DAMAGED, (struct span){source, source->length, 0},
                   "%zu words where chip.json has %zu", seen, words);
    return diags->errors == errors ? codes : NULL;
}
