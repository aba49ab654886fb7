/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/control_regions.h"

#include <stdlib.h>

#include "compiler/map/hardwired.h"
#include "netlist/control_decoder.h"
#include "netlist/memory.h"

enum { SETTING_BYTES = 8 };

bool netlist_has_control(const struct chip *chip)
{
    return chip->control.phases.bits && chip->weight.bits <= 8 && chip->omega.bits <= PDK_TRIM_BITS;
}

static size_t chain_couplers(const struct chip *chip)
{
    return chip->hardwired ? 0 : chip->memory[CHIP_COUPLING].count + chip->memory[CHIP_COND].count;
}

size_t netlist_chain_bits(const struct chip *chip)
{
    return chip->memory[CHIP_TRIM].count * PDK_TRIM_BITS +
           chain_couplers(chip) * (size_t)chip->weight.bits;
}

size_t netlist_class_links(const struct chip *chip)
{
    return map_has_hardwired_drives(chip) ? 0 : (size_t)chip->n * (size_t)chip->m;
}

/* Sign and magnitude in the bits of a coupler. */
static unsigned coupler(const struct chip *chip, int code)
{
    return (unsigned)(code < 0) << (chip->weight.bits - 1) | (unsigned)abs(code);
}

/* The trim's own code for a word of omega at the typical corner, as its bits. */
static unsigned trim(const struct chip *chip, int code)
{
    const struct chip_corner *typical = chip->device.present ? chip->device.corners : NULL;
    const int middle = 1 << (PDK_TRIM_BITS - 1);
    if (typical && typical->trim)
        code = typical->trim[code + chip->omega.full];
    code = code < -middle ? -middle : code >= middle ? middle - 1 : code;
    return (unsigned)(code + middle);
}

/* Bits in the order of a chain from its beginning; that of link 0 is the last bit sent. */
struct stream {
    struct netlist_bytes to;
    size_t link;
};

static void add_bits(struct stream *s, unsigned value, int bits)
{
    for (; bits--; s->link++)
        s->to.bytes[s->to.count - 1 - s->link / 8] |= (uint8_t)((value >> bits & 1) << s->link % 8);
}

static struct netlist_bytes chain(struct arena *arena, const struct chip *chip)
{
    size_t count = (netlist_chain_bits(chip) + 7) / 8;
    struct stream s = {.to = {ARENA_ARRAY(arena, uint8_t, count), count}};
    const int16_t *word = netlist_memory_words(arena, chip);
    const struct chip_section *trims = &chip->memory[CHIP_TRIM];
    for (size_t k = 0; k < trims->count; k++)
        add_bits(&s, trim(chip, word[trims->base + k]), PDK_TRIM_BITS);
    static const enum chip_section_index sections[] = {CHIP_COUPLING, CHIP_COND};
    for (size_t i = 0; i < 2 && chain_couplers(chip); i++) {
        const struct chip_section *section = &chip->memory[sections[i]];
        for (size_t k = 0; k < section->count; k++)
            add_bits(&s, coupler(chip, word[section->base + k]), chip->weight.bits);
    }
    return s.to;
}

static struct netlist_bytes classes(struct arena *arena, const struct chip *chip)
{
    size_t count = netlist_class_links(chip) * (size_t)chip->classes;
    struct netlist_bytes to = {ARENA_ARRAY(arena, uint8_t, count), count};
    for (size_t k = 0; k < count; k++)
        to.bytes[k] = (uint8_t)coupler(chip, chip->drive_code[k]);
    return to;
}

static struct netlist_bytes settings(struct arena *arena, const struct chip *chip)
{
    const struct control_phases *p = &chip->control.phases;
    const int width = p->bits + CONTROL_FRACTION;
    size_t count = (size_t)(p->main + p->conditioning);
    struct netlist_bytes to = {ARENA_ARRAY(arena, uint8_t, count * SETTING_BYTES),
                               count * SETTING_BYTES};
    for (size_t i = 0; i < count; i++) {
        uint32_t mask = (1u << width) - 1, sign = 1u << (width - 1);
        uint32_t start = ((p->start[i] & mask) ^ sign) - sign; /* two's complement */
        control_put(to.bytes + SETTING_BYTES * i, p->rate[i] & mask, 3);
        control_put(to.bytes + SETTING_BYTES * i + 3, start, 3);
        control_put(to.bytes + SETTING_BYTES * i + 6, p->readout[i], 2);
    }
    return to;
}

/* A memory of the decoder: lane 0 of a weight word first, a bias from its highest byte. */
static struct netlist_bytes decoder(struct arena *arena, const struct chip *chip, bool biases)
{
    size_t words;
    if (!chip->control.decoder.layer_count)
        return (struct netlist_bytes){NULL, 0};
    const uint32_t *word = netlist_decoder_words(arena, &chip->control.decoder,
                                                 biases ? DECODER_BIASES : DECODER_WEIGHTS, &words);
    struct netlist_bytes to = {ARENA_ARRAY(arena, uint8_t, 4 * words), 4 * words};
    for (size_t i = 0; i < words; i++)
        control_put(to.bytes + 4 * i, biases ? word[i] : __builtin_bswap32(word[i]), 4);
    return to;
}

struct netlist_bytes netlist_region(struct arena *arena, const struct chip *chip,
                                    enum control_region region)
{
    switch (region) {
    case CONTROL_CHAIN:
        return chain(arena, chip);
    case CONTROL_CLASS:
        return classes(arena, chip);
    case CONTROL_WEIGHTS:
    case CONTROL_BIASES:
        return decoder(arena, chip, region == CONTROL_BIASES);
    case CONTROL_SETTINGS:
        return settings(arena, chip);
    default:
        return (struct netlist_bytes){NULL, 0};
    }
}
