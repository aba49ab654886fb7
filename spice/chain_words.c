/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/chain_words.h"

#include <string.h>

#include "pdk/pdk.h"

enum { COUPLER_LINKS = 1 + PDK_COUPLER_BITS };

size_t chain_words_links(const struct under_test *chip)
{
    return chip->trim.count * PDK_TRIM_BITS + under_test_chain_couplings(chip) * COUPLER_LINKS;
}

size_t chain_words_class_links(const struct under_test *chip)
{
    return under_test_chain_drives(chip) * COUPLER_LINKS;
}

/* The highest bit comes first. */
static unsigned take(const bool **bit, int bits)
{
    unsigned value = 0;
    while (bits--)
        value = value << 1 | *(*bit)++;
    return value;
}

static int16_t take_coupler(const bool **bit)
{
    bool negative = take(bit, 1);
    int magnitude = (int)take(bit, PDK_COUPLER_BITS);
    return (int16_t)(negative ? -magnitude : magnitude);
}

/* The code of omega that a trim's own code stands for; false where none does. */
static bool find_trim(const struct under_test_corner *corner, int own, int16_t *word)
{
    const int middle = 1 << (PDK_TRIM_BITS - 1), full = corner->trim_full;
    if (!corner->trim_code) { /* beyond the ends of the trim all are the same */
        bool end = own == -middle ? *word <= own : own == middle - 1 && *word >= own;
        *word = end ? *word : (int16_t)own;
        return true;
    }
    int was = *word < -full ? -full : *word > full ? full : *word;
    if (corner->trim_code[was + full] == own)
        return true;
    for (int code = -full; code <= full; code++) {
        *word = (int16_t)code;
        if (corner->trim_code[code + full] == own)
            return true;
    }
    return false;
}

struct under_test *chain_words_read(struct arena *arena, const struct under_test *chip,
                                    const struct under_test_corner *corner, const bool *links,
                                    const bool *class_links, int class_index, const char **fault)
{
    struct under_test *copy = ARENA_NEW(arena, struct under_test);
    *copy = *chip;
    copy->word = ARENA_ARRAY(arena, int16_t, chip->words);
    memcpy(copy->word, chip->word, chip->words * sizeof *copy->word);
    for (size_t k = 0; k < chip->trim.count; k++) {
        int own = (int)take(&links, PDK_TRIM_BITS) - (1 << (PDK_TRIM_BITS - 1));
        if (!find_trim(corner, own, &copy->word[chip->trim.base + k])) {
            *fault = arena_printf(arena,
                                  "the configuration chain sets trim %zu to %d, which stands "
                                  "for no code of omega",
                                  k, own);
            return NULL;
        }
    }
    size_t couplings = under_test_chain_couplings(chip);
    for (size_t k = 0; k < chip->coupling.count && couplings; k++)
        copy->word[chip->coupling.base + k] = take_coupler(&links);
    for (size_t k = 0; k < chip->cond.count && couplings; k++)
        copy->word[chip->cond.base + k] = take_coupler(&links);
    size_t drives = under_test_chain_drives(chip);
    int16_t *bank = copy->word + chip->drive.base + (size_t)class_index * drives;
    for (size_t k = 0; k < drives; k++)
        bank[k] = take_coupler(&class_links);
    return copy;
}
