/* SPDX-License-Identifier: Apache-2.0
 *
 * Loads the chains of an array in a deck that holds all of its transistors: the words of the memory
 * image, in its order, are shifted in at si and di, whatever stands on the chains.
 */
#include <math.h>
#include <stdlib.h>

#include "compiler/base/str.h"
#include "spice/device_part.h"

/* The highest bits of a trim hang on the chain with 500 gates, which takes some ns. */
static const double clock_s = 12e-9, edge_s = 0.2e-9;

enum { COUPLER_LINKS = 1 + PDK_COUPLER_BITS };

/* Bits in the order of a chain, from its beginning. */
struct stream {
    bool *bit;
    size_t count;
};

static void add_bits(struct stream *s, unsigned value, int bits)
{
    while (bits--)
        s->bit[s->count++] = value >> bits & 1;
}

static void add_coupler(struct stream *s, int code)
{
    add_bits(s, code < 0, 1);
    add_bits(s, (unsigned)abs(code), PDK_COUPLER_BITS);
}

/* The trim's own code for a word of omega, where its curve was measured (chip.json). */
static void add_trim(const struct device *d, struct stream *s, int code)
{
    const int middle = 1 << (PDK_TRIM_BITS - 1), full = d->setting->trim_full;
    if (d->setting->trim_code)
        code = d->setting->trim_code[(code < -full ? -full : code > full ? full : code) + full];
    code = code < -middle ? -middle : code >= middle ? middle - 1 : code;
    add_bits(s, (unsigned)(code + middle), PDK_TRIM_BITS);
}

/* The sections that the configuration chain holds (netlist/memory.h). */
static struct stream configuration(const struct device *d)
{
    const struct under_test *chip = d->chip;
    size_t couplers = under_test_chain_couplings(chip);
    struct stream s = {.bit =
                           ARENA_ARRAY(d->arena, bool,
                                       chip->trim.count *PDK_TRIM_BITS + couplers * COUPLER_LINKS)};
    for (size_t k = 0; k < chip->trim.count; k++)
        add_trim(d, &s, chip->word[chip->trim.base + k]);
    for (size_t k = 0; k < chip->coupling.count && couplers; k++)
        add_coupler(&s, chip->word[chip->coupling.base + k]);
    for (size_t k = 0; k < chip->cond.count && couplers; k++)
        add_coupler(&s, chip->word[chip->cond.base + k]);
    return s;
}

static struct stream bank(const struct device *d, int class_index)
{
    size_t count = under_test_chain_drives(d->chip);
    struct stream s = {.bit = ARENA_ARRAY(d->arena, bool, count *COUPLER_LINKS)};
    for (size_t k = 0; k < count; k++)
        add_coupler(&s, d->chip->word[d->chip->drive.base + (size_t)class_index * count + k]);
    return s;
}

/* A signal that changes within edge_s where told. */
struct signal {
    struct str *out;
    double high;
    bool level;
};

static struct signal begin(const struct device *d, const char *node, bool level, struct str *out)
{
    str_addf(out, "vload_%s %s 0 pwl(0 %.15g", node, node, level ? d->chip->supply_v : 0);
    return (struct signal){out, d->chip->supply_v, level};
}

static void change(struct signal *s, double time_s, bool level)
{
    if (level == s->level)
        return;
    str_addf(s->out, "\n+ %.15g %.15g %.15g %.15g", time_s, s->level ? s->high : 0, time_s + edge_s,
             level ? s->high : 0);
    s->level = level;
}

static void end(struct signal *s)
{
    str_add(s->out, ")\n");
}

/* Data, clock and its complement. The first bit in goes farthest; data changes half a period before
 * each rising edge of the clock. */
static void add_chain(const struct device *d, const char *data, const char *clock,
                      const char *complement, const struct stream *s, struct str *out)
{
    struct signal in = begin(d, data, false, out);
    for (size_t k = 0; k < s->count; k++)
        change(&in, (double)k * clock_s + edge_s, s->bit[s->count - 1 - k]);
    end(&in);
    for (int inverted = 0; inverted < 2; inverted++) {
        struct signal ck = begin(d, inverted ? complement : clock, inverted, out);
        for (size_t k = 0; k < s->count; k++) {
            change(&ck, ((double)k + 0.5) * clock_s, !inverted);
            change(&ck, ((double)k + 1) * clock_s, inverted);
        }
        end(&ck);
    }
}

double device_load_s(const struct device *d)
{
    if (!d->whole)
        return 0;
    size_t bits = configuration(d).count, drives = bank(d, 0).count;
    return clock_s * (double)(2 + (bits > drives ? bits : drives));
}

static void add_lag(const struct device *d, struct str *out)
{
    for (int bit = 0; bit < PDK_LAG_BITS; bit++)
        str_addf(out, "vlag%d lag%d 0 %.15g\n", bit, bit,
                 d->setting->lag_code >> bit & 1 ? d->chip->supply_v : 0);
}

void device_add_load(const struct device *d, int class_index, struct str *out)
{
    struct stream words = configuration(d), drives = bank(d, class_index);
    add_chain(d, "si", "ck", "ckb", &words, out);
    add_chain(d, "di", "dk", "dkb", &drives, out);
    add_lag(d, out);
}

void device_add_load_alone(const struct device *d, struct str *out)
{
    struct stream s = {.bit = ARENA_ARRAY(d->arena, bool, PDK_TRIM_BITS)};
    add_trim(d, &s, 0);
    add_chain(d, "si", "ck", "ckb", &s, out);
    add_lag(d, out);
}
