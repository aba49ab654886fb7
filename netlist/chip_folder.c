/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/chip_folder.h"

#include <errno.h>
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/base/hash.h"
#include "compiler/base/json.h"
#include "netlist/array.h"
#include "netlist/chip_json.h"
#include "netlist/control.h"
#include "netlist/control_decoder.h"
#include "netlist/handover.h"
#include "netlist/memory.h"
#include "netlist/resolved.h"

/* The folder being filled and the first thing that went wrong. */
struct folder {
    struct arena *arena;
    const char *path;
    int error;
    const char *failed; /* name of the file */
};

static void note(struct folder *f, const char *name, int error)
{
    if (error && !f->error) {
        f->error = error;
        f->failed = name;
    }
}

static void add_text(struct folder *f, const char *name, struct str *text)
{
    if (!f->error)
        note(f, name, fs_write(fs_join(f->arena, f->path, name), str_text(text), text->length));
    str_free(text);
}

static void add_folder(struct folder *f, const char *name)
{
    if (!f->error)
        note(f, name, fs_make_folders(fs_join(f->arena, f->path, name)));
}

/* The process's cell netlists, one after the other. */
static void add_cells(struct folder *f, const char *cells, const char *const *files,
                      const char *target)
{
    struct str text = {0};
    const char *data = pdk_data_folder(f->arena);
    for (const char *const *name = files; *name && !f->error; name++) {
        char *path = arena_printf(f->arena, "%s/pdk/cells/%s/%s", data ? data : "", cells, *name),
             *cell;
        size_t length;
        int error = fs_read_text(f->arena, path, 1 << 24, &cell, &length);
        note(f, path, error);
        if (!error)
            str_addf(&text, "%s%s", text.length ? "\n" : "", cell);
    }
    add_text(f, fs_join(f->arena, target, "cells.spice"), &text);
}

/* cells.spice, array.spice and top.spice of one level in a folder of the chip. */
static void add_netlist(struct folder *f, const struct chip *chip, const char *folder, bool device)
{
    struct str text = {0};
    const struct net_module *array =
        device ? netlist_device_array(f->arena, chip) : netlist_array(f->arena, chip);
    add_folder(f, folder);
    if (device)
        add_cells(f, chip->pdk->device->cells, chip->pdk->device->cell_files, folder);
    else
        add_cells(f, chip->pdk->cells, chip->pdk->cell_files, folder);
    (device ? netlist_write_device_array : netlist_write_array)(chip, array, &text);
    add_text(f, fs_join(f->arena, folder, "array.spice"), &text);
    netlist_write_top(f->arena, chip, array, &text);
    add_text(f, fs_join(f->arena, folder, "top.spice"), &text);
}

/* The Verilog of netlist/rtl, file by file. */
static void add_rtl(struct folder *f)
{
    const char *data = pdk_data_folder(f->arena);
    const char *rtl = fs_join(f->arena, data ? data : "", "netlist/rtl");
    char **names;
    size_t count;
    note(f, rtl, fs_list(f->arena, rtl, &names, &count));
    for (size_t i = 0; !f->error && i < count; i++) {
        const char *ending = strrchr(names[i], '.');
        if (ending && !strcmp(ending, ".v"))
            note(f, names[i],
                 fs_copy(fs_join(f->arena, rtl, names[i]),
                         fs_join(f->arena, fs_join(f->arena, f->path, "verilog"), names[i])));
    }
}

/* The digital control: Verilog, parameters, images, and the frames that load it. */
static void add_control(struct folder *f, const struct chip *chip)
{
    struct str text = {0};
    add_rtl(f);
    netlist_write_params(chip, &text);
    add_text(f, "verilog/params.vh", &text);
    netlist_write_boot(f->arena, chip, &text);
    add_text(f, "verilog/boot.hex", &text);
    const struct control_decoder *decoder = &chip->control.decoder;
    for (int i = 0; decoder->layer_count && i < DECODER_IMAGES; i++) {
        netlist_write_decoder_image(f->arena, decoder, (enum netlist_decoder_image)i, &text);
        add_text(f, netlist_decoder_file[i], &text);
    }
}

