/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/report/datasheet.h"

#include <math.h>
#include <stdio.h>

#include "compiler/base/fs.h"
#include "compiler/base/str.h"
#include "compiler/report/datasheet_plots.h"

static double value(const json_t *object, const char *key)
{
    const json_t *found = json_object_get(object, key);
    return json_is_number(found) ? json_number_value(found) : NAN;
}

static const char *text(const json_t *object, const char *key)
{
    const char *found = json_string_value(json_object_get(object, key));
    return found ? found : "";
}

static void row(struct str *out, const char *what, const char *format, double number,
                const char *unit)
{
    if (!isfinite(number))
        return;
    str_addf(out, "| %s | ", what);
    char digits[40];
    snprintf(digits, sizeof digits, format, number);
    str_addf(out, "%s | %s |\n", digits, unit);
}

static void head(struct str *out, const json_t *m)
{
    const json_t *s = json_object_get(m, "settings"), *p = json_object_get(m, "provenance");
    str_addf(out, "# Cells of %s, corner %s", text(m, "process"), text(m, "corner"));
    if (*text(m, "models"))
        str_addf(out, ", %s models", text(m, "models"));
    str_addf(out,
             "\n\nSimulated by oscc %s with ngspice %s at %.4g V and %.4g degrees, mid-rail "
             "%.4g V.\ncharacterisation.json holds all values with their provenance;"
             " oscc's docs/characterisation.md says\nhow each is measured.\n\n",
             text(p, "oscc_version"), text(p, "ngspice_version"), value(s, "supply_v"),
             value(s, "temperature_c"), value(s, "mid_v"));
}

static void harmonics_row(struct str *out, const char *what, const json_t *list)
{
    for (size_t h = 1; h < 5 && h < json_array_size(list); h++) {
        struct str name = {0};
        str_addf(&name, "%s, harmonic %zu", what, h + 1);
        row(out, str_text(&name), "%.2f", 100 * json_number_value(json_array_get(list, h)),
            "% of the fundamental");
        str_free(&name);
    }
}

static void cell(struct str *out, const json_t *m)
{
    const json_t *c = json_object_get(m, "cell"), *s = json_object_get(m, "settings");
    str_addf(out,
             "## Cell and row driver\n\nLoaded: %.4g uS on each line of the bus, %.4g uS on each "
             "line of the row.\n\n| | | |\n|---|---|---|\n",
             1e6 * value(s, "bus_load_s"), 1e6 * value(s, "row_load_s"));
    row(out, "frequency, nothing on the cell but its driver", "%.4f",
        1e-6 * value(c, "free_frequency_hz"), "MHz");
    row(out, "frequency, loaded", "%.4f", 1e-6 * value(c, "loaded_frequency_hz"), "MHz");
    row(out, "frequency, loaded and with the trim at code 0", "%.4f",
        1e-6 * value(json_object_get(m, "trim"), "frequency_hz"), "MHz");
    row(out, "relative change of frequency per relative change of the node's capacitor", "%.3f",
        -value(c, "frequency_per_capacitance"), "");
    row(out, "amplitude of a line", "%.3f", value(c, "amplitude_v"), "V");
    row(out, "mid level of a line", "%.3f", value(c, "mid_v"), "V");
    harmonics_row(out, "cell, xp - xn", json_object_get(c, "harmonics_relative"));
    row(out, "amplitude of a row line, fundamental", "%.3f", value(c, "driver_amplitude_v"), "V");
    row(out, "mid level of a row line", "%.3f", value(c, "driver_mid_v"), "V");
    harmonics_row(out, "driver", json_object_get(c, "driver_harmonics_relative"));
    row(out, "power of a cell", "%.1f", 1e6 * value(c, "power_w"), "uW");
    row(out, "power of a driver with its row", "%.1f", 1e6 * value(c, "driver_power_w"), "uW");
    row(out, "start-up from 10 mV between xp and xn to 90 % of the amplitude", "%.1f",
        1e9 * value(c, "start_up_s"), "ns");
    const json_t *mismatch = json_object_get(m, "mismatch");
    row(out, "mismatch of the frequency, one sigma", "%.3f",
        100 * value(mismatch, "frequency_sigma_relative"), "%");
    row(out, "draws behind that sigma", "%.0f", value(mismatch, "draws"), "");
    str_add(out, "\n![one period](waveform.png)\n\n");
}

