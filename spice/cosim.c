/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/cosim.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/interrupt.h"
#include "compiler/map/chip.h"
#include "compiler/sample/sample.h"
#include "control/phase.h"
#include "netlist/control_decoder.h"
#include "spice/chain_words.h"
#include "spice/compare.h"
#include "spice/cosim_part.h"

/* Clocks after which the host gives up: many times what preparing or decoding a sample takes. */
static unsigned long patience(const struct under_test *chip)
{
    return 100000 + 1000 * ((unsigned long)chip->n + (unsigned long)chip->m);
}

static const double turn = 6.283185307179586476925;

struct cosimulation {
    struct arena *arena;
    const struct verify_options *options;
    const struct under_test *chip; /* as the folder has it */
    const struct control_decoder *decoder;
    struct cosim_control control;
    struct control_phases phases; /* with the settings that the chip holds */
    struct host host;
    size_t said_first; /* bytes of what was said to the end of the first sample */
    struct cosim *cosim;
    const char *folder; /* of the campaign */
    struct diags *diags;
    struct cosim_run run;
};

char *cosim_name(struct arena *arena, enum model_level level, const char *corner)
{
    return arena_printf(arena, "cosim-%s-%s", model_level_name(level), corner);
}

static bool read_control(struct cosimulation *c)
{
    json_t *root = json_load_file(fs_join(c->arena, c->chip->folder, "chip.json"), 0, NULL);
    const json_t *control = json_object_get(root, "control");
    const json_t *bits = json_object_get(control, "bits");
    const json_t *turns = json_object_get(control, "turns");
    const json_t *reference = json_object_get(control, "reference");
    const char *hash = json_string_value(json_object_get(json_object_get(control, "boot"), "HASH"));
    bool good =
        json_is_integer(bits) && json_is_integer(turns) && json_is_integer(reference) && hash;
    if (!control) {
        diag_error(c->diags, DIAG_USAGE, SPAN_NONE, "the chip has no digital control");
        diag_help(c->diags, "compile the model again and read why; --cosim needs one");
    } else if (good) {
        c->control = (struct cosim_control){
            .bits = (int)json_integer_value(bits),
            .turns = (int)json_integer_value(turns),
            .reference = (int)json_integer_value(reference),
            .hash = (uint32_t)strtoul(hash, NULL, 16),
        };
        good = c->control.bits >= 1 && c->control.bits <= 16 && c->control.turns >= 1 &&
               c->control.reference >= -1 && c->control.reference < c->chip->n + c->chip->m;
    }
    if (control && !good) {
        diag_error(c->diags, DIAG_CHIP_DAMAGED, SPAN_NONE,
                   "\"control\" in chip.json lacks bits, turns, reference or HASH");
        diag_help(c->diags, "compile the model again");
    }
    json_decref(root);
    return control && good;
}

/* Every frame of boot.hex. */
static bool boot(struct cosimulation *c)
{
    enum { MOST_BYTES = 4096 };
    uint8_t bytes[MOST_BYTES];
    const char *path = fs_join(c->arena, c->chip->folder, "verilog/boot.hex");
    char *text;
    size_t length;
    int error = fs_read_text(c->arena, path, (size_t)1 << 32, &text, &length);
    if (error) {
        diag_error(c->diags, DIAG_IO, SPAN_NONE, "cannot read '%s': %s", path, strerror(-error));
        return false;
    }
    for (size_t line = 1; *text && !c->host.fault; line++) {
        size_t digits = strspn(text, "0123456789abcdefABCDEF");
        if (text[digits] != '\n' || digits % 2 || digits > 2 * MOST_BYTES) {
            diag_error(c->diags, DIAG_CHIP_DAMAGED, SPAN_NONE,
                       "line %zu of '%s' is not bytes in hexadecimal", line, path);
            return false;
        }
        for (size_t k = 0; k < digits / 2; k++) {
            const char pair[] = {text[2 * k], text[2 * k + 1], '\0'};
            bytes[k] = (uint8_t)strtoul(pair, NULL, 16);
        }
        if (digits)
            host_frame(&c->host, digits / 2, bytes, NULL);
        text += digits + 1;
    }
    return true;
}

