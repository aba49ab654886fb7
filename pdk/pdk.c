/* SPDX-License-Identifier: Apache-2.0 */
#include "pdk/pdk.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compiler/base/fs.h"
#include "pdk/generic/generic.h"
#include "pdk/gf180mcuD/gf180mcuD.h"
#include "pdk/sky130A/sky130A.h"

const char *const pdk_behavioural_cells[] = {"oscillator.spice", "driver.spice", "coupler.spice",
                                             "dummy.spice", NULL};
const char *const pdk_transistor_cells[] = {"switch.spice",  "oscillator.spice", "trim.spice",
                                            "driver.spice",  "column.spice",     "lag.spice",
                                            "coupler.spice", "enable.spice",     "hold.spice",
                                            "capture.spice", "midrail.spice",    NULL};

const struct pdk *const pdk_all[] = {&pdk_generic, &pdk_sky130A, &pdk_gf180mcuD, NULL};

const struct pdk *pdk_find(const char *name)
{
    for (const struct pdk *const *pdk = pdk_all; *pdk; pdk++)
        if (!strcmp((*pdk)->name, name))
            return *pdk;
    return NULL;
}

const struct pdk_corner *pdk_corner_find(const struct pdk_device *device, const char *name)
{
    for (const struct pdk_corner *corner = device->corners; corner->name; corner++)
        if (!strcmp(corner->name, name))
            return corner;
    return NULL;
}

const char *pdk_root(struct arena *arena, const char *process)
{
    const struct pdk *pdk = pdk_find(process);
    if (pdk && pdk->built_in) {
        const char *data = pdk_data_folder(arena);
        const char *models = data ? fs_join(arena, data, "pdk/models") : NULL;
        return models && fs_is_folder(fs_join(arena, models, process)) ? models : NULL;
    }
    const char *home = getenv("HOME");
    const char *places[] = {getenv("PDK_ROOT"), home ? fs_join(arena, home, ".ciel") : NULL,
                            home ? fs_join(arena, home, ".volare") : NULL, "/usr/local/share/pdk",
                            "/usr/share/pdk"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i] && fs_is_folder(fs_join(arena, places[i], process)))
            return places[i];
    return NULL;
}

static const char *beside_binary(struct arena *arena)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    if (length <= 0 || length == (ssize_t)sizeof path)
        return NULL;
    char *binary = arena_strndup(arena, path, (size_t)length);
    char *prefix = fs_folder_of(arena, fs_folder_of(arena, binary));
    return fs_join(arena, prefix, "share/oscc");
}

const char *pdk_data_folder(struct arena *arena)
{
    const char *places[] = {getenv("OSCC_DATA"), beside_binary(arena), OSCC_INSTALL_DATA,
                            OSCC_SOURCE_DATA};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i] && fs_is_folder(fs_join(arena, places[i], "pdk/cells")))
            return places[i];
    return NULL;
}
