/* SPDX-License-Identifier: Apache-2.0
 *
 * What the chip is made of: counted in its own netlist, shown as a table.
 */
#include <string.h>

#include "compiler/base/fs.h"
#include "compiler/report/report.h"
#include "pdk/pdk.h"

void report_count_devices(struct arena *arena, struct report *report, struct diags *diags)
{
    const struct pdk *pdk = pdk_find(report->process);
    const char *path = fs_join(arena, report->folder, "spice/top.spice"), *unread, *fault = NULL;
    if (!report->has_device || !pdk || !pdk->device)
        return;
    int error;
    struct inventory *inventory = ARENA_NEW(arena, struct inventory);
    const struct circuit *circuit = circuit_read(arena, path, &error, &unread);
    if (!error)
        error = inventory_count(arena, circuit, pdk->device->gate_um, inventory, &fault);
    if (!error) {
        report->inventory = inventory;
        return;
    }
    diag_warning(diags, DIAG_CHIP_DAMAGED, SPAN_NONE,
                 "the transistors of '%s' were not counted: %s%s%s", path, unread ? unread : "",
                 unread ? ": " : "", fault ? fault : strerror(-error));
    diag_help(diags, "compile the model again");
}

/* One row of cells, each with what stands around it. */
static void add_row(const char *const edge[3], const char *name, const uint64_t *count, double um2,
                    struct str *out)
{
    str_addf(out, "%s%s", edge[0], name);
    for (size_t k = 0; k < INVENTORY_KINDS; k++)
        str_addf(out, "%s%llu", edge[1], (unsigned long long)count[k]);
    str_addf(out, "%s%.4g%s", edge[1], um2 / 1e6, edge[2]);
}

void report_add_devices(const struct report *report, bool html, struct str *out)
{
    static const char *const markdown[3] = {"| ", " | ", " |\n"};
    static const char *const table[3] = {"<tr><td>", "</td><td>", "</td></tr>\n"};
    const char *const *edge = html ? table : markdown;
    const struct inventory *inventory = report->inventory;
    if (!inventory)
        return;
    str_add(out, html ? "<h2>Devices</h2>\n<table><tr><th>block</th><th>transistors</th>"
                        "<th>resistors</th><th>capacitors</th><th>area, mm2 (estimate)</th></tr>\n"
                      : "\n## Devices\n\n| block | transistors | resistors | capacitors | "
                        "area, mm2 (estimate) |\n|---|---|---|---|---|\n");
    uint64_t all[INVENTORY_KINDS] = {0};
    for (enum inventory_block b = 0; b < INVENTORY_BLOCKS; b++) {
        uint64_t any = 0;
        double um2 = 0;
        for (size_t k = 0; k < INVENTORY_KINDS; k++) {
            any += inventory->count[b][k];
            all[k] += inventory->count[b][k];
            um2 += inventory->area_um2[b][k];
        }
        if (any)
            add_row(edge, inventory_block_name(b), inventory->count[b], um2, out);
    }
    add_row(edge, "whole array", all, inventory_area_um2(inventory), out);
    str_add(out, html ? "</table>\n<p>" : "\n");
    str_add(out, "Counted in spice/top.spice; a device of m in parallel counts m times. The area "
                 "is an estimate from the devices' sizes and design rules, not of a layout.");
    str_add(out, html ? "</p>\n" : "\n");
}