/* Settings of every oscillator, as the chip holds them. */
static void read_settings(struct cosimulation *c)
{
    enum { EACH = 8 };
    size_t count = (size_t)c->chip->n + (size_t)c->chip->m;
    uint8_t *bytes = ARENA_ARRAY(c->arena, uint8_t, EACH * count);
    uint32_t *rate = ARENA_ARRAY(c->arena, uint32_t, count);
    uint32_t *start = ARENA_ARRAY(c->arena, uint32_t, count);
    uint16_t *readout = ARENA_ARRAY(c->arena, uint16_t, count);
    host_read(&c->host, CONTROL_SETTINGS, 0, EACH * count, bytes);
    for (size_t i = 0; i < count; i++) {
        rate[i] = (uint32_t)control_get(bytes + EACH * i, 3);
        start[i] = (uint32_t)control_get(bytes + EACH * i + 3, 3);
        readout[i] = (uint16_t)control_get(bytes + EACH * i + 6, 2);
    }
    c->phases = (struct control_phases){.main = c->chip->n,
                                        .conditioning = c->chip->m,
                                        .conditioning_random = c->chip->conditioning_random,
                                        .bits = c->control.bits,
                                        .turns = c->control.turns,
                                        .phase_bits = c->chip->phase_bits,
                                        .reference = c->control.reference,
                                        .rate = rate,
                                        .start = start,
                                        .readout = readout};
}

/* What the registers say once the chip is booted. */
static void inspect(struct cosimulation *c)
{
    struct host *host = &c->host;
    uint32_t id = host_register(host, CONTROL_ID), size = host_register(host, CONTROL_SIZE);
    uint32_t status = host_register(host, CONTROL_STATUS), errors;
    uint32_t loaded = HOST_LOADED;
    errors = host_register(host, CONTROL_ERRORS);
    c->cosim->hash = host_register(host, CONTROL_HASH);
    uint32_t run = host_register(host, CONTROL_RUN), wait = host_register(host, CONTROL_WAIT);
    c->control.run_cycles = run >> 16;
    c->control.run_ticks = run & 0xffff;
    c->control.settle = wait >> 16;
    c->control.forget = wait & 0xffff;
    if (!c->decoder)
        loaded &= ~(uint32_t)0x18;
    if (id != 0x4f534343 || size >> 16 != (uint32_t)c->chip->n ||
        (size & 0xffff) != (uint32_t)c->chip->m)
        host_fail(host, "the registers ID and SIZE are %08x and %08x: not this chip's control", id,
                  size);
    if (errors || (status & loaded) != loaded)
        host_fail(host, "booting failed: STATUS is %08x, ERRORS is %08x", status, errors);
    read_settings(c);
    if (c->options->has_seed) {
        host_set_register(host, CONTROL_SEED, (uint32_t)(c->options->seed >> 32));
        host_set_register(host, CONTROL_SEED + 4, (uint32_t)c->options->seed);
    }
}

/* What both chains hold, as words of a chip; the links that are not the weight memory's. */
static bool read_chains(struct cosimulation *c, int class_index)
{
    const struct under_test *chip = c->chip;
    const struct under_test_corner *corner = chip->corners;
    for (size_t i = 0; i < chip->corner_count; i++)
        if (!strcmp(chip->corners[i].name, c->cosim->campaign->corner))
            corner = &chip->corners[i];
    const struct under_test_corner none = {.name = "nominal"};
    size_t links = chain_words_links(chip), class_links = chain_words_class_links(chip);
    bool *configuration = ARENA_ARRAY(c->arena, bool, links);
    bool *bank = ARENA_ARRAY(c->arena, bool, class_links);
    const char *fault = NULL, *answer = host_ask(&c->host, "c");
    bool good = answer && pins_read_hex(answer, links, configuration);
    answer = host_ask(&c->host, "d");
    good = good && answer && (!class_links || pins_read_hex(answer, class_links, bank));
    if (!good) {
        host_fail(&c->host, "the chains hold something that is no bits: not every flip-flop was "
                            "loaded");
        return false;
    }
    const struct under_test *read = chain_words_read(c->arena, chip, corner ? corner : &none,
                                                     configuration, bank, class_index, &fault);
    if (!read) {
        host_fail(&c->host, "%s", fault);
        return false;
    }
    c->run.chip->word = read->word;
    size_t wrong = 0;
    for (size_t w = 0; w < chip->words; w++)
        wrong += read->word[w] != chip->word[w];
    if (wrong > c->cosim->words_wrong)
        c->cosim->words_wrong = wrong;
    return true;
}