/* Files that the test bench beside the chip needs, and how the flow to a layout begins. */
static void add_handover(struct folder *f, const struct chip *chip)
{
    struct str text = {0};
    char **names;
    size_t count, kept = 0;
    const struct net_module *array = netlist_device_array(f->arena, chip);
    const char *data = pdk_data_folder(f->arena);
    const char *bench = fs_join(f->arena, data ? data : "", "netlist/rtl/tb");
    netlist_write_verilog_top(f->arena, chip, array, &text);
    add_text(f, "verilog/top.v", &text);
    netlist_write_array_stub(chip, array, &text);
    add_text(f, "verilog/array_stub.v", &text);
    add_folder(f, "verilog/tb");
    for (int i = 0; i < 2 && !f->error; i++) {
        static const char *const files[] = {"tb_top.v", "oscillators.v"};
        note(f, files[i],
             fs_copy(fs_join(f->arena, bench, files[i]),
                     fs_join(f->arena, fs_join(f->arena, f->path, "verilog/tb"), files[i])));
    }
    netlist_write_array_model(f->arena, chip, array, &text);
    add_text(f, "verilog/tb/array.v", &text);
    netlist_write_array_links(f->arena, chip, &text);
    add_text(f, "verilog/tb/links.hex", &text);
    netlist_write_array_trims(chip, &text);
    add_text(f, "verilog/tb/trim.hex", &text);
    netlist_write_spice_top(f->arena, chip, array, &text);
    add_text(f, "spice/chip_top.spice", &text);
    netlist_write_sdc(chip, &text);
    add_text(f, "control.sdc", &text);
    note(f, "verilog", fs_list(f->arena, fs_join(f->arena, f->path, "verilog"), &names, &count));
    const char **sources = ARENA_ARRAY(f->arena, const char *, count + 1);
    for (size_t i = 0; !f->error && i < count; i++) {
        const char *ending = strrchr(names[i], '.');
        if (ending && !strcmp(ending, ".v"))
            sources[kept++] = names[i];
    }
    if (!f->error && chip->pdk->logic) /* LibreLane needs standard cells */
        note(f, "config.json",
             json_write(fs_join(f->arena, f->path, "config.json"), netlist_librelane(chip, sources),
                        0));
}

static void add_readme(struct folder *f, const struct chip *chip)
{
    struct str text = {0};
    str_addf(&text, "# %s\n\n", chip->name);
    str_addf(
        &text,
        "A chip of %d coupled oscillators and %d conditioning ones with %zu couplings, made by\n"
        "oscc for the process `%s`. One run lasts %.6g us: %.6g periods of a %.6g MHz carrier.\n\n",
        chip->n, chip->m, chip->sites->count, chip->pdk->name, chip->run_s * 1e6,
        chip->carrier_cycles, chip->carrier_hz / 1e6);
    str_add(&text, "| file | what it holds |\n|---|---|\n"
                   "| chip.json | scales, sizes, addresses |\n"
                   "| spice/cells.spice | the cells |\n"
                   "| spice/array.spice | the array: cells, row drivers, couplers, dummies |\n"
                   "| spice/top.spice | includes both and makes one array |\n");
    if (chip->device.present)
        str_add(&text,
                "| spice/behavioural/ | the same with behavioural cells, for --level cell |\n");
    str_add(&text, "| verilog/weights.hex | every code, for $readmemh |\n");
    if (netlist_has_control(chip))
        str_add(&text,
                "| verilog/*.v, params.vh | the digital control: SPI in, samples and pixels out |\n"
                "| verilog/boot.hex | the frames that load it, one a line |\n");
    if (netlist_has_top(chip))
        str_add(&text,
                "| verilog/top.v, array_stub.v | control and array; the array as a black box |\n"
                "| verilog/tb/ | a test bench with oscillators by their phase equations |\n"
                "| spice/chip_top.spice | control and array |\n"
                "| control.sdc | clock and pins, for synthesis and timing |\n");
    str_add(
        &text,
        "| resolved.yaml, model/ | the model that it was made from |\n"
        "| manifest.json | where it comes from, and a hash of each file |\n"
        "| verify/, report/ | what `oscc verify` found |\n\n"
        "`oscc verify .` simulates it and compares it with the model. Runs of the levels phase\n"
        "and cell in verify/ replay with plain ngspice: `sh run.sh` in their folder.\n");
    if (netlist_has_top(chip))
        str_add(
            &text,
            "\nThe whole chip in a Verilog simulator, booted over SPI until it prints an image:\n\n"
            "    cd verilog\n"
            "    iverilog -g2005 -DOSCC_ARRAY_MODEL -I. -s tb_top -o tb.vvp *.v tb/*.v\n"
            "    vvp tb.vvp +class=0\n\n"
            "`oscc synth .` maps the control to gates and writes synth/.\n");
    if (netlist_has_top(chip) && chip->pdk->logic)
        str_add(&text, "\nOn to a layout: `librelane config.json` starts from verilog/top.v. The "
                       "array is a black\n"
                       "box there, which first needs a layout (LEF, GDS) of spice/array.spice, and "
                       "memories of\n"
                       "synth/ that are black boxes need macros.\n");
    add_text(f, "README.md", &text);
}

/* Enters the hash of a file under a name, which may hold bytes that are not UTF-8. */
static void add_hash(struct folder *f, json_t *object, const char *name, const char *failed,
                     const char *path)
{
    char hash[HASH_TEXT];
    int error = hash_file(path, hash);
    note(f, failed, error);
    if (error)
        return;
    json_t *key = json_text(name);
    json_object_set_new(object, json_string_value(key), json_string(hash));
    json_decref(key);
}

