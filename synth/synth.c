/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/synth.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler/base/fs.h"
#include "compiler/base/json.h"
#include "synth/liberty.h"

/* A slew to take the tables of energy at; they hardly depend on it. */
static const double typical_slew_s = 0.1e-9;

void synth_figure(struct synth *s, const char *name, double value)
{
    json_object_set_new(s->figures, name, json_real(value));
}

const char *synth_path(const struct synth *s, const char *name)
{
    return fs_join(s->arena, s->folder, name);
}

const char *synth_liberty_path(const struct synth *s, size_t corner)
{
    return arena_printf(s->arena, "%s/%s/%s", s->root, s->pdk->name,
                        s->pdk->logic->corners[corner].liberty);
}

const struct liberty *synth_liberty(struct synth *s)
{
    char *text;
    size_t length, line;
    const char *path = synth_path(s, "cells.lib");
    int error = fs_read_text(s->arena, path, 1 << 28, &text, &length);
    const struct liberty *liberty =
        error ? NULL : liberty_read(s->arena, text, typical_slew_s, &line);
    if (error)
        diag_error(s->diags, DIAG_IO, SPAN_NONE, "cannot read '%s': %s", path, strerror(-error));
    else if (!liberty)
        diag_error(s->diags, DIAG_TOOL, SPAN_NONE, "line %zu of '%s' is not Liberty", line, path);
    return liberty;
}

static bool damaged(struct synth *s, const char *what)
{
    diag_error(s->diags, DIAG_CHIP_DAMAGED, SPAN_NONE, "'%s' %s", s->chip, what);
    diag_help(s->diags, "make it anew: oscc MODEL.yaml -o %s", s->chip);
    return false;
}

/* Process and clocks of chip.json. */
static bool read_chip(struct synth *s)
{
    json_t *root = json_load_file(fs_join(s->arena, s->chip, "chip.json"), 0, NULL);
    const char *process = json_string_value(json_object_get(root, "process"));
    const json_t *control = json_object_get(root, "control");
    const json_t *corners = json_object_get(control, "corners");
    s->pdk = process ? pdk_find(process) : NULL;
    double clock_hz = json_number_value(json_object_get(control, "clock_hz"));
    for (size_t i = 0; s->pdk && s->pdk->logic && s->pdk->logic->corners[i].name && i < 4; i++) {
        const json_t *corner = json_object_get(corners, s->pdk->logic->corners[i].name);
        double hz = json_number_value(json_object_get(corner, "clock_hz"));
        s->clock_hz[i] = hz > 0 ? hz : clock_hz;
    }
    s->clock_hz[0] = s->clock_hz[0] > 0 ? s->clock_hz[0] : clock_hz;
    bool known = root && process && s->pdk;
    json_decref(root);
    if (!known)
        return damaged(s, "has no chip.json that names a process");
    if (!(clock_hz > 0) || !fs_exists(fs_join(s->arena, s->chip, "verilog/control.v")))
        return damaged(s, "has no digital control");
    return true;
}

static bool find_files(struct synth *s)
{
    const char *data = pdk_data_folder(s->arena);
    s->scripts = data ? fs_join(s->arena, data, "netlist/synth") : NULL;
    if (!s->scripts || !fs_is_folder(s->scripts)) {
        diag_error(s->diags, DIAG_TOOL, SPAN_NONE, "the scripts of synthesis were not found");
        diag_help(s->diags, "install oscc with cmake --install, or set OSCC_DATA to the folder "
                            "that holds netlist/synth");
        return false;
    }
    if (!s->pdk->logic)
        return true;
    s->root = pdk_root(s->arena, s->pdk->name);
    for (size_t i = 0; s->pdk->logic->corners[i].name; i++) {
        if (s->root && fs_exists(synth_liberty_path(s, i)))
            continue;
        diag_error(s->diags, DIAG_TOOL, SPAN_NONE, "the standard cells %s were not found",
                   s->pdk->logic->name);
        diag_help(s->diags, "expected: %s/%s/%s", s->root ? s->root : "$PDK_ROOT", s->pdk->name,
                  s->pdk->logic->corners[i].liberty);
        diag_help(s->diags, "set PDK_ROOT to an installed open_pdks, with its libs.ref");
        return false;
    }
    return true;
}

/* Scripts and library into synth/. */
static bool prepare(struct synth *s)
{
    static const char *const files[] = {"synth.tcl", "cells.constr"};
    int error = fs_make_folders(s->folder);
    const char *at = s->folder;
    for (size_t i = 0; !error && i < sizeof files / sizeof *files; i++)
        error = fs_copy(fs_join(s->arena, s->scripts, at = files[i]), synth_path(s, files[i]));
    if (!error && s->pdk->logic) {
        char *text;
        size_t length;
        struct str trimmed = {0};
        at = synth_liberty_path(s, 0);
        error = fs_read_text(s->arena, at, 1 << 28, &text, &length);
        if (!error) {
            liberty_trim(text, arena_printf(s->arena, "%s__", s->pdk->logic->name),
                         s->pdk->logic->cells, &trimmed);
            error = fs_write_text(s->arena, s->folder, "cells.lib", &trimmed);
        }
    }
    if (error)
        diag_error(s->diags, DIAG_IO, SPAN_NONE, "cannot prepare '%s' (%s): %s", s->folder, at,
                   strerror(-error));
    return !error;
}

bool synth_chip(struct arena *arena, const char *chip, const struct synth_options *options,
                struct diags *diags)
{
    struct synth s = {.arena = arena,
                      .diags = diags,
                      .options = options,
                      .chip = chip,
                      .folder = fs_join(arena, chip, "synth"),
                      .figures = json_object()};
    bool good = read_chip(&s) && find_files(&s) && prepare(&s) && synth_map(&s);
    if (good && s.pdk->logic)
        good = synth_time(&s) && (!options->prove || synth_prove(&s)) &&
               (!options->energy || synth_energy(&s));
    if (good) {
        json_t *written = json_incref(s.figures);
        int error = json_write(synth_path(&s, "result.json"), written, JSON_SORT_KEYS);
        if (error)
            diag_error(diags, DIAG_IO, SPAN_NONE, "cannot write '%s': %s",
                       synth_path(&s, "result.json"), strerror(-error));
        good = !error;
    }
    static const char *const passing[] = {"netlist.json", "timing_netlist.v", "sample.vvp",
                                          "load.vvp"};
    for (size_t i = 0; good && i < sizeof passing / sizeof *passing; i++)
        unlink(synth_path(&s, passing[i])); /* large, and made from the netlist */
    json_decref(s.figures);
    return good;
}