/* The chip with the lag code of its pins, and what simulates it. */
static bool open_run(struct cosimulation *c)
{
    size_t oscillators = (size_t)c->chip->n + (size_t)c->chip->m;
    struct pins_state state = {.h = ARENA_ARRAY(c->arena, bool, oscillators)};
    struct under_test *chip = ARENA_NEW(c->arena, struct under_test);
    struct under_test_corner *corners =
        ARENA_ARRAY(c->arena, struct under_test_corner, c->chip->corner_count);
    c->run = (struct cosim_run){.arena = c->arena,
                                .options = c->options,
                                .control = &c->control,
                                .host = &c->host,
                                .chip = chip};
    const char *answer = host_ask(&c->host, "t %0*d", (int)((oscillators + 3) / 4), 0);
    if (answer && !pins_read_state(answer, oscillators, &state))
        host_fail(&c->host, "the digital control's pins are no levels: \"%.80s\"", answer);
    if (c->host.fault)
        return true; /* a result */
    *chip = *c->chip;
    for (size_t i = 0; i < chip->corner_count; i++) {
        corners[i] = c->chip->corners[i];
        if (!strcmp(corners[i].name, c->cosim->campaign->corner))
            corners[i].lag_code = (int)state.lag;
    }
    chip->corners = corners;
    if (c->options->level == MODEL_LEVEL_DEVICE) {
        c->run.device =
            verify_open_device(c->arena, chip, c->options, c->cosim->campaign, c->folder, c->diags);
        if (!c->run.device)
            return false;
        c->run.clock.tick_s = device_tick_s(c->run.device, c->control.bits, c->control.turns);
    } else {
        c->run.clock.tick_s = cosim_ticks_of_turns(&c->control, 1);
        c->run.clock.tick_s = chip->run_s / (chip->carrier_cycles * c->run.clock.tick_s);
    }
    return true;
}

static const uint16_t *read_codes(struct cosimulation *c, uint32_t address, size_t count)
{
    uint8_t *bytes = ARENA_ARRAY(c->arena, uint8_t, 2 * count);
    uint16_t *code = ARENA_ARRAY(c->arena, uint16_t, count);
    host_read(&c->host, CONTROL_CODES, address, 2 * count, bytes);
    for (size_t i = 0; i < count; i++)
        code[i] = (uint16_t)control_get(bytes + 2 * i, 2);
    return code;
}

/* Clocks that the decoder takes for so many outputs of a layer, and some. */
static unsigned long decoding_clocks(const struct control_layer *layer, size_t outputs)
{
    return outputs * ((unsigned long)(layer->inputs + CONTROL_LANES - 1) / CONTROL_LANES + 16);
}

/* The image, in pieces no larger than what the chip keeps for the host. */
static const uint8_t *read_pixels(struct cosimulation *c)
{
    enum { PIECE = 32 };
    const struct control_decoder *d = c->decoder;
    const struct control_layer *last = &d->layers[d->layer_count - 1];
    uint8_t *pixel = ARENA_ARRAY(c->arena, uint8_t, c->cosim->pixels);
    unsigned long before = 64;
    for (int l = 0; l + 1 < d->layer_count; l++)
        before += decoding_clocks(&d->layers[l], (size_t)d->layers[l].outputs);
    host_ask(&c->host, "r %lu", before);
    for (size_t at = 0; at < c->cosim->pixels; at += PIECE) {
        size_t left = c->cosim->pixels - at, piece = left < PIECE ? left : PIECE;
        host_ask(&c->host, "r %lu", decoding_clocks(last, piece));
        host_read(&c->host, CONTROL_PIXELS, 0, piece, pixel + at);
    }
    return pixel;
}