static void coupling(struct str *out, const json_t *m)
{
    str_add(out, "## Coupling\n\nd theta/dt = omega + K sin(theta_source - theta - lag) and "
                 "harmonics of it. Gain is K over that of an ideal\ndriver into the node's "
                 "capacitor alone, as the bus's series resistor divides it. Harmonics are "
                 "relative to\nthe fundamental.\n\n"
                 "| bus, uS | delay, ns | row, uS | frequency, MHz | gain | lag, rad | offset | "
                 "2nd | 3rd | fit's residual |\n|---|---|---|---|---|---|---|---|---|---|\n");
    const json_t *list = json_object_get(m, "coupling");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *p = json_array_get(list, i);
        str_addf(out, "| %.1f | %.3f | %.1f | %.4f | %.4f | %.4f | %.4f | %.4f | %.4f | %.4f |\n",
                 1e6 * value(p, "bus_load_s"), 1e9 * value(p, "bus_delay_s"),
                 1e6 * value(p, "row_load_s"), 1e-6 * value(p, "frequency_hz"), value(p, "gain"),
                 value(p, "lag_rad"), value(p, "offset_relative"), value(p, "second_relative"),
                 value(p, "third_relative"), value(p, "residual_relative"));
    }
    str_add(out, "\n![coupling function](coupling.png) ![gain](gain.png) ![lag](lag.png)\n\n");
}

static void coupler(struct str *out, const json_t *m)
{
    const json_t *c = json_object_get(m, "coupler"), *codes = json_object_get(c, "code");
    if (!json_array_size(codes))
        return;
    double unit = value(c, "unit_s");
    str_addf(out,
             "## Coupler\n\nWith its switches, resistors of %.4g uS for the lowest bit; the "
             "switches put "
             "%.2f fF on each line of the bus.\n\n"
             "| code | conductance, units | error, units | load on the bus, uS |\n|---|---|---|---|"
             "\n",
             1e6 * unit, 1e15 * value(c, "bus_line_f"));
    for (size_t i = 0; i < json_array_size(codes); i++) {
        double code = json_number_value(json_array_get(codes, i));
        double got = json_number_value(json_array_get(json_object_get(c, "conductance_s"), i));
        double load = json_number_value(json_array_get(json_object_get(c, "bus_load_s"), i));
        str_addf(out, "| %.0f | %.4f | %.4f | %.4f |\n", code, got / unit, got / unit - code,
                 1e6 * load);
    }
    str_add(out, "\n![error of the codes](coupler.png)\n\n");
}

static void trim(struct str *out, const json_t *m)
{
    const json_t *t = json_object_get(m, "trim"), *codes = json_object_get(t, "code");
    str_add(out, "## Trim\n\n| code | change of frequency, % |\n|---|---|\n");
    for (size_t i = 0; i < json_array_size(codes); i++)
        str_addf(
            out, "| %.0f | %.4f |\n", json_number_value(json_array_get(codes, i)),
            100 * json_number_value(json_array_get(json_object_get(t, "frequency_relative"), i)));
    str_add(out, "\n![trim curve](trim.png)\n");
}

int datasheet_write(struct arena *arena, const json_t *measured, const char *folder)
{
    struct str out = {0};
    head(&out, measured);
    cell(&out, measured);
    coupling(&out, measured);
    coupler(&out, measured);
    trim(&out, measured);
    int error = fs_make_folders(folder);
    if (!error)
        error = fs_write(fs_join(arena, folder, "datasheet.md"), str_text(&out), out.length);
    str_free(&out);
    return error ? error : datasheet_plots(arena, measured, folder);
}
