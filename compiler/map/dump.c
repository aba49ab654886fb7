/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/map/dump.h"

static void number(struct str *out, const char *name, double value, const char *unit)
{
    str_addf(out, "%-16s ", name);
    str_add_number(out, value);
    str_addf(out, "%s%s\n", *unit ? " " : "", unit);
}

static void scale(struct str *out, const char *name, const struct chip_scale *s)
{
    if (!s->bits)
        return;
    str_addf(out, "%-16s %d bits, codes -%d..%d, lsb ", name, s->bits, s->full, s->full);
    str_add_number(out, s->lsb);
    str_add(out, "\n");
}

static void codes(struct str *out, const char *name, const int16_t *code, size_t count)
{
    str_addf(out, "%s", name);
    for (size_t i = 0; i < count; i++)
        str_addf(out, " %d", code[i]);
    str_add(out, "\n");
}

/* The array of transistors: loads, and what its settings leave over at each corner. */
static void device(const struct chip *chip, struct str *out)
{
    const struct chip_device *d = &chip->device;
    if (!d->corner_count)
        return;
    if (chip->hardwired)
        str_addf(out, "%-16s %s\n", "weights", "hardwired");
    number(out, "coupling unit", d->weight_s, "S");
    number(out, "bus load", d->column_load_s, "S");
    number(out, "row load", d->row_load_s, "S");
    number(out, "gain", d->gain, "");
    number(out, "gain spread", d->gain_spread, "of the gain");
    for (const struct chip_corner *c = d->corners; c < d->corners + d->corner_count; c++) {
        str_addf(out, "%-16s %s, %.3f cycles, lag code %d", "corner", c->name, c->carrier_cycles,
                 c->lag_code);
        if (c->measured)
            str_addf(out, ", %.3f MHz, gain %.3f, left: lag %.4f rad, trim %.4f rad a run",
                     c->is.frequency_hz / 1e6, c->is.gain, c->is.lag_rad, c->trim_left);
        str_add(out, "\n");
    }
}

static void control(const struct chip *chip, struct str *out)
{
    const struct chip_control *c = &chip->control;
    const struct control_phases *p = &c->phases;
    if (!p->bits)
        return;
    number(out, "clock", c->clock_hz, "Hz");
    str_addf(out, "%-16s %d bits, %d bins a tick, reference %d\n", "turn", p->bits, p->turns,
             p->reference);
    str_addf(out, "%-16s settle %d ticks, forget %d turns, run %d turns and %d ticks\n", "sample",
             c->settle_ticks, c->forget_turns, c->run_cycles, c->run_ticks);
    str_addf(out, "%-16s watchdog %d, capture %d ticks\n", "limits", c->watchdog_ticks,
             c->capture_ticks);
    str_addf(out, "%-16s", "settings");
    for (int i = 0; i < p->main + p->conditioning; i++)
        str_addf(out, " %x:%x:%x", p->rate[i], p->start[i], p->readout[i]);
    str_add(out, "\n");
}

void map_dump(const struct chip *chip, struct str *out)
{
    size_t n = (size_t)chip->n, m = (size_t)chip->m;
    str_addf(out, "%-16s %s, process %s\n", "chip", chip->name, chip->pdk->name);
    str_addf(out, "%-16s %d main, %d conditioning, %d classes, %zu couplings\n", "oscillators",
             chip->n, chip->m, chip->classes, chip->sites->count);
    number(out, "carrier", chip->carrier_hz, "Hz");
    number(out, "run", chip->run_s, "s");
    scale(out, "weight", &chip->weight);
    scale(out, "conditioning", &chip->cond);
    scale(out, "drive", &chip->drive);
    scale(out, "omega", &chip->omega);
    if (chip->phase_bits)
        str_addf(out, "%-16s in %d bits, out %d bits, seed %llu\n", "phases", chip->phase_bits,
                 chip->readout_bits, (unsigned long long)chip->seed);
    if (chip->margin_s > 0) {
        number(out, "largest_row_sum", chip->largest_row_sum, "rad per unit of model time");
        number(out, "margin", chip->margin_s, "S");
    }
    if (chip->dummy_s) {
        number(out, "load", chip->load_s, "S");
        for (size_t i = 0; i < n + m; i++) {
            str_addf(out, "dummy %zu ", i);
            number(out, "", chip->dummy_s[i], "S");
        }
    }
    device(chip, out);
    for (int s = 0; s < CHIP_SECTIONS && chip->memory[s].name; s++)
        str_addf(out, "%-16s %s at %u, %u words\n", "memory", chip->memory[s].name,
                 chip->memory[s].base, chip->memory[s].count);
    control(chip, out);
    for (int l = 0; l < chip->control.decoder.layer_count; l++)
        str_addf(out, "%-16s layer %d, %d inputs, %d outputs, shift %d\n", "decoder", l,
                 chip->control.decoder.layers[l].inputs, chip->control.decoder.layers[l].outputs,
                 chip->control.decoder.layers[l].shift);
    if (!chip->weight_code)
        return;
    codes(out, "trim", chip->trim_code, n + m);
    for (size_t i = 0; i < n; i++) {
        str_addf(out, "couplings of %zu", i);
        for (size_t s = chip->sites->first[i]; s < chip->sites->first[i + 1]; s++)
            str_addf(out, " %d:%d", chip->sites->source[s], chip->weight_code[s]);
        str_add(out, "\n");
    }
    codes(out, "conditioning", chip->cond_code, m ? m * (m - 1) : 0);
    codes(out, "drive", chip->drive_code, (size_t)chip->classes * n * m);
}
