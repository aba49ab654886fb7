/* SPDX-License-Identifier: Apache-2.0
 *
 * report/: what verification found, in numbers and to look at. Built from the stored results alone,
 * so that `oscc report` can make it again.
 */
#ifndef OSCC_REPORT_REPORT_H
#define OSCC_REPORT_REPORT_H

#include <jansson.h>

#include "spice/compare.h"
#include "spice/compare_fixed.h"
#include "spice/cosim.h"
#include "spice/inventory.h"

#include <jansson.h>

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

/* One co-simulation and what it means. The comparison's images, classes and wall time are those of
 * the pixels that came out of the pins, where the chip has a decoder. */
struct report_cosim {
    const struct cosim *cosim;
    struct comparison comparison;
    size_t pixels_equal; /* samples whose every pixel is what the control's arithmetic gives */
    double code_rms_bins, code_worst_bins, start_rms_bins, start_worst_bins;
    double phase_rms_drawn_rad; /* against the exact solution from the phases drawn */
    bool meets;
    const char *failures; /* a line for each thing that is not as it has to be */
};

/* Figures of the compilation, which no stored result holds. */
struct report_compile {
    double wall_s, peak_rss_mb;
};

struct report {
    const char *folder; /* the chip's */
    const struct model *model;
    const char *process;
    bool has_device;                       /* spice/ holds transistors */
    const struct control_decoder *decoder; /* of the chip; NULL where nothing was verified */
    const struct inventory *inventory;     /* of them; NULL where there are none to count */
    double carrier_mhz, run_us;
    json_t *control; /* figures of `oscc synth`; NULL: it was not run. Released by report_build */
    struct report_entry *entries; /* by level */
    size_t count;
    struct report_cosim *cosims; /* by level */
    size_t cosim_count;
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

/* The same of co-simulations. */
const struct report_cosim *report_find_cosim(const struct report *report, enum model_level level,
                                             const char *corner);
const char *report_cosim_verdict(const struct report_cosim *cosim);

/* The image of a sample as its pixels came out of the pins, 0..1; NULL where none did. */
const double *report_pins_image(struct arena *arena, const struct model *model,
                                const struct cosim *cosim, size_t sample);

/* The parts, each to its file or text. names: the folders below verify/. */
void report_read_cosims(struct arena *arena, struct report *report, char *const *names,
                        size_t count, struct diags *diags);
void report_add_cosim_metrics(struct arena *arena, const struct report *report, json_t *root);
void report_add_cosims(const struct report *report, bool html, struct str *out);
int report_write_metrics(struct arena *arena, const struct report *report,
                         const struct report_compile *compile, const char *path);
int report_write_picture(struct arena *arena, const struct report *report, const char *path);
void report_count_devices(struct arena *arena, struct report *report, struct diags *diags);
void report_add_devices(const struct report *report, bool html, struct str *out);
void report_read_control(struct arena *arena, struct report *report);
void report_add_control(const struct report *report, struct str *out);

/* A figure of `oscc synth`; analog, control, decoder and memories of a sample, nJ. NAN where it is
 * not known. */
double report_control_figure(const struct report *report, const char *name);
double report_total_nj(const struct report *report);
void report_add_summary(const struct report *report, struct str *out);
void report_add_html(const struct report *report, struct str *out);
void report_add_escaped(struct str *out, const char *text); /* for HTML and XML */
void report_add_csv(const struct report *report, struct str *out);
void report_add_junit(const struct report *report, struct str *out);

#endif
