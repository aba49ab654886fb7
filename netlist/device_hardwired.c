/* SPDX-License-Identifier: Apache-2.0 */
#include "netlist/device_hardwired.h"

#include <stdlib.h>

#include "compiler/map/hardwired.h"

static const char *const line_names[DEVICE_LINES_EACH] = {"xp", "xn", "yp", "yn"};

void device_add_resistor(struct device_builder *b, const char *name, const char *from,
                         const char *to, double siemens)
{
    const struct pdk_device *device = b->chip->pdk->device;
    const char *nodes[] = {from, to, "vss"};
    double length_um = 1 / (siemens * device->resistor_ohm_per_um);
    net_add(
        b->arena, b->array, name, device->resistor, 3, nodes,
        arena_printf(b->arena, "%s%.6g%s", device->resistor_size, length_um, device->size_unit));
}

/* A coupling of oscillator j on oscillator i. */
static void add_coupling(struct device_builder *b, int i, int j, int code, double unit_s)
{
    const char **bus = b->bus + DEVICE_LINES_EACH * i, **row = b->row + DEVICE_LINES_EACH * j;
    for (size_t l = 0; l < DEVICE_LINES_EACH && code; l++)
        device_add_resistor(b, arena_printf(b->arena, "k%d_%d%s", i, j, line_names[l]), bus[l],
                            row[code < 0 ? l ^ 1 : l], abs(code) * unit_s);
}

void device_add_hardwired(struct device_builder *b)
{
    const struct chip *chip = b->chip;
    int n = chip->n, m = chip->m;
    for (int i = 0; i < n; i++) {
        for (size_t s = chip->sites->first[i]; s < chip->sites->first[i + 1]; s++)
            add_coupling(b, i, chip->sites->source[s], chip->weight_code[s], chip->device.weight_s);
        for (int k = 0; k < m && map_has_hardwired_drives(chip); k++)
            add_coupling(b, i, n + k, chip->drive_code[(size_t)i * (size_t)m + (size_t)k],
                         chip->device.drive_s);
    }
    const int16_t *code = chip->cond_code;
    for (int k = 0; k < m; k++)
        for (int l = 0; l < m; l++)
            if (l != k)
                add_coupling(b, n + k, n + l, *code++,
                             chip->device.cond_s * chip->device.scale[n + k]);
}