/* Those of the files in one folder, which may be absent. */
static void add_hashes(struct folder *f, json_t *object, const char *folder)
{
    char **names;
    size_t count;
    int error = fs_list(f->arena, fs_join(f->arena, f->path, folder), &names, &count);
    if (error == -ENOENT)
        return;
    note(f, folder, error);
    for (size_t i = 0; !f->error && i < count; i++) {
        const char *name = fs_join(f->arena, folder, names[i]);
        const char *path = fs_join(f->arena, f->path, name);
        if (!fs_is_folder(path))
            add_hash(f, object, name, name, path);
    }
}

static json_t *hashes(struct folder *f)
{
    static const char *const files[] = {"README.md", "chip.json", "resolved.yaml", "config.json",
                                        "control.sdc"};
    static const char *const folders[] = {"model", "spice", "spice/behavioural", "verilog",
                                          "verilog/tb"};
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof files / sizeof *files && !f->error; i++)
        if (fs_exists(fs_join(f->arena, f->path, files[i])))
            add_hash(f, object, files[i], files[i], fs_join(f->arena, f->path, files[i]));
    for (size_t i = 0; i < sizeof folders / sizeof *folders && !f->error; i++)
        add_hashes(f, object, folders[i]);
    return object;
}

static void add_manifest(struct folder *f, const struct chip *chip, const char *command)
{
    json_t *inputs = json_object();
    const char *model = chip->model->path, *slash = strrchr(model, '/');
    size_t above = slash ? (size_t)(slash + 1 - model) : 0; /* names are relative to its folder */
    for (const char *const *file = chip->model->files; file && *file && !f->error; file++)
        add_hash(f, inputs, strncmp(*file, model, above) ? *file : *file + above, *file, *file);
    json_t *root =
        json_pack("{s:s, s:s, s:o, s:I, s:o, s:o}", "generator", "oscc", "version", OSCC_VERSION,
                  "command", json_text(command), "seed", (json_int_t)chip->seed, "inputs_sha256",
                  inputs, "files_sha256", hashes(f));
    if (f->error)
        json_decref(root);
    else
        note(f, "manifest.json", json_write(fs_join(f->arena, f->path, "manifest.json"), root, 0));
}

static void fill(struct folder *f, const struct chip *chip, const char *command)
{
    add_folder(f, "verilog");
    add_readme(f, chip);
    if (!f->error)
        note(f, "chip.json",
             json_write(fs_join(f->arena, f->path, "chip.json"), netlist_chip_json(chip), 0));
    if (!f->error)
        note(f, "resolved.yaml", netlist_write_resolved(f->arena, chip->model, f->path));
    if (chip->device.present)
        add_netlist(f, chip, "spice", true);
    add_netlist(f, chip, chip->device.present ? "spice/behavioural" : "spice", false);
    struct str text = {0};
    netlist_write_memory(f->arena, chip, &text);
    add_text(f, "verilog/weights.hex", &text);
    if (netlist_has_control(chip))
        add_control(f, chip);
    if (netlist_has_top(chip))
        add_handover(f, chip);
    add_manifest(f, chip, command);
}

bool netlist_may_replace(struct arena *arena, const char *folder)
{
    if (!fs_exists(folder))
        return true;
    char **names;
    size_t count;
    if (!fs_is_folder(folder) || fs_list(arena, folder, &names, &count))
        return false;
    if (!count)
        return true;
    json_t *manifest = json_load_file(fs_join(arena, folder, "manifest.json"), 0, NULL);
    const char *generator = json_string_value(json_object_get(manifest, "generator"));
    bool ours = generator && !strcmp(generator, "oscc");
    json_decref(manifest);
    return ours;
}

bool netlist_write_chip(struct arena *arena, const struct chip *chip, const char *folder,
                        const char *command, struct diags *diags)
{
    if (!netlist_may_replace(arena, folder)) {
        diag_error(diags, DIAG_CHIP_FOREIGN, SPAN_NONE, "'%s' is there and was not written by oscc",
                   folder);
        diag_help(diags, "choose another folder, or remove it yourself");
        return false;
    }
    struct fs_stage stage = {0};
    int error = fs_stage_begin(arena, folder, &stage);
    struct folder f = {arena, stage.path, error, folder};
    if (!error) {
        fill(&f, chip, command);
        if (!f.error)
            note(&f, folder, fs_stage_commit(&stage));
    }
    if (f.error) {
        fs_stage_abort(&stage);
        bool whole = !strcmp(f.failed, folder);
        diag_error(diags, DIAG_IO, SPAN_NONE, "cannot write '%s'%s%s%s: %s", folder,
                   whole ? "" : " (", whole ? "" : f.failed, whole ? "" : ")", strerror(-f.error));
        diag_help(diags, "nothing was changed");
    }
    return !f.error;
}
