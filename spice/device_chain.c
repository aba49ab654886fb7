/* SPDX-License-Identifier: Apache-2.0 */
#include "spice/device_chain.h"

const char *device_follow_chain(struct arena *arena, const struct device_link *links, size_t count,
                                size_t nodes, uint32_t in, uint32_t out, size_t length,
                                size_t *order)
{
    uint32_t *next = ARENA_ARRAY(arena, uint32_t, nodes); /* link that begins at a node, plus one */
    bool *driven = ARENA_ARRAY(arena, bool, nodes);
    for (size_t k = 0; k < count; k++) {
        if (next[links[k].in] || driven[links[k].out])
            return "two links of a chain begin or end at the same node";
        next[links[k].in] = (uint32_t)(k + 1);
        driven[links[k].out] = true;
    }
    size_t done = 0;
    uint32_t at = in;
    for (; done < length && next[at]; done++) {
        order[done] = next[at] - 1;
        const struct device_link *link = &links[order[done]], *first = &links[order[0]];
        if (link->ck != first->ck || link->ckb != first->ckb)
            return "a link of a chain has another clock";
        at = links[order[done]].out;
    }
    if (done < length)
        return "a chain ends before its last link";
    if (length && (at != out || next[at]))
        return "a chain does not end where its words do";
    return NULL;
}
