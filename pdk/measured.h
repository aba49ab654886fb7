/* SPDX-License-Identifier: Apache-2.0
 *
 * What `oscc characterize` measured of a process's cells at a corner, as the compiler uses it:
 * pdk/<process>/measured/<corner>.json below pdk_data_folder(). Nothing has to be installed for it.
 */
#ifndef OSCC_PDK_MEASURED_H
#define OSCC_PDK_MEASURED_H

#include "compiler/base/diag.h"
#include "pdk/pdk.h"

/* How a cell behaves under one load. */
struct pdk_behaviour {
    double frequency_hz;
    double gain;    /* coupling that a conductance gives, measured / ideal */
    double lag_rad; /* of the pull; positive where it comes late */
};

struct pdk_measured_point {
    double bus_load_s, bus_delay_s, row_load_s;
    struct pdk_behaviour is;
};

struct pdk_measured {
    const char *corner, *key;
    size_t count;
    const struct pdk_measured_point *points;
    double frequency_per_capacitance; /* relative change of frequency per relative change of C */
    size_t trim_count;
    const double *trim_code, *trim_relative; /* frequency by code, relative to that of code 0 */
};

/* NULL where the process has no data for the corner, and with faults in diags where it is damaged.
 */
const struct pdk_measured *pdk_measured_load(struct arena *arena, const struct pdk *pdk,
                                             const char *corner, struct diags *diags);

/* Between the points measured, by the polynomial through them (quadratic in load and in delay,
 * linear in the row's load), beyond them by the same. Conductances in S, the bus's delay in s. */
struct pdk_behaviour pdk_measured_at(const struct pdk_measured *m, double bus_load_s,
                                     double bus_delay_s, double row_load_s);

/* The delay of the bus at which the lag is zero, s. */
double pdk_measured_delay(const struct pdk_measured *m, double bus_load_s, double row_load_s);

/* A curve given at `count` ascending places, by straight lines between them and beyond its ends. */
double pdk_curve(size_t count, const double *at, const double *value, double where);

/* The trim code whose change of frequency is nearest to a wanted one. */
int pdk_measured_trim(const struct pdk_measured *m, double relative);

/* The largest load of a bus that was measured, S. */
double pdk_measured_most(const struct pdk_measured *m);

#endif
