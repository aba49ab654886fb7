/* SPDX-License-Identifier: Apache-2.0
 *
 * The verdict of a verification, said to the user and as an exit status.
 */
#ifndef OSCC_CLI_VERDICT_H
#define OSCC_CLI_VERDICT_H

#include "compiler/cli/cli.h"
#include "compiler/report/report.h"

/* CLI_GOOD, CLI_SPEC where a limit was missed, CLI_TOOL where a run failed. */
int cli_verdict(struct cli *cli, const struct report *report, enum model_level level,
                const char *corner);

/* The same of a co-simulation. */
int cli_cosim_verdict(struct cli *cli, const struct report *report, enum model_level level,
                      const char *corner);

#endif