/* Release ticks as the pins had them against the control's arithmetic, and the phases that they
 * made against those drawn. */
static void compare_start(struct cosimulation *c, const struct campaign_run *result,
                          struct cosim_sample *s)
{
    size_t oscillators = (size_t)c->chip->n + (size_t)c->chip->m;
    uint64_t seed = c->options->has_seed ? c->options->seed : c->chip->seed;
    uint16_t *tick = ARENA_ARRAY(c->arena, uint16_t, oscillators);
    double *drawn = ARENA_ARRAY(c->arena, double, oscillators), *off;
    control_release_ticks(&c->phases, seed, result->sample, tick);
    /* the counter falls by one a tick, so all fall at a time of their own after the same begin */
    for (size_t i = 0; i < oscillators; i++)
        s->ticks_wrong += c->run.fell[i] + tick[i] != c->run.fell[0] + tick[0];
    under_test_initial_phases(c->chip, seed, result->sample, drawn);
    off = ARENA_ARRAY(c->arena, double, oscillators);
    compare_phases(oscillators, c->run.start, drawn, off);
    const double bins = ldexp(1, c->control.bits) / turn;
    double sum = 0;
    for (size_t i = 0; i < oscillators; i++) {
        sum += off[i] * off[i] * bins * bins;
        s->start_worst_bins = fmax(s->start_worst_bins, fabs(off[i]) * bins);
    }
    s->start_rms_bins = sqrt(sum / (double)oscillators);
    s->start = c->run.start;
}

/* Codes against the phases that the waveforms had when the coupling ended. */
static void compare_codes(const struct cosimulation *c, struct cosim_sample *s)
{
    const double bins = ldexp(1, c->control.bits), *phases = c->run.phases;
    double sum = 0;
    for (int i = 0; i < c->chip->n && c->control.reference >= 0; i++) {
        double phase = phases[i] - phases[c->control.reference];
        double off = remainder(s->code[i] - phase / turn * bins, bins);
        sum += off * off;
        s->code_worst_bins = fmax(s->code_worst_bins, fabs(off));
    }
    s->code_rms_bins = sqrt(sum / c->chip->n);
}

/* What the host reads after a run that came to its end. */
static void read_sample(struct cosimulation *c, struct cosim_sample *s)
{
    size_t n = (size_t)c->chip->n, m = (size_t)c->chip->m;
    if (!host_wait(&c->host, 'i', patience(c->chip)))
        host_fail(&c->host, "the digital control stays busy after the run");
    s->errors = host_register(&c->host, CONTROL_ERRORS);
    if (s->errors) { /* nothing of it can be trusted, and more of them are not hidden by these */
        host_set_register(&c->host, CONTROL_ERRORS, s->errors);
        return;
    }
    s->raw = read_codes(c, HOST_RAW_CODES, n + m);
    s->code = read_codes(c, 0, n);
    compare_codes(c, s);
    if (!c->decoder)
        return;
    uint8_t *expected = ARENA_ARRAY(c->arena, uint8_t, c->cosim->pixels);
    control_decode(c->decoder, s->code, expected);
    s->expected = expected;
    s->pixel = read_pixels(c);
    s->errors = host_register(&c->host, CONTROL_ERRORS);
}

