/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/memory.h"

#include "compiler/map/hardwired.h"
#include "compiler/map/tiles.h"
#include "netlist/hex.h"

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

int16_t *netlist_read_memory(struct arena *arena, const struct source *source, size_t words,
                             struct diags *diags)
{
    const uint32_t *word = netlist_read_hex(arena, source, words, 4, diags);
    if (!word)
        return NULL;
    int16_t *codes = ARENA_ARRAY(arena, int16_t, words);
    for (size_t i = 0; i < words; i++)
        codes[i] = (int16_t)(word[i] & 0x8000 ? -(int)(word[i] & 0x7fff) : (int)word[i]);
    return codes;
}
