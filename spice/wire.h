/* SPDX-License-Identifier: Apache-2.0
 *
 * What a worker leaves for the process that started it: a header in a memory file that both hold
 * open, then points times, then points x vectors values. `complete` is written last, so a worker
 * that dies on the way leaves no result rather than half of one.
 */
#ifndef OSCC_SPICE_WIRE_H
#define OSCC_SPICE_WIRE_H

#include <stdint.h>

#define SPICE_LOG_NAME "log.txt"

enum { WIRE_REASON = 256 };

/* Any value that a file of zeros does not hold. */
#define WIRE_COMPLETE UINT64_C(0x6f7363632d727531)

struct wire_header {
    uint64_t complete; /* WIRE_COMPLETE */
    uint64_t verdict;  /* enum spice_verdict, as the worker sees it */
    uint64_t points, vectors;
    double network_error;     /* crossbar_error(), 0 without a network */
    char reason[WIRE_REASON]; /* empty when good */
};

/* A linear network for the worker (spice/network.h): this header; then nodes + 1 numbers of 64
 * bits, where each row begins; nodes voltages at time 0; entries conductances, S; entries column
 * numbers of 32 bits; the nodes' names, each ended by NUL. */
#define WIRE_NETWORK UINT64_C(0x6f7363632d6e7431)

struct wire_network {
    uint64_t magic, nodes, entries, name_bytes;
    double carrier_hz;    /* whose component of the currents counts for the error; 0: their mean */
    uint64_t record_from; /* the first node whose currents are recorded; 0: none */
};

#endif