static bool run_sample(struct cosimulation *c, size_t index)
{
    struct campaign_run *result = &c->cosim->campaign->runs[index];
    struct cosim_sample *s = &c->cosim->samples[index];
    size_t oscillators = (size_t)c->chip->n + (size_t)c->chip->m;
    c->run.result = result;
    c->run.ticks = 0;
    c->run.phases = ARENA_ARRAY(c->arena, double, oscillators);
    c->run.start = ARENA_ARRAY(c->arena, double, oscillators);
    c->run.fell = ARENA_ARRAY(c->arena, size_t, oscillators);
    c->run.folder = fs_join(c->arena, c->folder, campaign_run_name(c->arena, result));
    int error = fs_make_folders(c->run.folder);
    if (error)
        host_fail(&c->host, "cannot make '%s': %s", c->run.folder, strerror(-error));
    host_set_register(&c->host, CONTROL_CLASS_FIRST, (uint32_t)result->class_index);
    host_set_register(&c->host, CONTROL_SAMPLE, (uint32_t)(result->sample >> 32));
    host_set_register(&c->host, CONTROL_SAMPLE + 4, (uint32_t)result->sample);
    host_set_register(&c->host, CONTROL_COMMAND, CONTROL_START);
    if (!host_wait(&c->host, 'w', patience(c->chip)))
        host_fail(&c->host, "the digital control does not switch the array on: ERRORS is %08x",
                  host_register(&c->host, CONTROL_ERRORS));
    bool going = true;
    if (!c->host.fault && read_chains(c, result->class_index))
        going = c->run.device ? cosim_run_device(&c->run) : cosim_run_cell(&c->run);
    s->ticks = c->run.ticks;
    if (going && result->circuit) {
        compare_start(c, result, s);
        read_sample(c, s);
    }
    if (c->host.fault && !result->reason) {
        result->circuit = NULL;
        result->energy = NULL;
        cosim_run_failed(&c->run, SPICE_CRASHED, c->host.fault);
    }
    if (c->options->progress)
        c->options->progress(c->options->user, index + 1, c->cosim->campaign->count);
    return going;
}

static const char *build_folder(struct cosimulation *c, enum cosim_build_kind kind)
{
    return arena_printf(c->arena, "%s/build-%s", c->folder, cosim_build_name(kind));
}

static bool is_wanted(const struct cosimulation *c, enum cosim_build_kind kind)
{
    return kind == COSIM_VERILATOR ||
           (kind == COSIM_GATES ? c->options->gates : c->options->icarus);
}

/* All that are wanted, so that one that cannot be built is known before anything is simulated. */
static bool build_all(struct cosimulation *c)
{
    bool built = true;
    for (enum cosim_build_kind kind = COSIM_VERILATOR; kind < COSIM_BUILDS && built; kind++)
        if (is_wanted(c, kind))
            built = cosim_build(c->arena, kind, c->chip->folder, build_folder(c, kind), c->diags);
    return built;
}

static bool run_all(struct cosimulation *c)
{
    struct campaign *campaign = c->cosim->campaign;
    struct str reason = {0};
    if (!cosim_build_start(COSIM_VERILATOR, build_folder(c, COSIM_VERILATOR), &c->host.pins,
                           &reason)) {
        diag_error(c->diags, DIAG_TOOL, SPAN_NONE, "%s", str_text(&reason));
        str_free(&reason);
        return false;
    }
    bool going = boot(c);
    if (going)
        inspect(c);
    going = going && open_run(c);
    for (size_t i = 0; i < campaign->count && going; i++) {
        going = !interrupt_requested() && run_sample(c, i);
        c->said_first = i ? c->said_first : c->host.said.length;
    }
    pins_end(&c->host.pins);
    return going;
}

/* Says the same, up to the end of the first sample, to the other builds that are asked for. There
 * is nothing to say again where the first has failed. */
static bool replay_all(struct cosimulation *c)
{
    struct cosim *cosim = c->cosim;
    const char *said = arena_strndup(c->arena, str_text(&c->host.said), c->said_first);
    cosim->replays = ARENA_ARRAY(c->arena, struct cosim_replay, COSIM_BUILDS);
    for (enum cosim_build_kind kind = COSIM_ICARUS; kind < COSIM_BUILDS; kind++) {
        struct cosim_replay *replay = &cosim->replays[cosim->replay_count];
        struct str reason = {0};
        struct pins pins;
        if (interrupt_requested())
            return false;
        if (c->host.fault || !is_wanted(c, kind))
            continue;
        cosim->replay_count++;
        replay->name = cosim_build_name(kind);
        if (cosim_build_start(kind, build_folder(c, kind), &pins, &reason))
            replay->fault = host_replay(c->arena, said, &pins);
        else
            replay->fault = arena_strdup(c->arena, str_text(&reason));
        pins_end(&pins);
        str_free(&reason);
    }
    return true;
}

