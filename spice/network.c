/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/network.h"

#include <string.h>

#include "compiler/base/fs.h"
#include "spice/wire.h"

/* Entries of one row, sorted by column and summed; rows are short, and nearly sorted as they come.
 */
static size_t merge_row(uint32_t *other, double *siemens, size_t count)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t column = other[i];
        double value = siemens[i];
        size_t at = used;
        while (at > 0 && other[at - 1] > column)
            at--;
        if (at > 0 && other[at - 1] == column) {
            siemens[at - 1] += value;
            continue;
        }
        memmove(other + at + 1, other + at, (used - at) * sizeof *other);
        memmove(siemens + at + 1, siemens + at, (used - at) * sizeof *siemens);
        other[at] = column;
        siemens[at] = value;
        used++;
    }
    return used;
}

struct network *network_make(struct arena *arena, size_t nodes, size_t entries,
                             const struct network_entry *entry)
{
    struct network *net = ARENA_NEW(arena, struct network);
    size_t *start = ARENA_ARRAY(arena, size_t, nodes + 1), *end;
    net->count = nodes;
    for (size_t e = 0; e < entries; e++) {
        start[entry[e].from + 1]++;
        start[entry[e].to + 1]++;
    }
    for (size_t k = 0; k < nodes; k++)
        start[k + 1] += start[k];
    end = ARENA_ARRAY(arena, size_t, nodes);
    memcpy(end, start, nodes * sizeof *end);
    net->other = ARENA_ARRAY(arena, uint32_t, 2 * entries);
    net->siemens = ARENA_ARRAY(arena, double, 2 * entries);
    for (size_t e = 0; e < entries; e++) {
        const uint32_t ends[2] = {entry[e].from, entry[e].to};
        for (int side = 0; side < 2; side++) {
            size_t at = end[ends[side]]++;
            net->other[at] = ends[!side];
            net->siemens[at] = entry[e].siemens;
        }
    }
    net->first = ARENA_ARRAY(arena, size_t, nodes + 1);
    net->total = ARENA_ARRAY(arena, double, nodes);
    for (size_t k = 0, used = 0; k < nodes; k++) {
        size_t count =
            merge_row(net->other + start[k], net->siemens + start[k], start[k + 1] - start[k]);
        memmove(net->other + used, net->other + start[k], count * sizeof *net->other);
        memmove(net->siemens + used, net->siemens + start[k], count * sizeof *net->siemens);
        for (size_t e = used; e < used + count; e++)
            net->total[k] += net->siemens[e];
        used += count;
        net->first[k + 1] = used;
    }
    return net;
}

void network_add_conductance(const struct network *network, size_t k, const char *name,
                             struct str *out)
{
    if (!(network->total[k] > 0))
        return;
    str_addf(out, "rnet%zu %s 0 ", k, name);
    str_add_number(out, 1 / network->total[k]);
    str_add(out, "\n");
}

void network_add_deck(const struct network *network, const char *const *names, struct str *out)
{
    for (size_t k = 0; k < network->count; k++) {
        network_add_conductance(network, k, names[k], out);
        str_addf(out, "inet%zu 0 %s external\n", k, names[k]);
    }
}

void network_add_resistors(const struct network *network, const char *const *names, struct str *out)
{
    for (size_t k = 0; k < network->count; k++) {
        for (size_t e = network->first[k]; e < network->first[k + 1]; e++) {
            if (network->other[e] <= k)
                continue;
            str_addf(out, "rnet%zu_%u %s %s ", k, network->other[e], names[k],
                     names[network->other[e]]);
            str_add_number(out, 1 / network->siemens[e]);
            str_add(out, "\n");
        }
    }
}

int network_write(const struct network *network, const char *const *names, const double *initial_v,
                  double carrier_hz, size_t record_from, const char *path)
{
    struct str file = {0};
    struct wire_network header = {WIRE_NETWORK, network->count, network->first[network->count], 0,
                                  carrier_hz,   record_from};
    for (size_t k = 0; k < network->count; k++)
        header.name_bytes += strlen(names[k]) + 1;
    str_add_bytes(&file, &header, sizeof header);
    for (size_t k = 0; k <= network->count; k++) {
        uint64_t first = network->first[k];
        str_add_bytes(&file, &first, sizeof first);
    }
    str_add_bytes(&file, initial_v, network->count * sizeof *initial_v);
    str_add_bytes(&file, network->siemens, header.entries * sizeof *network->siemens);
    str_add_bytes(&file, network->other, header.entries * sizeof *network->other);
    for (size_t k = 0; k < network->count; k++)
        str_add_bytes(&file, names[k], strlen(names[k]) + 1);
    int error = fs_write(path, file.text, file.length);
    str_free(&file);
    return error;
}
