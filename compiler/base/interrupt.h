/* SPDX-License-Identifier: Apache-2.0
 *
 * Ctrl-C and kill: a long loop asks interrupt_requested() now and then and unwinds as it does
 * after an error, so that nothing half-made is left; oscc then exits with 4.
 */
#ifndef OSCC_BASE_INTERRUPT_H
#define OSCC_BASE_INTERRUPT_H

#include <stdbool.h>

void interrupt_install(void); /* handles SIGINT, SIGTERM and SIGHUP; ignores SIGPIPE */
bool interrupt_requested(void);

#endif