/* The exact solution from the phases that the oscillators had when the coupling began: how they
 * were released is judged by itself. false when interrupted. */
static bool solve_from_start(struct cosimulation *c, const struct model *model)
{
    struct campaign *campaign = c->cosim->campaign;
    size_t oscillators = (size_t)c->chip->n + (size_t)c->chip->m;
    double *difference = ARENA_ARRAY(c->arena, double, oscillators);
    const struct model *quantised = map_quantised_model(c->arena, model);
    for (size_t i = 0; i < campaign->count; i++) {
        struct campaign_run *run = &campaign->runs[i];
        struct cosim_sample *s = &c->cosim->samples[i];
        if (!run->circuit)
            continue;
        double *final = ARENA_ARRAY(c->arena, double, oscillators);
        compare_phases(oscillators, run->circuit, run->ode, difference);
        for (size_t k = 0; k < oscillators; k++)
            s->phase_drawn_rad += difference[k] * difference[k] / (double)oscillators;
        s->phase_drawn_rad = sqrt(s->phase_drawn_rad);
        if (!sample_phases(quantised, SAMPLE_ODE, 1, s->start, &run->class_index, 1, final))
            return false;
        run->ode = final;
    }
    return true;
}

static bool write_all(struct cosimulation *c)
{
    int error = campaign_write(c->arena, c->cosim->campaign, c->folder);
    if (!error)
        error = cosim_write(c->arena, c->cosim, c->folder);
    if (!error)
        error = fs_write(fs_join(c->arena, c->folder, "said.txt"), str_text(&c->host.said),
                         c->host.said.length);
    if (error)
        diag_error(c->diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s", c->folder,
                   strerror(-error));
    return !error;
}

struct cosim *cosim_campaign(struct arena *arena, const char *folder, const struct model *model,
                             const struct verify_options *given, struct diags *diags)
{
    struct verify_options options = *given;
    options.start = DEVICE_RELEASED;
    struct cosimulation c = {
        .arena = arena, .options = &options, .diags = diags, .host = {.arena = arena}};
    c.host.pins.line = -1;
    c.cosim = ARENA_NEW(arena, struct cosim);
    c.chip = verify_read_chip(arena, folder, model, &options, diags);
    if (!c.chip || !read_control(&c))
        return NULL;
    c.cosim->campaign = verify_plan(arena, c.chip, model, &options);
    c.cosim->bits = c.control.bits;
    c.cosim->expected_hash = c.control.hash;
    c.cosim->samples = ARENA_ARRAY(arena, struct cosim_sample, options.samples);
    size_t errors = diags->errors;
    c.decoder = netlist_read_decoder(arena, folder, diags);
    if (diags->errors != errors)
        return NULL;
    if (c.decoder && c.decoder->layer_count)
        c.cosim->pixels = (size_t)c.decoder->layers[c.decoder->layer_count - 1].outputs;
    else
        c.decoder = NULL;
    struct fs_stage stage = {0};
    char *target =
        arena_printf(arena, "%s/verify/%s", folder,
                     cosim_name(arena, c.cosim->campaign->level, c.cosim->campaign->corner));
    int error = fs_stage_begin(arena, target, &stage);
    c.folder = stage.path;
    bool complete = !error && build_all(&c) && run_all(&c) && replay_all(&c) &&
                    verify_reference(arena, model, c.cosim->campaign, options.jobs) &&
                    solve_from_start(&c, model) && write_all(&c);
    pins_end(&c.host.pins);
    host_free(&c.host);
    if (complete)
        error = fs_stage_commit(&stage);
    if (error)
        diag_error(diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s", target, strerror(-error));
    if (error || !complete) {
        fs_stage_abort(&stage);
        return NULL;
    }
    return c.cosim;
}
