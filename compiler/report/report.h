/* SPDX-License-Identifier: Apache-2.0
 *
 * report/: what verification found, in numbers and to look at. Built from the stored results alone,
 * so that `oscc report` can make it again.
 */
#ifndef OSCC_REPORT_REPORT_H
#define OSCC_REPORT_REPORT_H

#include "spice/compare.h"
#include "spice/compare_fixed.h"
#include "spice/inventory.h"

/* One campaign and what it means. */
struct report_entry {
    const struct campaign *campaign;
    struct comparison comparison;
    struct fixed_comparison fixed;
    bool meets;           /* all runs good and within the limits */
    const char *failures; /* a line for each limit that was missed */
    /* of the level device, where the compiler knew: what the chip's settings leave at the corner */
    bool with_left;
    double lag_left_rad, trim_left_rad;
};

/* Figures of the compilation, which no stored result holds. */
struct report_compile {
    double wall_s, peak_rss_mb;
};

struct report {
    const char *folder; /* the chip's */
    const struct model *model;
    const char *process;
    bool has_device;                   /* spice/ holds transistors */
    const struct inventory *inventory; /* of them; NULL where there are none to count */
    double carrier_mhz, run_us;
    struct report_entry *entries; /* by level */
    size_t count;
};

/* Reads the stored campaigns of a chip and writes report/. compile: NULL keeps what metrics.json
 * has. NULL with faults in diags. */
struct report *report_build(struct arena *arena, const char *folder, const struct model *model,
                            const struct report_compile *compile, struct diags *diags);

/* The entry of a level and corner, or NULL. */
const struct report_entry *report_find(const struct report *report, enum model_level level,
                                       const char *corner);

/* "met", "not met", or "failed" where runs did not run to their end. */
const char *report_verdict(const struct report_entry *entry);

/* The parts, each to its file or text. */
int report_write_metrics(struct arena *arena, const struct report *report,
                         const struct report_compile *compile, const char *path);
int report_write_picture(struct arena *arena, const struct report *report, const char *path);
void report_count_devices(struct arena *arena, struct report *report, struct diags *diags);
void report_add_devices(const struct report *report, bool html, struct str *out);
void report_add_summary(const struct report *report, struct str *out);
void report_add_html(const struct report *report, struct str *out);
void report_add_csv(const struct report *report, struct str *out);
void report_add_junit(const struct report *report, struct str *out);

#endif
