/* SPDX-License-Identifier: Apache-2.0
 *
 * What came of a co-simulation, as it is kept in cosim.json, and what is wrong with it.
 */
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/json.h"
#include "spice/cosim.h"
#include "spice/run.h"

/* Numbers in one line of text, which keeps the file readable. */
static json_t *codes(const uint16_t *code, size_t count)
{
    struct str text = {0};
    for (size_t i = 0; i < count && code; i++)
        str_addf(&text, "%s%u", i ? " " : "", code[i]);
    json_t *value = code ? json_string(str_text(&text)) : json_null();
    str_free(&text);
    return value;
}

static json_t *bytes(const uint8_t *byte, size_t count)
{
    struct str text = {0};
    for (size_t i = 0; i < count && byte; i++)
        str_addf(&text, "%02x", byte[i]);
    json_t *value = byte ? json_string(str_text(&text)) : json_null();
    str_free(&text);
    return value;
}

int cosim_write(struct arena *arena, const struct cosim *c, const char *folder)
{
    size_t n = (size_t)c->campaign->n, m = (size_t)c->campaign->m;
    json_t *samples = json_array(), *replays = json_array();
    for (size_t i = 0; i < c->campaign->count; i++) {
        const struct cosim_sample *s = &c->samples[i];
        json_array_append_new(
            samples,
            json_pack("{s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:f, s:f, s:f, s:f, s:f}", "ticks_wrong",
                      (json_int_t)s->ticks_wrong, "ticks", (json_int_t)s->ticks, "errors",
                      (json_int_t)s->errors, "codes", codes(s->code, n), "raw",
                      codes(s->raw, n + m), "pixels", bytes(s->pixel, c->pixels), "expected",
                      bytes(s->expected, c->pixels), "code_rms_bins", s->code_rms_bins,
                      "code_worst_bins", s->code_worst_bins, "start_rms_bins", s->start_rms_bins,
                      "start_worst_bins", s->start_worst_bins, "phase_drawn_rad",
                      s->phase_drawn_rad));
    }
    for (size_t i = 0; i < c->replay_count; i++)
        json_array_append_new(replays, json_pack("{s:s, s:s?}", "build", c->replays[i].name,
                                                 "differs", c->replays[i].fault));
    json_t *root = json_pack("{s:i, s:I, s:I, s:I, s:I, s:o, s:o}", "bits", c->bits, "pixels",
                             (json_int_t)c->pixels, "hash", (json_int_t)c->hash, "expected_hash",
                             (json_int_t)c->expected_hash, "words_wrong",
                             (json_int_t)c->words_wrong, "samples", samples, "replays", replays);
    return json_write(fs_join(arena, folder, "cosim.json"), root, 0);
}

static bool read_codes(struct arena *arena, const json_t *item, size_t count, const uint16_t **to)
{
    const char *text = json_string_value(item);
    char *end;
    *to = NULL;
    if (!text)
        return json_is_null(item);
    uint16_t *code = ARENA_ARRAY(arena, uint16_t, count);
    for (size_t i = 0; i < count; i++) {
        unsigned long value = strtoul(text, &end, 10);
        if (end == text || value > UINT16_MAX)
            return false;
        code[i] = (uint16_t)value;
        text = end;
    }
    *to = code;
    return !*text;
}

