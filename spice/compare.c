/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/compare.h"

#include <math.h>

#include "compiler/sample/sample.h"

static const double turn = 6.283185307179586476925;

void compare_phases(size_t count, const double *a, const double *b, double *difference)
{
    double x = 0, y = 0;
    for (size_t i = 0; i < count; i++) {
        x += cos(a[i] - b[i]);
        y += sin(a[i] - b[i]);
    }
    double common = atan2(y, x);
    for (size_t i = 0; i < count; i++)
        difference[i] = remainder(a[i] - b[i] - common, turn);
}

static double square_sum(size_t count, const double *values)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i] * values[i];
    return sum;
}

double compare_rms(size_t samples, size_t count, const double *a, const double *b)
{
    struct arena arena = {0};
    double *difference = ARENA_ARRAY(&arena, double, count), sum = 0;
    for (size_t s = 0; s < samples; s++) {
        compare_phases(count, a + s * count, b + s * count, difference);
        sum += square_sum(count, difference);
    }
    arena_free(&arena);
    return samples && count ? sqrt(sum / (double)(samples * count)) : 0;
}

void compare_round_phases(size_t count, int bits, double *phases)
{
    double lsb = ldexp(turn, -bits);
    for (size_t i = 0; i < count; i++)
        phases[i] = lsb * round(phases[i] / lsb);
}

void compare_images(struct arena *arena, const struct model *model, const struct campaign *campaign,
                    const struct campaign_run *run, double *circuit, double *reference)
{
    double *relative = ARENA_ARRAY(arena, double, (size_t)model->n);
    sample_readout(model, run->circuit, relative);
    compare_round_phases((size_t)model->n, campaign->readout_bits, relative);
    sample_decode(model, relative, circuit);
    sample_readout(model, run->model, relative);
    sample_decode(model, relative, reference);
}

struct run_comparison compare_run(struct arena *arena, const struct model *model,
                                  const struct campaign *campaign, const struct campaign_run *run,
                                  double *difference)
{
    size_t count = (size_t)campaign->n + (size_t)campaign->m;
    size_t pixels = (size_t)model_pixels(model);
    struct run_comparison c = {.class_circuit = -1, .class_reference = -1};
    compare_phases(count, run->circuit, run->model, difference);
    c.phase_rms_model_rad = sqrt(square_sum(count, difference) / (double)count);
    compare_phases(count, run->circuit, run->ode, difference);
    c.phase_rms_rad = sqrt(square_sum(count, difference) / (double)count);
    if (!pixels)
        return c;
    double *circuit = ARENA_ARRAY(arena, double, pixels);
    double *reference = ARENA_ARRAY(arena, double, pixels);
    compare_images(arena, model, campaign, run, circuit, reference);
    c.class_circuit = sample_classify(model, circuit);
    c.class_reference = sample_classify(model, reference);
    for (size_t p = 0; p < pixels; p++)
        circuit[p] -= reference[p];
    c.image_rms = sqrt(square_sum(pixels, circuit) / (double)pixels);
    return c;
}

/* Whether a figure is worse than the worst so far; one that is not a number is worse than any. */
static bool worse(double value, double worst)
{
    return !(value <= worst) && !isnan(worst);
}

static void add_energy(struct comparison *c, const struct campaign_run *run)
{
    if (!run->energy)
        return;
    c->with_energy++;
    for (size_t b = 0; b < ENERGY_BLOCKS; b++)
        c->energy_j[b] += run->energy[b];
    if (worse(run->network_error, c->worst_network_error))
        c->worst_network_error = run->network_error;
}

struct comparison compare_campaign(struct arena *arena, const struct model *model,
                                   const struct campaign *campaign)
{
    size_t count = (size_t)campaign->n + (size_t)campaign->m;
    double *difference = ARENA_ARRAY(arena, double, count);
    double *by_oscillator = ARENA_ARRAY(arena, double, count);
    struct comparison c = {.runs = ARENA_ARRAY(arena, struct run_comparison, campaign->count)};
    for (size_t r = 0; r < campaign->count; r++) {
        const struct campaign_run *run = &campaign->runs[r];
        struct run_comparison *one = &c.runs[r];
        c.wall_s_per_sample += run->wall_s / (double)campaign->count;
        *one = (struct run_comparison){.class_circuit = -1, .class_reference = -1};
        if (!run->circuit)
            continue;
        *one = compare_run(arena, model, campaign, run, difference);
        c.good++;
        c.phase_rms_rad += one->phase_rms_rad * one->phase_rms_rad;
        c.phase_rms_model_rad += one->phase_rms_model_rad * one->phase_rms_model_rad;
        c.image_rms += one->image_rms * one->image_rms;
        c.right_circuit += one->class_circuit == run->class_index;
        c.right_reference += one->class_reference == run->class_index;
        add_energy(&c, run);
        for (size_t i = 0; i < count; i++)
            by_oscillator[i] += difference[i] * difference[i];
        if (worse(one->phase_rms_rad, c.worst_sample_rms_rad)) {
            c.worst_sample_rms_rad = one->phase_rms_rad;
            c.worst_sample = run->sample;
        }
    }
    for (size_t b = 0; b < ENERGY_BLOCKS && c.with_energy; b++)
        c.energy_j[b] /= (double)c.with_energy;
    c.phase_rms_rad = sqrt(c.phase_rms_rad / (double)c.good);
    c.phase_rms_model_rad = sqrt(c.phase_rms_model_rad / (double)c.good);
    c.image_rms = sqrt(c.image_rms / (double)c.good);
    for (size_t i = 0; i < count; i++) {
        double rms = sqrt(by_oscillator[i] / (double)c.good);
        if (worse(rms, c.worst_oscillator_rms_rad)) {
            c.worst_oscillator_rms_rad = rms;
            c.worst_oscillator = (int)i;
        }
    }
    return c;
}

/* Written so that a figure that is not a number fails. */
static bool keeps(const char *name, double value, double limit, struct str *failures)
{
    bool kept = value <= limit;
    if (!kept && failures)
        str_addf(failures, "%s is %.4g, the limit is %.4g\n", name, value, limit);
    return kept;
}

bool compare_meets_limits(const struct comparison *c, const struct campaign *campaign,
                          const struct model_limits *limits, struct str *failures)
{
    bool all = campaign->count > 0 && c->good == campaign->count;
    if (!campaign->count && failures)
        str_add(failures, "there are no runs to judge\n");
    else if (!all && failures)
        str_addf(failures, "%zu of %zu runs did not run to their end\n", campaign->count - c->good,
                 campaign->count);
    if (!c->good)
        return false;
    bool phase = keeps("phase_rms_rad", c->phase_rms_rad, limits->phase_rms_rad, failures);
    bool worst = keeps("worst_oscillator_rms_rad", c->worst_oscillator_rms_rad,
                       limits->worst_oscillator_rms_rad, failures);
    bool image = keeps("image_rms", c->image_rms, limits->image_rms, failures);
    return all && phase && worst && image;
}
