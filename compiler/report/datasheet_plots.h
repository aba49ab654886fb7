/* SPDX-License-Identifier: Apache-2.0
 *
 * The plots of a datasheet: waveform.png coupling.png gain.png lag.png coupler.png trim.png.
 */
#ifndef OSCC_REPORT_DATASHEET_PLOTS_H
#define OSCC_REPORT_DATASHEET_PLOTS_H

#include <jansson.h>

#include "compiler/base/arena.h"

/* 0 or a negative errno. A part that was not measured has no plot. */
int datasheet_plots(struct arena *arena, const json_t *measured, const char *folder);

#endif