static bool read_bytes(struct arena *arena, const json_t *item, size_t count, const uint8_t **to)
{
    const char *text = json_string_value(item);
    *to = NULL;
    if (!text)
        return json_is_null(item);
    uint8_t *byte = ARENA_ARRAY(arena, uint8_t, count);
    if (strlen(text) != 2 * count || text[strspn(text, "0123456789abcdef")])
        return false;
    for (size_t i = 0; i < count; i++) {
        const char pair[] = {text[2 * i], text[2 * i + 1], '\0'};
        byte[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    *to = byte;
    return true;
}

static bool read_count(const json_t *object, const char *key, json_int_t most, json_int_t *value)
{
    const json_t *item = json_object_get(object, key);
    *value = json_integer_value(item);
    return json_is_integer(item) && *value >= 0 && *value <= most;
}

static bool read_number(const json_t *object, const char *key, double *value)
{
    const json_t *item = json_object_get(object, key);
    *value = json_number_value(item);
    return json_is_number(item);
}

static bool read_sample(struct arena *arena, const struct cosim *c, const json_t *item,
                        struct cosim_sample *s)
{
    size_t n = (size_t)c->campaign->n, m = (size_t)c->campaign->m;
    json_int_t ticks, errors, wrong;
    bool good = read_count(item, "ticks", INT64_MAX, &ticks) &&
                read_count(item, "errors", UINT32_MAX, &errors) &&
                read_count(item, "ticks_wrong", INT64_MAX, &wrong) &&
                read_number(item, "code_rms_bins", &s->code_rms_bins) &&
                read_number(item, "code_worst_bins", &s->code_worst_bins) &&
                read_number(item, "start_rms_bins", &s->start_rms_bins) &&
                read_number(item, "start_worst_bins", &s->start_worst_bins) &&
                read_number(item, "phase_drawn_rad", &s->phase_drawn_rad) &&
                read_codes(arena, json_object_get(item, "codes"), n, &s->code) &&
                read_codes(arena, json_object_get(item, "raw"), n + m, &s->raw) &&
                read_bytes(arena, json_object_get(item, "pixels"), c->pixels, &s->pixel) &&
                read_bytes(arena, json_object_get(item, "expected"), c->pixels, &s->expected);
    s->ticks = good ? (size_t)ticks : 0;
    s->errors = good ? (uint32_t)errors : 0;
    s->ticks_wrong = good ? (size_t)wrong : 0;
    return good;
}

static bool read_all(struct arena *arena, const json_t *root, struct cosim *c)
{
    enum { MOST = 1 << 24 };
    json_int_t bits, pixels, hash, expected, wrong;
    const json_t *samples = json_object_get(root, "samples");
    const json_t *replays = json_object_get(root, "replays"), *item;
    size_t i;
    if (!read_count(root, "bits", 16, &bits) || !read_count(root, "pixels", MOST, &pixels) ||
        !read_count(root, "hash", UINT32_MAX, &hash) ||
        !read_count(root, "expected_hash", UINT32_MAX, &expected) ||
        !read_count(root, "words_wrong", INT64_MAX, &wrong) ||
        json_array_size(samples) != c->campaign->count || !json_is_array(replays))
        return false;
    c->bits = (int)bits;
    c->pixels = (size_t)pixels;
    c->hash = (uint32_t)hash;
    c->expected_hash = (uint32_t)expected;
    c->words_wrong = (size_t)wrong;
    c->samples = ARENA_ARRAY(arena, struct cosim_sample, c->campaign->count);
    json_array_foreach(samples, i,
                       item) if (!read_sample(arena, c, item, &c->samples[i])) return false;
    c->replay_count = json_array_size(replays);
    c->replays = ARENA_ARRAY(arena, struct cosim_replay, c->replay_count);
    json_array_foreach(replays, i, item)
    {
        const char *name = json_string_value(json_object_get(item, "build"));
        const char *fault = json_string_value(json_object_get(item, "differs"));
        if (!name)
            return false;
        c->replays[i] = (struct cosim_replay){arena_strdup(arena, name),
                                              fault ? arena_strdup(arena, fault) : NULL};
    }
    return true;
}

struct cosim *cosim_read(struct arena *arena, const char *folder, struct diags *diags)
{
    struct cosim *c = ARENA_NEW(arena, struct cosim);
    const char *path = fs_join(arena, folder, "cosim.json");
    c->campaign = campaign_read(arena, folder, diags);
    if (!c->campaign)
        return NULL;
    json_t *root = json_load_file(path, 0, NULL);
    bool good = root && read_all(arena, root, c);
    json_decref(root);
    if (!good) {
        diag_error(diags, DIAG_CHIP_DAMAGED, SPAN_NONE,
                   "'%s' is not a result that oscc verify wrote", path);
        diag_help(diags, "remove '%s', or verify that level again", folder);
    }
    return good ? c : NULL;
}

static void add_sample_failures(const struct cosim *c, size_t i, struct str *out)
{
    const struct cosim_sample *s = &c->samples[i];
    unsigned long long sample = c->campaign->runs[i].sample;
    if (!c->campaign->runs[i].circuit)
        return; /* it failed, which is said elsewhere */
    if (s->errors)
        str_addf(out, "sample %llu: the register ERRORS is %08x\n", sample, (unsigned)s->errors);
    if (s->ticks_wrong)
        str_addf(out,
                 "sample %llu: %zu oscillators are not released in the tick that the arithmetic "
                 "gives\n",
                 sample, s->ticks_wrong);
    if (!(s->start_worst_bins <= COSIM_START_LIMIT_BINS))
        str_addf(
            out,
            "sample %llu: a phase is %.3g bins off the one drawn when the coupling begins, the "
            "limit is %.3g\n",
            sample, s->start_worst_bins, COSIM_START_LIMIT_BINS);
    if (s->code && !(s->code_worst_bins <= COSIM_CODE_LIMIT_BINS))
        str_addf(out,
                 "sample %llu: a captured code is %.3g bins off the phase of its waveform, the "
                 "limit is %.3g\n",
                 sample, s->code_worst_bins, COSIM_CODE_LIMIT_BINS);
    size_t wrong = 0;
    for (size_t p = 0; p < c->pixels && s->pixel; p++)
        wrong += s->pixel[p] != s->expected[p];
    if (wrong)
        str_addf(out,
                 "sample %llu: %zu of %zu pixels are not what the decoder makes of the captured "
                 "codes\n",
                 sample, wrong, c->pixels);
}

void cosim_add_failures(const struct cosim *c, struct str *out)
{
    if (c->hash != c->expected_hash)
        str_addf(out, "the register HASH is %08x after booting, chip.json has %08x\n",
                 (unsigned)c->hash, (unsigned)c->expected_hash);
    if (c->words_wrong)
        str_addf(out, "%zu words of the chains are not those of weights.hex\n", c->words_wrong);
    for (size_t i = 0; i < c->campaign->count; i++)
        add_sample_failures(c, i, out);
    for (size_t i = 0; i < c->replay_count; i++)
        if (c->replays[i].fault)
            str_addf(out, "the build by %s differs: %s\n", c->replays[i].name, c->replays[i].fault);
}
